//! What happens, one thing after the other, for a program that only wants that.
//!
//! Nothing is queued here but what was taken already: messages wait in the engine's timelines, which have a bound. A program
//! that is slower than its rooms is told what it missed, and where to read it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Epoch, Message, Regard, RoomId, Seq};
use tokio::sync::mpsc;

use crate::{Client, Connection, Effect, What};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// How the client stands with the server has changed. After [`Connection::SignedOut`] and [`Connection::Stopped`] nothing
    /// more comes.
    Connection(Connection),
    /// A message was said, by somebody else or by this account: each once, in the order of its room. What was said before the
    /// connection was first made, and what people say whom this account ignores, is not told; changes of messages are not,
    /// either.
    Message {
        /// Where.
        room: RoomId,
        /// What.
        message: Box<Message>,
    },
    /// In this room messages after `after` and up to `until` were not told: too many were said at once, or while the line was
    /// away; or the server was restored from a backup, and `after` is of its former life.
    /// [`Handle::history`](super::Handle::history) reads what there is.
    Missed {
        /// Where.
        room: RoomId,
        /// The last place that was told of.
        after: Seq,
        /// The place from which on messages are told again.
        until: Seq,
    },
    /// The account came into rooms, or left them: [`Handle::rooms`](super::Handle::rooms).
    Rooms,
}

/// What happens, in order.
#[derive(Debug)]
pub struct Inbox(pub(super) mpsc::Receiver<News>);

impl Inbox {
    /// The next thing; none, when the connection is closed for good. Whoever stops waiting loses nothing.
    pub async fn next(&mut self) -> Option<News> {
        self.0.recv().await
    }
}

/// What was told of, and what there is to tell.
#[derive(Debug)]
pub(super) struct Teller {
    epoch: Option<Epoch>,
    connection: Connection,
    /// For each room the place up to which everything was told.
    told: BTreeMap<RoomId, Seq>,
    /// Rooms in which something may be new.
    fresh: BTreeSet<RoomId>,
    /// Rooms whose places are of a former life of the database.
    void: BTreeSet<RoomId>,
    came_or_went: bool,
}

impl Teller {
    /// Everything up to now counts as told.
    pub(super) fn new(client: &Client) -> Self {
        let told = client.rooms().map(|room| (room.id(), room.timeline().from())).collect();
        Self {
            epoch: client.epoch().cloned(),
            connection: client.connection(),
            fresh: client.rooms().map(crate::Room::id).collect(),
            told,
            void: BTreeSet::new(),
            came_or_went: false,
        }
    }

    /// Something changed in the engine.
    pub(super) fn note(&mut self, client: &Client, effect: &Effect) {
        let Effect::Changed(what) = effect else { return };
        match what {
            What::Timeline(room) => {
                self.fresh.insert(*room);
            }
            What::Rooms => self.compare(client),
            What::Connection | What::Me | What::Tray(_) | What::Members(_) | What::Typists(_) | What::People => {}
        }
    }

    /// Whether there may be something to tell.
    pub(super) fn has_news(&self, client: &Client) -> bool {
        self.came_or_went || !self.fresh.is_empty() || self.connection != client.connection()
    }

    /// The next thing, which counts as told.
    pub(super) fn next(&mut self, client: &Client) -> Option<News> {
        if self.connection != client.connection() {
            self.connection = client.connection();
            return Some(News::Connection(self.connection));
        }
        if std::mem::take(&mut self.came_or_went) {
            return Some(News::Rooms);
        }
        while let Some(id) = self.fresh.first().copied() {
            if let Some(news) = self.in_room(client, id) {
                return Some(news);
            }
            self.fresh.remove(&id);
        }
        None
    }

    fn in_room(&mut self, client: &Client, id: RoomId) -> Option<News> {
        let (timeline, told) = (client.room(id)?.timeline(), self.told.get_mut(&id)?);
        if self.void.remove(&id) || timeline.from() > *told {
            let after = std::mem::replace(told, timeline.from());
            return Some(News::Missed { room: id, after, until: timeline.from() });
        }
        let untold = timeline.messages().rev().take_while(|message| message.seq > *told);
        let heeded = |message: &&Message| client.regard(message.said.author.id) == Regard::Open;
        let first = untold.filter(heeded).last()?;
        *told = first.seq;
        Some(News::Message { room: id, message: Box::new(first.clone()) })
    }

    /// Takes note of which rooms there are.
    fn compare(&mut self, client: &Client) {
        if self.epoch.as_ref() != client.epoch() {
            self.epoch = client.epoch().cloned();
            self.void.extend(self.told.keys());
            self.fresh.extend(self.told.keys());
        }
        let before = self.told.len();
        self.told.retain(|id, _| client.room(*id).is_some());
        self.came_or_went |= self.told.len() < before;
        for room in client.rooms() {
            self.told.entry(room.id()).or_insert_with(|| {
                self.came_or_went = true;
                room.timeline().from()
            });
        }
    }
}
