//! Who listens to what, on this node.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{Change, Event, Seq, SessionId, Stream, UserId, limits};
use protocol::{Close, FromServer, encode};

use crate::{
    Socket,
    outbox::{Outbox, Queued},
};

/// The audiences of all streams that somebody here listens to.
#[derive(Debug)]
pub struct Hub<F> {
    state: Mutex<State<F>>,
}

#[derive(Debug)]
struct State<F> {
    audiences: HashMap<Stream, Audience<F>>,
    sockets: HashMap<UserId, usize>,
}

#[derive(Debug)]
struct Audience<F> {
    head: Seq,
    listeners: Vec<Listener<F>>,
}

#[derive(Debug)]
struct Listener<F> {
    outbox: Arc<Outbox<F>>,
    /// The head at which membership was last seen true; `None` while the log is still being read.
    since: Option<Seq>,
    /// The person left at this place while the log was being read.
    left: Option<Seq>,
}

/// The person has [`limits::SOCKETS_PER_USER_MAX`] sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManySockets;

impl<F: Clone + From<String>> Hub<F> {
    /// A hub that nobody listens to.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { state: Mutex::new(State { audiences: HashMap::new(), sockets: HashMap::new() }) })
    }

    /// Opens a socket for a session, listening to its person's own stream. What happened there before is not told: read the
    /// state after this call, and nothing falls between.
    pub fn connect(self: &Arc<Self>, user: UserId, session: SessionId) -> Result<Socket<F>, TooManySockets> {
        let mut state = self.lock();
        let count = state.sockets.entry(user).or_default();
        if *count >= limits::SOCKETS_PER_USER_MAX {
            return Err(TooManySockets);
        }
        *count += 1;
        let outbox = Arc::new(Outbox::new(user, session));
        state.add(Stream::User(user), &outbox);
        drop(state);
        Ok(Socket::new(Arc::clone(self), outbox))
    }

    /// Passes committed events on. Each is encoded once, and only if somebody listens. Never waits.
    pub fn publish(&self, events: Vec<Event>) {
        for event in events {
            // Encoding is done outside the lock; who comes in between reads the log.
            if self.lock().audiences.contains_key(&event.stream) {
                self.pass_on(event);
            }
        }
    }

    fn pass_on(&self, event: Event) {
        let (stream, seq, change) = (event.stream, event.seq, event.change.clone());
        let text = encode(&FromServer::Event(event));
        let queued = Queued { stream, seq, bytes: text.len(), frame: F::from(text) };
        let mut state = self.lock();
        let Some(audience) = state.audiences.get_mut(&stream) else { return };
        audience.head = audience.head.max(seq);
        for listener in audience.listeners.iter().filter(|listener| listener.left.is_none()) {
            listener.outbox.push(&queued);
        }
        match change {
            Change::MemberLeft { member } => state.part(stream, member.id, seq),
            Change::SessionClosed { session } => {
                let ended = audience.listeners.iter().filter(|listener| listener.outbox.session == session);
                ended.for_each(|listener| listener.outbox.end(Close::SessionEnded));
            }
            Change::MessagePosted { .. }
            | Change::MemberJoined { .. }
            | Change::RoomJoined { .. }
            | Change::RoomLeft { .. } => {}
        }
    }

    /// Events were lost on the way here, and nobody knows whose: every socket has to come again, and hears where all stands.
    pub fn lose_the_thread(&self) {
        let state = self.lock();
        for audience in state.audiences.values() {
            audience.listeners.iter().for_each(|listener| listener.outbox.end(Close::LostThread));
        }
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.lock().sockets.values().sum()
    }

    /// How many streams have an audience.
    #[must_use]
    pub fn streams(&self) -> usize {
        self.lock().audiences.len()
    }

    /// Begins to listen. What comes now waits, until [`settle`](Self::settle) says where the listener stands.
    pub(crate) fn add(&self, stream: Stream, outbox: &Arc<Outbox<F>>) {
        self.lock().add(stream, outbox);
    }

    /// The log was read up to `head`, and whoever listens was a member then. If they left at a later place meanwhile, they
    /// listen no more; if they left before it, they have come back.
    pub(crate) fn settle(&self, stream: Stream, head: Seq, outbox: &Arc<Outbox<F>>) {
        let mut state = self.lock();
        let Some(audience) = state.audiences.get_mut(&stream) else { return };
        audience.head = audience.head.max(head);
        let Some(listener) = audience.listeners.iter_mut().find(|l| Arc::ptr_eq(&l.outbox, outbox)) else { return };
        if listener.left.is_some_and(|left| left > head) {
            state.remove(stream, outbox);
        } else {
            listener.since = Some(head);
            listener.left = None;
        }
    }

    pub(crate) fn remove(&self, stream: Stream, outbox: &Arc<Outbox<F>>) {
        self.lock().remove(stream, outbox);
    }

    /// The heads of those of the streams that the socket still listens to.
    pub(crate) fn heads(
        &self,
        streams: impl Iterator<Item = Stream>,
        outbox: &Arc<Outbox<F>>,
    ) -> BTreeMap<Stream, Seq> {
        let state = self.lock();
        let heard = |stream| {
            let audience = state.audiences.get(&stream)?;
            let listens = audience.listeners.iter().any(|l| Arc::ptr_eq(&l.outbox, outbox) && l.left.is_none());
            listens.then_some((stream, audience.head))
        };
        streams.filter_map(heard).collect()
    }

    pub(crate) fn disconnect(&self, streams: impl Iterator<Item = Stream>, outbox: &Arc<Outbox<F>>) {
        let mut state = self.lock();
        streams.for_each(|stream| state.remove(stream, outbox));
        if let Some(count) = state.sockets.get_mut(&outbox.user) {
            *count -= 1;
            if *count == 0 {
                state.sockets.remove(&outbox.user);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<F>> {
        // A panic elsewhere leaves lists that are at worst short of a listener, which the next ping heals.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F> State<F> {
    fn add(&mut self, stream: Stream, outbox: &Arc<Outbox<F>>) {
        // Whoever listened already begins anew.
        self.remove(stream, outbox);
        let audience =
            self.audiences.entry(stream).or_insert_with(|| Audience { head: Seq::ZERO, listeners: Vec::new() });
        audience.listeners.push(Listener { outbox: Arc::clone(outbox), since: None, left: None });
    }

    fn remove(&mut self, stream: Stream, outbox: &Arc<Outbox<F>>) {
        self.retain(stream, |listener| !Arc::ptr_eq(&listener.outbox, outbox));
    }

    /// Nothing after `seq` in this stream is for `user`, who left there, unless they were seen to be a member at a later place.
    fn part(&mut self, stream: Stream, user: UserId, seq: Seq) {
        self.retain(stream, |listener| {
            if listener.outbox.user != user {
                return true;
            }
            if listener.since.is_none() {
                listener.left = Some(seq);
            }
            listener.since.is_none_or(|since| since >= seq)
        });
    }

    fn retain(&mut self, stream: Stream, stays: impl FnMut(&mut Listener<F>) -> bool) {
        let Some(audience) = self.audiences.get_mut(&stream) else { return };
        audience.listeners.retain_mut(stays);
        if audience.listeners.is_empty() {
            self.audiences.remove(&stream);
        }
    }
}
