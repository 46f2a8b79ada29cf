//! One socket's side of the hub.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use model::{Permit, Person, Read, RoomId, Seq, Signal, Stream, Timestamp, UserId};
use protocol::Close;

use crate::{
    Hub,
    outbox::{Outbox, Queued, Taken},
};

/// An open socket. It keeps, for each stream, the last place that was sent, so that what it gives out has neither gaps nor
/// repeats. Dropping it ends all listening.
#[derive(Debug)]
pub struct Socket<F: Clone + From<String>> {
    hub: Arc<Hub<F>>,
    outbox: Arc<Outbox<F>>,
    /// The place of each stream up to which everything was sent; `None` until the first is known.
    sent: HashMap<Stream, Option<Seq>>,
    /// Events of the person's own stream that came before their turn: it is written by the lanes of several rooms.
    early: BTreeMap<Seq, Queued<F>>,
    /// Listening to rooms has ended, and the client is not told yet.
    fell_behind: bool,
    /// Whose coming and going it is told of.
    watched: Vec<UserId>,
    /// Its person stepped away from it.
    away: bool,
}

/// Events that wait for an earlier one of the person's own stream. More: the thread is lost.
const EARLY_MAX: usize = 64;

/// What a socket has to write.
#[derive(Debug)]
pub enum Delivery<F> {
    /// Frames, in order.
    Frames(Vec<Queued<F>>),
    /// Something was lost: listening to rooms has ended.
    Behind,
    /// The socket has to close.
    Ended(Close),
}

impl<F: Clone + From<String>> Socket<F> {
    pub(crate) fn new(hub: Arc<Hub<F>>, outbox: Arc<Outbox<F>>) -> Self {
        let own = Stream::User(outbox.user);
        Self {
            hub,
            outbox,
            sent: HashMap::from([(own, None)]),
            early: BTreeMap::new(),
            fell_behind: false,
            watched: Vec::new(),
            away: false,
        }
    }

    /// Whose socket it is.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.outbox.user
    }

    /// Listens to a room. Frames wait from now on; they come out after [`sent`](Self::sent) has said where the client stands.
    pub fn listen(&mut self, permit: &Permit<Read>) {
        let stream = Stream::Room(permit.room());
        self.sent.insert(stream, None);
        self.hub.add(stream, &self.outbox);
    }

    /// Everything of the stream up to `seq` is with the client now. `head` is the stream's head, as it was read.
    pub fn sent(&mut self, stream: Stream, seq: Seq, head: Seq) {
        if let Some(sent) = self.sent.get_mut(&stream) {
            *sent = Some(seq);
            self.hub.settle(stream, head, &self.outbox);
        }
    }

    /// Stops listening to a room.
    pub fn unlisten(&mut self, room: RoomId) {
        let stream = Stream::Room(room);
        if self.sent.remove(&stream).is_some() {
            self.hub.remove(stream, &self.outbox);
        }
    }

    /// Tells the others in a room that this socket's person is writing there; in a room that it does not listen to, nobody.
    pub fn typing(&self, room: RoomId, person: &Person) {
        if matches!(self.sent.get(&Stream::Room(room)), Some(Some(_))) {
            self.hub.signal_room(Stream::Room(room), &self.outbox, Signal::Typing { room, person: person.clone() });
        }
    }

    /// Its person stepped away from it, or came back.
    pub fn here(&mut self, away: bool) {
        if std::mem::replace(&mut self.away, away) != away {
            self.hub.step(&self.outbox, away);
        }
    }

    /// Is told from now on how these people come and go, and no others, and how they are now. Each comes with the time when
    /// they were last seen, as far as that is kept. Whoever calls this has asked whether it may be told.
    pub fn watch(&mut self, people: &[(UserId, Option<Timestamp>)]) {
        self.hub.unwatch(&self.watched, &self.outbox);
        self.watched = people.iter().map(|(user, _)| *user).collect();
        self.hub.watch(people, &self.outbox);
    }

    /// The rooms it listens to, counted.
    #[must_use]
    pub fn listening(&self) -> usize {
        self.sent.len()
    }

    /// The head of every stream that it listens to.
    #[must_use]
    pub fn heads(&self) -> BTreeMap<Stream, Seq> {
        self.hub.heads(self.sent.keys().copied(), &self.outbox)
    }

    /// Waits for something to write. Safe to cancel.
    pub async fn next(&mut self) -> Delivery<F> {
        loop {
            if std::mem::take(&mut self.fell_behind) {
                // The client takes it that nothing is listened to from here on, also what it asked for meanwhile.
                self.unlisten_all();
                return Delivery::Behind;
            }
            match self.outbox.take().await {
                Taken::Ended(close) => return Delivery::Ended(close),
                Taken::Behind => self.fall_behind(),
                Taken::Frames(frames) => {
                    let mut due = Vec::with_capacity(frames.len());
                    for queued in frames {
                        let Some((stream, seq)) = queued.place else {
                            due.push(queued);
                            continue;
                        };
                        match (self.place(stream, seq), stream) {
                            (Place::Next, _) => due.push(queued),
                            (Place::Known, _) => {}
                            // The other streams have no gap: what came of them goes out first.
                            (Place::Gap, Stream::Room(_)) => self.fall_behind(),
                            (Place::Gap, Stream::User(_)) => drop(self.early.insert(seq, queued)),
                        }
                        self.catch_up(&mut due);
                    }
                    if self.early.len() > EARLY_MAX {
                        return Delivery::Ended(Close::LostThread);
                    }
                    if !due.is_empty() {
                        return Delivery::Frames(due);
                    }
                }
            }
        }
    }

    fn place(&mut self, stream: Stream, seq: Seq) -> Place {
        // A stream that is no longer listened to may have had frames in the queue.
        let Some(sent) = self.sent.get_mut(&stream) else { return Place::Known };
        match *sent {
            Some(last) if seq <= last => Place::Known,
            Some(last) if seq != last.next() => Place::Gap,
            Some(_) | None => {
                *sent = Some(seq);
                Place::Next
            }
        }
    }

    /// Takes out those early events whose turn has come.
    fn catch_up(&mut self, due: &mut Vec<Queued<F>>) {
        while let Some(first) = self.early.first_entry() {
            let (seq, queued) = (*first.key(), first.get().clone());
            match self.place(Stream::User(self.outbox.user), seq) {
                Place::Gap => return,
                Place::Next => due.push(queued),
                Place::Known => {}
            }
            self.early.pop_first();
        }
    }

    fn fall_behind(&mut self) {
        self.unlisten_all();
        self.fell_behind = true;
    }

    fn unlisten_all(&mut self) {
        let rooms: Vec<_> = self.sent.keys().filter(|stream| matches!(stream, Stream::Room(_))).copied().collect();
        for stream in rooms {
            self.sent.remove(&stream);
            self.hub.remove(stream, &self.outbox);
        }
    }
}

enum Place {
    Next,
    Known,
    Gap,
}

impl<F: Clone + From<String>> Drop for Socket<F> {
    fn drop(&mut self) {
        self.hub.unwatch(&self.watched, &self.outbox);
        self.hub.disconnect(self.sent.keys().copied(), &self.outbox, self.away);
    }
}
