//! The archive, in memory: what `crates/store` keeps, with its semantics and small bounds.
//!
//! A command changes the state at one moment, the commit, or not at all. Lanes, crashes and answers are the node's.

mod execute;
mod look_up;
mod names;
mod personal;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use model::{
    Body, Change, ClientKey, Epoch, Event, Marks, Membership, Message, Person, Posted, Regard, Room, RoomId, RoomPrefs,
    Seq, SessionId, Sight, Stream, Timestamp, UserId, Username,
};

use crate::{plant::Plant, weather::Bounds};

pub(crate) use execute::{Command, Outcome};
pub(crate) use look_up::Resumed;

/// All that is kept, and the lives of the database before this one.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pub(crate) state: State,
    /// The last state of each life that a restore ended.
    pub(crate) past: Vec<State>,
    backup: Option<State>,
    pub(crate) bounds: Bounds,
    pub(crate) plant: Option<Plant>,
    /// Steps of marks since somebody asked.
    pub(crate) steps: Vec<Step>,
}

/// What one life of the database has.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    pub(crate) people: BTreeMap<UserId, Account>,
    pub(crate) rooms: BTreeMap<RoomId, Kept>,
    pub(crate) streams: BTreeMap<Stream, Log>,
    pub(crate) keys: BTreeMap<(UserId, ClientKey), (Posted, Body)>,
    pub(crate) sessions: BTreeMap<SessionId, UserId>,
    pub(crate) regards: BTreeMap<UserId, BTreeMap<UserId, Regard>>,
    rooms_made: i64,
    sessions_made: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) person: Person,
    pub(crate) receipts: bool,
    pub(crate) last_seen: Option<Timestamp>,
}

/// A room and what hangs on it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) room: Room,
    pub(crate) members: BTreeMap<UserId, Marks>,
    /// What members want of it, who want something else than all.
    pub(crate) prefs: BTreeMap<UserId, RoomPrefs>,
    /// What members saved of it.
    pub(crate) saved: BTreeMap<UserId, BTreeSet<Seq>>,
    /// Where each member came in.
    pub(crate) joined: BTreeMap<UserId, Seq>,
    /// Where each last left.
    pub(crate) left: BTreeMap<UserId, Seq>,
    pub(crate) messages: Vec<Message>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    pub(crate) head: Seq,
    at: Timestamp,
    events: VecDeque<Event>,
}

/// A person's step from one place to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) person: UserId,
    pub(crate) room: RoomId,
    pub(crate) from: Marks,
    pub(crate) to: Marks,
}

impl Store {
    /// A store with so many people, and no room.
    pub(crate) fn new(people: i64, bounds: Bounds, plant: Option<Plant>) -> Self {
        let mut state = State::default();
        for id in 1..=people {
            let id = UserId::new(id);
            let person = Person::new(id, Username::kept(format!("p{id}")));
            state.people.insert(id, Account { person, receipts: true, last_seen: None });
            state.streams.insert(Stream::User(id), Log::default());
        }
        Self { state, past: Vec::new(), backup: None, bounds, plant, steps: Vec::new() }
    }

    /// The number of this life.
    pub(crate) fn life(&self) -> usize {
        self.past.len()
    }

    pub(crate) fn epoch(&self) -> Epoch {
        let life = if self.plant == Some(Plant::KeepTheEpoch) { 0 } else { self.life() };
        Epoch::new(format!("life-{life}"))
    }

    /// What the life of this epoch has, or had at its end.
    pub(crate) fn life_of(&self, epoch: &Epoch) -> &State {
        let number = epoch.as_str().strip_prefix("life-").and_then(|number| number.parse::<usize>().ok());
        number.and_then(|number| self.past.get(number)).unwrap_or(&self.state)
    }

    pub(crate) fn back_up(&mut self) {
        self.backup = Some(self.state.clone());
    }

    /// Puts the last backup in the place of what there is; says whether there was one.
    pub(crate) fn restore(&mut self) -> bool {
        let Some(backup) = self.backup.clone() else { return false };
        self.past.push(std::mem::replace(&mut self.state, backup));
        true
    }

    /// Opens a session; a login is a command that nothing here depends on.
    pub(crate) fn log_in(&mut self, user: UserId) -> SessionId {
        // A session's number is not given out again, not even after a restore.
        let lives = i64::try_from(self.life()).unwrap_or(0);
        self.state.sessions_made += 1;
        let id = SessionId::new(lives * 1_000 + self.state.sessions_made);
        self.state.sessions.insert(id, user);
        id
    }
}

impl State {
    pub(crate) fn person(&self, user: UserId) -> Option<&Person> {
        self.people.get(&user).map(|account| &account.person)
    }

    /// What a person sees of others' receipts.
    pub(crate) fn sight(&self, user: UserId) -> Sight {
        let regards = self.regards.get(&user).into_iter().flatten();
        let blocked = regards.filter(|(_, regard)| **regard == Regard::Blocked).map(|(other, _)| *other);
        Sight { receipts: self.gives_receipts(user), blocked: blocked.collect() }
    }

    pub(crate) fn blocks(&self, user: UserId, other: UserId) -> bool {
        self.sight(user).blocked.contains(&other)
    }

    /// Whether one of two blocks the other.
    pub(crate) fn part(&self, one: UserId, other: UserId) -> bool {
        self.blocks(one, other) || self.blocks(other, one)
    }

    pub(crate) fn gives_receipts(&self, user: UserId) -> bool {
        self.people.get(&user).is_some_and(|account| account.receipts)
    }

    pub(crate) fn head(&self, stream: Stream) -> Seq {
        self.streams.get(&stream).map_or(Seq::ZERO, |log| log.head)
    }

    pub(crate) fn membership(&self, room: RoomId, user: UserId) -> Membership {
        let inside = self.rooms.get(&room).is_some_and(|kept| kept.members.contains_key(&user));
        if inside { Membership::Member } else { Membership::Outsider }
    }

    /// Messages of others after a place.
    pub(crate) fn unread(&self, room: RoomId, user: UserId, read: Seq) -> u32 {
        let Some(kept) = self.rooms.get(&room) else { return 0 };
        let after = kept.messages.iter().rev().take_while(|message| message.seq > read);
        let count = after.filter(|message| message.said.author.id != user).count();
        u32::try_from(count).unwrap_or(u32::MAX).min(model::limits::UNREAD_MAX)
    }

    /// The only birthplace of an event: the next place of its stream, at a time that never goes back.
    fn record(&mut self, change: (Stream, Change), now: Timestamp, kept: usize, told: &mut Vec<Event>) -> Seq {
        let (stream, change) = change;
        let log = self.streams.entry(stream).or_default();
        log.head = log.head.next();
        log.at = log.at.max(now);
        let event = Event { stream, seq: log.head, at: log.at, change };
        log.events.push_back(event.clone());
        while log.events.len() > kept {
            log.events.pop_front();
        }
        let seq = event.seq;
        told.push(event);
        seq
    }
}
