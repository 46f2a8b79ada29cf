//! What waits for one socket. Bounded: when it is full it is emptied, and its socket is told that it is behind.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use model::{Seq, SessionId, Stream, UserId, limits};
use protocol::Close;
use tokio::sync::Notify;

/// An encoded event or signal. `F` is the frame in the form that the door writes; cloning it shares the bytes.
#[derive(Clone, Debug)]
pub struct Queued<F> {
    /// The event's place; a signal has none.
    pub place: Option<(Stream, Seq)>,
    /// The frame.
    pub frame: F,
    pub(crate) bytes: usize,
}

/// One socket's queue, shared between the hub, which fills it, and the socket, which empties it.
#[derive(Debug)]
pub(crate) struct Outbox<F> {
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    /// Whether its person gave and got receipts when it was opened.
    receipts_at_first: bool,
    /// Whether they do now, and the place in their stream that says so: twice the place, and one more if they do. News of it
    /// may come out of order.
    receipts: AtomicU64,
    state: Mutex<State<F>>,
    filled: Notify,
}

#[derive(Debug)]
struct State<F> {
    queue: VecDeque<Queued<F>>,
    bytes: usize,
    behind: bool,
    ended: Option<Close>,
}

/// What the socket takes out.
#[derive(Debug)]
pub(crate) enum Taken<F> {
    Ended(Close),
    Behind,
    Frames(Vec<Queued<F>>),
}

impl<F: Clone> Outbox<F> {
    pub(crate) fn new(user: UserId, session: SessionId, receipts: bool) -> Self {
        let state = State { queue: VecDeque::new(), bytes: 0, behind: false, ended: None };
        let (receipts_at_first, receipts) = (receipts, AtomicU64::new(u64::from(receipts)));
        Self { user, session, receipts_at_first, receipts, state: Mutex::new(state), filled: Notify::new() }
    }

    pub(crate) fn gets_receipts(&self) -> bool {
        self.receipts.load(Ordering::Relaxed) % 2 == 1
    }

    /// The setting at this place of the person's stream. An older one changes nothing.
    pub(crate) fn set_receipts(&self, on: bool, seq: Seq) {
        self.receipts.fetch_max(2 * seq.number() + u64::from(on), Ordering::Relaxed);
    }

    /// The state at this place of the person's stream was the one at first: what came of earlier places is old.
    pub(crate) fn settle_receipts(&self, head: Seq) {
        if self.receipts.load(Ordering::Relaxed) / 2 <= head.number() {
            self.receipts.store(2 * head.number() + u64::from(self.receipts_at_first), Ordering::Relaxed);
        }
    }

    /// Puts a signal in, if there is plenty of room: what is kept goes before what is not.
    pub(crate) fn push_signal(&self, queued: &Queued<F>) {
        let mut state = self.lock();
        let plenty = state.queue.len() < limits::OUTBOX_EVENTS_MAX / 2
            && state.bytes + queued.bytes < limits::OUTBOX_BYTES_MAX / 2;
        if plenty && !state.behind && state.ended.is_none() {
            state.put(queued);
            drop(state);
            self.filled.notify_one();
        }
    }

    /// Something for this socket was lost on the way: everything that waits goes, and the socket will be told.
    pub(crate) fn fall_behind(&self) {
        self.lock().fall_behind();
        self.filled.notify_one();
    }

    /// Puts a frame in. When it does not fit, everything goes, and the socket will be told.
    pub(crate) fn push(&self, queued: &Queued<F>) {
        let mut state = self.lock();
        // Whoever is behind will read the log anyway; until then nothing needs to wait here.
        if state.behind || state.ended.is_some() {
            return;
        }
        if state.queue.len() == limits::OUTBOX_EVENTS_MAX || state.bytes + queued.bytes > limits::OUTBOX_BYTES_MAX {
            state.fall_behind();
        } else {
            state.put(queued);
        }
        drop(state);
        self.filled.notify_one();
    }

    pub(crate) fn end(&self, close: Close) {
        self.lock().ended.get_or_insert(close);
        self.filled.notify_one();
    }

    /// Waits until there is something, and takes all of it. Safe to cancel.
    pub(crate) async fn take(&self) -> Taken<F> {
        loop {
            if let Some(taken) = self.try_take() {
                return taken;
            }
            self.filled.notified().await;
        }
    }

    fn try_take(&self) -> Option<Taken<F>> {
        let mut state = self.lock();
        if let Some(close) = state.ended {
            return Some(Taken::Ended(close));
        }
        if std::mem::take(&mut state.behind) {
            return Some(Taken::Behind);
        }
        state.bytes = 0;
        let frames: Vec<_> = std::mem::take(&mut state.queue).into();
        (!frames.is_empty()).then_some(Taken::Frames(frames))
    }

    fn lock(&self) -> MutexGuard<'_, State<F>> {
        // A panic elsewhere leaves a queue that is at worst short of a frame, which is what queues here may be.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F> State<F> {
    fn put(&mut self, queued: &Queued<F>)
    where
        F: Clone,
    {
        self.bytes += queued.bytes;
        self.queue.push_back(queued.clone());
    }

    fn fall_behind(&mut self) {
        self.behind = true;
        self.bytes = 0;
        self.queue = VecDeque::new();
    }
}
