//! Who listens to what, on this node.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use model::{
    Change, Event, Presence, Regard, Regarded, Seen, Seq, SessionId, Sight, Signal, Stream, Timestamp, UserId, limits,
};
use protocol::{Close, FromServer, encode};

use crate::{
    Socket,
    outbox::{Outbox, Queued},
    presence::Presences,
};

/// The audiences of all streams that somebody here listens to.
#[derive(Debug)]
pub struct Hub<F> {
    state: Mutex<State<F>>,
}

#[derive(Debug)]
struct State<F> {
    audiences: HashMap<Stream, Audience<F>>,
    presences: Presences<F>,
}

#[derive(Debug)]
struct Audience<F> {
    head: Seq,
    /// The head that the log had at the last look.
    looked: Seq,
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
        Arc::new(Self { state: Mutex::new(State { audiences: HashMap::new(), presences: Presences::new() }) })
    }

    /// Opens a socket for a session, listening to its person's own stream. What happened there before is not told: read the
    /// state after this call, and nothing falls between. `sight`: what the person sees of others' receipts, read before;
    /// if it is another when the state is read, the socket has to go.
    pub fn connect(
        self: &Arc<Self>,
        user: UserId,
        session: SessionId,
        sight: Sight,
    ) -> Result<Socket<F>, TooManySockets> {
        let mut state = self.lock();
        if state.presences.sockets_of(user) >= limits::SOCKETS_PER_USER_MAX {
            return Err(TooManySockets);
        }
        let outbox = Arc::new(Outbox::new(user, session, sight));
        state.add(Stream::User(user), &outbox);
        if state.presences.come(user) {
            state.tell_presence(user, None);
        }
        drop(state);
        Ok(Socket::new(Arc::clone(self), outbox))
    }

    /// Passes committed events on. Each is encoded once, and only if somebody listens. Never waits.
    pub fn publish(&self, events: Vec<Event>) {
        for event in events {
            // Whether they still share a room with whom they watch, and with who watches them, is to be asked anew.
            if let (Change::RoomLeft { .. }, Stream::User(user)) = (&event.change, event.stream) {
                // Who shares another room with them does not hear of it there: an empty list says to everybody to ask.
                let void = presence(Vec::new());
                self.lock().presences.forget(user).iter().for_each(|watcher| watcher.push(&void));
            }
            if let (Change::RegardSet(what), Stream::User(user)) = (&event.change, event.stream) {
                self.lock().doubt_watch(user, what.person.id);
            }
            // Encoding is done outside the lock; who comes in between reads the log.
            if self.lock().audiences.contains_key(&event.stream) {
                self.pass_on(event);
            }
        }
    }

    fn pass_on(&self, event: Event) {
        let (stream, seq, change) = (event.stream, event.seq, event.change.clone());
        let place = Some((stream, seq));
        let receipt = event.receipt_of();
        let withheld = receipt.map(|member| (member, queued(place, &FromServer::Event(event.withheld()))));
        let queued = queued(place, &FromServer::Event(event));
        let mut state = self.lock();
        let Some(audience) = state.audiences.get_mut(&stream) else { return };
        audience.head = audience.head.max(seq);
        for listener in audience.listeners.iter().filter(|listener| listener.left.is_none()) {
            let instead = withheld.as_ref().filter(|(member, _)| !listener.outbox.sees(*member));
            listener.outbox.push(instead.map_or(&queued, |(_, withheld)| withheld));
        }
        match change {
            Change::MemberLeft { member } => state.part(stream, member.id, seq),
            Change::ReceiptsSet { on } => audience.listeners.iter().for_each(|l| l.outbox.set_receipts(on, seq)),
            Change::RegardSet(Regarded { person, regard }) => {
                let blocked = regard == Regard::Blocked;
                audience.listeners.iter().for_each(|l| l.outbox.set_blocked(person.id, blocked, seq));
            }
            Change::SessionClosed { session } => {
                let ended = audience.listeners.iter().filter(|listener| listener.outbox.session == session);
                ended.for_each(|listener| listener.outbox.end(Close::SessionEnded));
            }
            Change::MessagePosted(_)
            | Change::MessageEdited(_)
            | Change::MessageDeleted { .. }
            | Change::ReactionSet { .. }
            | Change::PinSet { .. }
            | Change::TopicSet { .. }
            | Change::MemberJoined { .. }
            | Change::MarksMoved(_)
            | Change::ProfileSet { .. }
            | Change::Reminded { .. }
            | Change::Withheld {}
            | Change::RoomJoined { .. }
            | Change::RoomLeft { .. }
            | Change::RoomRead { .. }
            | Change::RoomPrefsSet { .. }
            | Change::NoticePrefsSet(_) => {}
        }
    }

    /// Events were lost on the way here, and nobody knows whose: every socket has to come again, and hears where all stands.
    pub fn lose_the_thread(&self) {
        let state = self.lock();
        for audience in state.audiences.values() {
            audience.listeners.iter().for_each(|listener| listener.outbox.end(Close::LostThread));
        }
    }

    /// The streams that somebody here listens to.
    #[must_use]
    pub fn listened(&self) -> Vec<Stream> {
        self.lock().audiences.keys().copied().collect()
    }

    /// The heads as the log has them. Where something that was there at the last look has still not come, the listeners are
    /// told that they are behind: the way here may lose what the log has. To be called every few seconds.
    pub fn look(&self, heads: impl IntoIterator<Item = (Stream, Seq)>) {
        let mut state = self.lock();
        for (stream, head) in heads {
            let Some(audience) = state.audiences.get_mut(&stream) else { continue };
            if audience.head < audience.looked {
                audience.head = audience.looked;
                for Listener { outbox, .. } in &audience.listeners {
                    match stream {
                        Stream::Room(_) => outbox.fall_behind(),
                        Stream::User(_) => outbox.end(Close::LostThread),
                    }
                }
            }
            audience.looked = head;
        }
    }

    /// Whether somebody is there, as seen from this node.
    #[must_use]
    pub fn presence(&self, user: UserId) -> Presence {
        self.lock().presences.of(user)
    }

    /// Whether somebody sits at one of their devices, as seen from this node: one of their sockets is open and not away.
    #[must_use]
    pub fn is_attended(&self, user: UserId) -> bool {
        self.lock().presences.is_attended(user)
    }

    /// Whether this session of a person's has a socket open here.
    #[must_use]
    pub fn has_socket(&self, user: UserId, session: SessionId) -> bool {
        let state = self.lock();
        let audience = state.audiences.get(&Stream::User(user));
        audience.is_some_and(|own| own.listeners.iter().any(|listener| listener.outbox.session == session))
    }

    /// Called [`limits::OFFLINE_AFTER_MS`] after a socket of theirs was dropped: if they have no other, those who watch them
    /// are told that they were last seen at `now`. Says whether that is so.
    pub fn depart(&self, user: UserId, now: Timestamp) -> bool {
        let mut state = self.lock();
        let gone = state.presences.depart(user);
        if gone {
            state.tell_presence(user, Some(now));
        }
        gone
    }

    /// How many sockets are open.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.lock().presences.sockets()
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
            if let Stream::User(_) = stream {
                outbox.settle_sight(head);
            }
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

    pub(crate) fn disconnect(&self, streams: impl Iterator<Item = Stream>, outbox: &Arc<Outbox<F>>, away: bool) {
        let mut state = self.lock();
        streams.for_each(|stream| state.remove(stream, outbox));
        if state.presences.go(outbox.user, away) {
            state.tell_presence(outbox.user, None);
        }
    }

    /// Tells the others who listen to a room something that is not kept, if `from` listens there too.
    pub(crate) fn signal_room(&self, stream: Stream, from: &Arc<Outbox<F>>, signal: Signal) {
        let signal = queued(None, &FromServer::Signal { signal });
        let state = self.lock();
        let Some(audience) = state.audiences.get(&stream) else { return };
        let listens = |listener: &&Listener<F>| listener.left.is_none() && listener.since.is_some();
        if audience.listeners.iter().filter(listens).any(|listener| Arc::ptr_eq(&listener.outbox, from)) {
            let others = audience.listeners.iter().filter(listens).filter(|l| l.outbox.user != from.user);
            let others = others.filter(|l| !l.outbox.blocks(from.user) && !from.blocks(l.outbox.user));
            others.for_each(|listener| listener.outbox.push_signal(&signal));
        }
    }

    pub(crate) fn step(&self, outbox: &Arc<Outbox<F>>, away: bool) {
        let mut state = self.lock();
        if state.presences.step(outbox.user, away) {
            state.tell_presence(outbox.user, None);
        }
    }

    pub(crate) fn watch(&self, people: &[(UserId, Option<Timestamp>)], outbox: &Arc<Outbox<F>>) {
        let mut state = self.lock();
        let mut now = Vec::with_capacity(people.len());
        for (user, last_seen) in people {
            state.presences.watch(*user, outbox);
            now.push(seen(*user, state.presences.of(*user), *last_seen));
        }
        // The answer to a question is not lost. Nobody in it would mean that the watch is void.
        if !now.is_empty() {
            outbox.push(&presence(now));
        }
    }

    pub(crate) fn unwatch(&self, people: &[UserId], outbox: &Arc<Outbox<F>>) {
        let mut state = self.lock();
        for user in people {
            state.presences.unwatch(*user, outbox);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<F>> {
        // A panic elsewhere leaves lists that are at worst short of a listener, which the next ping heals.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Encodes a frame, once for all who get it.
fn queued<F: From<String>>(place: Option<(Stream, Seq)>, frame: &FromServer) -> Queued<F> {
    let text = encode(frame);
    Queued { place, bytes: text.len(), frame: F::from(text) }
}

fn seen(person: UserId, presence: Presence, last_seen: Option<Timestamp>) -> Seen {
    Seen { person, presence, last_seen: last_seen.filter(|_| presence == Presence::Offline) }
}

fn presence<F: From<String>>(people: Vec<Seen>) -> Queued<F> {
    queued(None, &FromServer::Signal { signal: Signal::Presence { people } })
}

impl<F: Clone + From<String>> State<F> {
    /// `user` regards `other` otherwise from now on: whether `other` may be told how they are is to be asked anew, and until then they
    /// seem to be gone.
    fn doubt_watch(&mut self, user: UserId, other: UserId) {
        let Some(audience) = self.audiences.get(&Stream::User(other)) else { return };
        let (gone, void) = (presence(vec![seen(user, Presence::Offline, None)]), presence(Vec::new()));
        for Listener { outbox, .. } in &audience.listeners {
            if self.presences.unwatch(user, outbox) {
                outbox.push(&gone);
            }
            outbox.push(&void);
        }
    }

    /// Tells those who watch a person how they are now.
    fn tell_presence(&self, user: UserId, last_seen: Option<Timestamp>) {
        let mut watchers = self.presences.watchers(user).peekable();
        if watchers.peek().is_some() {
            let signal = presence(vec![seen(user, self.presences.of(user), last_seen)]);
            watchers.for_each(|watcher| watcher.push_signal(&signal));
        }
    }
}

impl<F> State<F> {
    fn add(&mut self, stream: Stream, outbox: &Arc<Outbox<F>>) {
        // Whoever listened already begins anew.
        self.remove(stream, outbox);
        let audience = self.audiences.entry(stream).or_insert_with(|| Audience {
            head: Seq::ZERO,
            looked: Seq::ZERO,
            listeners: Vec::new(),
        });
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
