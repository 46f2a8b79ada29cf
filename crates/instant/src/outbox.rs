//! What waits for one member. Bounded: whoever has something to say waits until it fits.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    vec,
};

use model::limits::INSTANT_WAITING_BYTES_MAX;
use protocol::instant::{Note, Sender};
use tokio::sync::Notify;

use crate::Words;

/// What a frame costs besides its words, in bytes: a flood of empty ones fills a queue too.
const FRAME_COST_BYTES: usize = 64;

/// Something for a member.
#[derive(Debug)]
pub enum Saying {
    /// What another member said.
    Words(Arc<Words>),
    /// What the server itself says.
    Note(Note),
}

/// One member's queue, shared between the room, which fills it, and the member's socket, which empties it.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    filled: Notify,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Queued>,
    /// Of what waits and of what is being written.
    bytes: usize,
    /// The member has left; nothing fits, and nobody needs to wait.
    gone: bool,
    /// Kept beside the queue: told once, however often it happened.
    somebody_joined: bool,
    count_changed: bool,
}

#[derive(Debug)]
enum Queued {
    Words(Arc<Words>),
    /// At most one for each member whose words were put in before, so these need no bound of their own.
    Left(Sender),
}

impl Outbox {
    /// Whether so many bytes of words can be put in, or need not be.
    pub(crate) fn fits(&self, bytes: usize) -> bool {
        let state = self.lock();
        state.gone || state.bytes == 0 || state.bytes + bytes + FRAME_COST_BYTES <= INSTANT_WAITING_BYTES_MAX
    }

    /// Waits until so many bytes fit.
    pub(crate) async fn wait_to_fit(&self, bytes: usize) {
        // Asked for before the look, so that what happens in between is not missed.
        let emptied = self.emptied.notified();
        if !self.fits(bytes) {
            emptied.await;
        }
    }

    /// Puts words in. Only after [`fits`](Self::fits), under the room's lock.
    pub(crate) fn put(&self, words: &Arc<Words>) {
        self.change(|state| {
            state.bytes += cost(words);
            state.queue.push_back(Queued::Words(Arc::clone(words)));
        });
    }

    pub(crate) fn tell_joined(&self) {
        self.change(|state| state.somebody_joined = true);
    }

    pub(crate) fn tell_left(&self, sender: Sender) {
        self.change(|state| state.queue.push_back(Queued::Left(sender)));
    }

    pub(crate) fn tell_count(&self) {
        self.change(|state| state.count_changed = true);
    }

    /// The member leaves: whoever waits for this outbox waits no more.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.gone = true;
        state.queue = VecDeque::new();
        drop(state);
        self.emptied.notify_waiters();
    }

    /// Waits until there is something, and takes all of it. Safe to cancel.
    pub(crate) async fn take(&self) -> Taken {
        loop {
            if let Some(taken) = self.try_take() {
                return taken;
            }
            self.filled.notified().await;
        }
    }

    fn try_take(&self) -> Option<Taken> {
        let mut state = self.lock();
        let taken = Taken {
            somebody_joined: std::mem::take(&mut state.somebody_joined),
            count_changed: std::mem::take(&mut state.count_changed),
            // Not drained: a queue that was once long does not stay large.
            queue: std::mem::take(&mut state.queue),
        };
        let empty = taken.queue.is_empty() && !taken.somebody_joined && !taken.count_changed;
        (!empty).then_some(taken)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        if state.gone {
            return;
        }
        change(&mut state);
        drop(state);
        self.filled.notify_one();
    }

    fn release(&self, bytes: usize) {
        self.lock().bytes -= bytes;
        self.emptied.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cost(words: &Words) -> usize {
    words.as_ref().len() + FRAME_COST_BYTES
}

/// What was taken out of an outbox.
pub(crate) struct Taken {
    queue: VecDeque<Queued>,
    somebody_joined: bool,
    pub(crate) count_changed: bool,
}

/// What is to be written now, in order. Until it is dropped, it takes up the member's bound: keep it until it is written.
#[derive(Debug)]
pub struct Batch {
    outbox: Arc<Outbox>,
    bytes: usize,
    sayings: vec::IntoIter<Saying>,
}

impl Batch {
    /// `count`: how many members there are, if that is to be told.
    pub(crate) fn new(outbox: &Arc<Outbox>, taken: Taken, count: Option<usize>) -> Self {
        let joined = taken.somebody_joined.then_some(Saying::Note(Note::Joined {}));
        let mut bytes = 0;
        let queue = taken.queue.into_iter().map(|queued| match queued {
            Queued::Words(words) => {
                bytes += cost(&words);
                Saying::Words(words)
            }
            Queued::Left(sender) => Saying::Note(Note::Left { sender }),
        });
        let count = count.map(|count| Saying::Note(Note::Members { count }));
        let sayings: Vec<_> = joined.into_iter().chain(queue).chain(count).collect();
        Self { outbox: Arc::clone(outbox), bytes, sayings: sayings.into_iter() }
    }
}

impl Iterator for Batch {
    type Item = Saying;

    fn next(&mut self) -> Option<Saying> {
        self.sayings.next()
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.outbox.release(self.bytes);
        }
    }
}
