//! Who is there, and who is writing.

use std::collections::{BTreeMap, BTreeSet};

use model::{Person, Regard, RoomId, Seen, Signal, UserId, Visibility, limits};
use protocol::FromClient;

use crate::{Client, Connection, Effect, What};

/// How often "is writing" is said while somebody writes, in milliseconds: more seldom than the server passes it on, and often
/// enough that it stands.
const TYPING_SAID_EVERY_MS: u64 = 2_500;

/// Whose coming and going the client is told of, and how they are.
#[derive(Debug, Default)]
pub(crate) struct People {
    seen: BTreeMap<UserId, Seen>,
    /// Those that the person looks at, besides the partners of direct chats.
    shown: BTreeSet<UserId>,
    /// What the server was told on this connection.
    watched: Option<BTreeSet<UserId>>,
    away: bool,
}

/// Those who write in one room just now.
#[derive(Debug, Default)]
pub(crate) struct Typists {
    until_ms: BTreeMap<UserId, (Person, u64)>,
    /// When the person here was last said to be writing.
    said_ms: Option<u64>,
}

impl People {
    /// The connection is gone: nobody is known to be there.
    pub(crate) fn rest(&mut self) {
        self.seen.clear();
        self.watched = None;
    }

    /// The server may have forgotten whom it was asked to tell of.
    pub(crate) fn doubt(&mut self) {
        self.watched = None;
    }

    pub(crate) fn is_watched(&self, user: UserId) -> bool {
        self.watched.as_ref().is_some_and(|watched| watched.contains(&user))
    }
}

impl Typists {
    pub(crate) fn names(&self) -> impl Iterator<Item = &Person> {
        self.until_ms.values().map(|(person, _)| person)
    }

    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.until_ms.values().map(|(_, until_ms)| *until_ms).min()
    }

    /// Says whether somebody's time was over.
    pub(crate) fn tick(&mut self, now_ms: u64) -> bool {
        let before = self.until_ms.len();
        self.until_ms.retain(|_, (_, until_ms)| now_ms < *until_ms);
        self.until_ms.len() < before
    }

    /// Says whether they were writing.
    pub(crate) fn stop(&mut self, user: UserId) -> bool {
        self.until_ms.remove(&user).is_some()
    }

    pub(crate) fn rest(&mut self) {
        *self = Self::default();
    }

    /// The person here has said what they were writing: what they write next is news again.
    pub(crate) fn rested(&mut self) {
        self.said_ms = None;
    }
}

impl Client {
    /// How somebody is, if that is known.
    #[must_use]
    pub fn seen(&self, user: UserId) -> Option<Seen> {
        self.people.seen.get(&user).copied()
    }

    /// Who is writing in a room just now.
    pub fn typists(&self, room: RoomId) -> impl Iterator<Item = &Person> {
        let typists = self.rooms.get(&room).into_iter().flat_map(|room| room.typists.names());
        typists.filter(|person| self.regard(person.id) == Regard::Open).map(|person| self.named(person))
    }

    pub(crate) fn signal(&mut self, now_ms: u64, signal: Signal, out: &mut Vec<Effect>) {
        match signal {
            Signal::Typing { room: id, person } => {
                if let Some(room) = self.rooms.get_mut(&id) {
                    room.typists.until_ms.insert(person.id, (person, now_ms + limits::TYPING_MS));
                    out.push(Effect::Changed(What::Typists(id)));
                }
            }
            Signal::Presence { people } if people.is_empty() => {
                self.people.doubt();
                self.watch(out);
            }
            Signal::Presence { people } => {
                self.people.seen.extend(people.into_iter().map(|seen| (seen.person, seen)));
                out.push(Effect::Changed(What::People));
            }
        }
    }

    /// The person steps away, or comes back.
    pub(crate) fn here(&mut self, away: bool, out: &mut Vec<Effect>) {
        if std::mem::replace(&mut self.people.away, away) != away && self.line.state == Connection::Online {
            out.push(Effect::Send(FromClient::Here { away }));
        }
    }

    /// The person looks at a list of people.
    pub(crate) fn show_people(&mut self, people: BTreeSet<UserId>, out: &mut Vec<Effect>) {
        self.people.shown = people;
        self.watch(out);
    }

    /// Tells the server of a new connection what it cannot know.
    pub(crate) fn introduce(&mut self, out: &mut Vec<Effect>) {
        if self.people.away {
            out.push(Effect::Send(FromClient::Here { away: true }));
        }
        self.people.doubt();
        self.watch(out);
    }

    /// Asks to be told of those who are on the screen, if the server does not know that yet.
    pub(crate) fn watch(&mut self, out: &mut Vec<Effect>) {
        if self.line.state != Connection::Online {
            return;
        }
        let me = self.me.as_ref().map(|me| me.person.id);
        let directs = self.rooms.values().filter(|room| room.info.visibility == Visibility::Direct);
        let partners = directs.flat_map(|room| room.info.people.iter().map(|person| person.id));
        let wanted = self.people.shown.iter().copied().chain(partners).filter(|user| Some(*user) != me);
        let mut people: BTreeSet<UserId> = BTreeSet::new();
        for user in wanted {
            if people.len() < limits::WATCHED_MAX {
                people.insert(user);
            }
        }
        let known = self.people.watched.as_ref();
        if known != Some(&people) && !(known.is_none() && people.is_empty()) {
            out.push(Effect::Send(FromClient::Watch { people: people.iter().copied().collect() }));
            self.people.seen.retain(|user, _| people.contains(user));
            self.people.watched = Some(people);
        }
    }

    /// Somebody came into a room or left it: whether they may be watched is the server's to say.
    pub(crate) fn watch_anew(&mut self, user: UserId, out: &mut Vec<Effect>) {
        if self.people.is_watched(user) {
            self.people.doubt();
            self.watch(out);
        }
    }

    /// The person types in a room's composer.
    pub(crate) fn draft(&mut self, now_ms: u64, id: RoomId, text: String, out: &mut Vec<Effect>) {
        let online = self.line.state == Connection::Online;
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let said_ms = room.typists.said_ms;
        if online && !text.trim().is_empty() && said_ms.is_none_or(|said_ms| now_ms >= said_ms + TYPING_SAID_EVERY_MS) {
            room.typists.said_ms = Some(now_ms);
            out.push(Effect::Send(FromClient::Typing { room: id }));
        }
        out.push(Effect::KeepDraft { room: id, text: text.clone() });
        room.draft = text;
    }
}
