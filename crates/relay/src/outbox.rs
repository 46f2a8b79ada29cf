//! What waits for one socket. Bounded: when it is full it is emptied, and its socket is told that it is behind.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{Seq, SessionId, Sight, Stream, UserId, limits};
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
    sight: Mutex<Sighted>,
    state: Mutex<State<F>>,
    filled: Notify,
}

/// What its person sees of others' receipts, and the places in their stream that say so: news of it may come out of order.
#[derive(Debug)]
struct Sighted {
    /// As it was when the socket was opened.
    at_first: Sight,
    /// The place at which that is known to have held.
    settled: Seq,
    /// Whether they give and get receipts, as was heard since.
    receipts: Option<(Seq, bool)>,
    /// Whether they block somebody, as was heard since.
    blocked: BTreeMap<UserId, (Seq, bool)>,
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
    pub(crate) fn new(user: UserId, session: SessionId, sight: Sight) -> Self {
        let state = State { queue: VecDeque::new(), bytes: 0, behind: false, ended: None };
        let sight = Sighted { at_first: sight, settled: Seq::ZERO, receipts: None, blocked: BTreeMap::new() };
        Self { user, session, sight: Mutex::new(sight), state: Mutex::new(state), filled: Notify::new() }
    }

    /// Whether its person is to see somebody's receipts.
    pub(crate) fn sees(&self, member: UserId) -> bool {
        let sight = self.sight();
        sight.receipts.map_or(sight.at_first.receipts, |(_, on)| on) && !sight.blocks(member)
    }

    /// Whether its person blocks somebody.
    pub(crate) fn blocks(&self, user: UserId) -> bool {
        self.sight().blocks(user)
    }

    /// The setting at this place of the person's stream. An older one changes nothing.
    pub(crate) fn set_receipts(&self, on: bool, seq: Seq) {
        let mut sight = self.sight();
        if seq > sight.settled && sight.receipts.is_none_or(|(known, _)| seq > known) {
            sight.receipts = Some((seq, on));
        }
    }

    /// Whether somebody is blocked from this place of the person's stream on. An older word changes nothing.
    pub(crate) fn set_blocked(&self, user: UserId, on: bool, seq: Seq) {
        let mut sight = self.sight();
        if seq > sight.settled && sight.blocked.get(&user).is_none_or(|(known, _)| seq > *known) {
            sight.blocked.insert(user, (seq, on));
        }
    }

    /// The state at this place of the person's stream was the one at first: what came of earlier places is old.
    pub(crate) fn settle_sight(&self, head: Seq) {
        let mut sight = self.sight();
        sight.settled = sight.settled.max(head);
        sight.receipts.take_if(|(seq, _)| *seq <= head);
        sight.blocked.retain(|_, (seq, _)| *seq > head);
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

    fn sight(&self) -> MutexGuard<'_, Sighted> {
        self.sight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State<F>> {
        // A panic elsewhere leaves a queue that is at worst short of a frame, which is what queues here may be.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sighted {
    fn blocks(&self, user: UserId) -> bool {
        self.blocked.get(&user).map_or_else(|| self.at_first.blocked.contains(&user), |(_, on)| *on)
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
