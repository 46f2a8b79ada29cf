//! Commands: each is judged by the rules of `model`, and then changes everything that it changes or nothing.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Body, Change, ClientKey, Event, Marks, MemberMarks, Message, Posted, Refusal, Room, RoomId, RoomName, Seq, Session,
    SessionId, Stream, Timestamp, UserId, Visibility, limits::DIRECT_PEOPLE_MAX, rules,
};

use super::{Kept, Step, Store};
use crate::plant::Plant;

/// Something that is asked to change.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    Post { room: RoomId, key: ClientKey, text: Body },
    Mark { room: RoomId, marks: Marks },
    Create { name: String, visibility: Visibility },
    Join { room: RoomId },
    Leave { room: RoomId },
    Add { room: RoomId, whom: UserId },
    Direct { people: Vec<UserId> },
    Receipts { on: bool },
    LogOut,
    Seen { person: UserId },
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Done,
    Posted(Posted),
    Refused(Refusal),
    Fault,
}

impl Store {
    /// Whose session this is, if it is alive.
    pub(crate) fn session(&self, id: SessionId) -> Option<Session> {
        let user = self.state.sessions.get(&id)?;
        Some(Session { id, person: self.state.person(*user)?.clone(), admin: false })
    }

    /// Does what is asked, at one moment. The events go to `told`.
    pub(crate) fn execute(
        &mut self,
        session: &Session,
        command: &Command,
        now: Timestamp,
        told: &mut Vec<Event>,
    ) -> Outcome {
        let done = match command {
            Command::Post { room, key, text } => {
                return match self.post(session, (*room, key, text), now, told) {
                    Ok(posted) => Outcome::Posted(posted),
                    Err(refusal) => Outcome::Refused(refusal),
                };
            }
            Command::Mark { room, marks } => self.mark(session, *room, *marks, (now, told)),
            Command::Create { name, visibility } => self.create(session, name, *visibility, (now, told)),
            Command::Join { room } => self.join(session, *room, now, told),
            Command::Leave { room } => self.leave(session, *room, now, told),
            Command::Add { room, whom } => self.add(session, *room, *whom, (now, told)),
            Command::Direct { people } => self.direct(session, people, now, told),
            Command::Receipts { on } => {
                let user = session.person.id;
                if let Some(account) = self.state.people.get_mut(&user).filter(|account| account.receipts != *on) {
                    account.receipts = *on;
                    self.record(Stream::User(user), Change::ReceiptsSet { on: *on }, now, told);
                }
                Ok(())
            }
            Command::LogOut => {
                if self.state.sessions.remove(&session.id).is_some() {
                    let closed = Change::SessionClosed { session: session.id };
                    self.record(Stream::User(session.person.id), closed, now, told);
                }
                Ok(())
            }
            Command::Seen { person } => {
                if let Some(account) = self.state.people.get_mut(person) {
                    account.last_seen = Some(now);
                }
                Ok(())
            }
        };
        done.map_or_else(Outcome::Refused, |()| Outcome::Done)
    }

    fn record(&mut self, stream: Stream, change: Change, now: Timestamp, told: &mut Vec<Event>) -> Seq {
        self.state.record((stream, change), now, self.bounds.kept, told)
    }

    pub(super) fn find(&self, room: RoomId) -> Option<Room> {
        self.state.rooms.get(&room).map(|kept| kept.room.clone())
    }

    fn post(
        &mut self,
        session: &Session,
        (room, key, text): (RoomId, &ClientKey, &Body),
        now: Timestamp,
        told: &mut Vec<Event>,
    ) -> Result<Posted, Refusal> {
        let author = session.person.clone();
        let name = (author.id, key.clone());
        // A repeat gets the first answer, also after the author has left the room.
        let earlier = self.state.keys.get(&name).filter(|_| self.plant != Some(Plant::ForgetTheKey));
        if let Some((posted, body)) = earlier {
            return if posted.room == room && body == text { Ok(posted.clone()) } else { Err(Refusal::KeyReused) };
        }
        let permit = rules::may_post(session, self.find(room), self.state.membership(room, author.id))?;
        let room = permit.room();
        let change =
            Change::MessagePosted { author: author.clone(), key: key.clone(), text: text.clone(), files: Vec::new() };
        let seq = self.record(Stream::Room(room), change, now, told);
        let at = told.last().map_or(now, |event| event.at);
        let message =
            Message { seq, at, author, key: key.clone(), text: text.clone(), files: Vec::new(), deleted: false };
        if let Some(kept) = self.state.rooms.get_mut(&room) {
            kept.messages.push(message);
        }
        let posted = Posted { room, key: key.clone(), seq, at };
        self.state.keys.insert(name, (posted.clone(), text.clone()));
        Ok(posted)
    }

    fn mark(
        &mut self,
        session: &Session,
        room: RoomId,
        marks: Marks,
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<(), Refusal> {
        let user = session.person.id;
        let found = self.find(room);
        let direct = found.as_ref().is_some_and(|room| room.visibility == Visibility::Direct);
        rules::may_read(session, found, self.state.membership(room, user))?;
        let stream = Stream::Room(room);
        let head = self.state.head(stream);
        let receipts = self.state.gives_receipts(user);
        let back = self.plant == Some(Plant::MarkGoesBack);
        let Some(kept) = self.state.rooms.get_mut(&room) else { return Ok(()) };
        let members = kept.members.len();
        let Some(mark) = kept.members.get_mut(&user) else { return Ok(()) };
        let from = *mark;
        let to = if back { marks.up_to(head) } else { from.merge(marks.up_to(head)) };
        if to == from {
            return Ok(());
        }
        *mark = to;
        self.steps.push(Step { person: user, room, from, to });
        if (direct || to.read != from.read) && receipts && rules::tells_marks(members) {
            self.record(stream, Change::MarksMoved(MemberMarks { member: user, marks: to }), now, told);
        }
        if to.read != from.read {
            let (head, unread) = (self.state.head(stream), self.count_unread(room, user, to.read));
            let change = Change::RoomRead { room, read: to.read, unread, head };
            self.record(Stream::User(user), change, now, told);
        }
        Ok(())
    }

    /// Messages of others after a place, as the server counts them.
    pub(super) fn count_unread(&self, room: RoomId, user: UserId, read: Seq) -> u32 {
        let nobody = UserId::new(0);
        let of = if self.plant == Some(Plant::CountOwnMessages) { nobody } else { user };
        self.state.unread(room, of, read)
    }

    fn create(
        &mut self,
        session: &Session,
        name: &str,
        visibility: Visibility,
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<(), Refusal> {
        rules::may_create(visibility)?;
        let room = self.open_room(name.to_owned(), visibility);
        self.enter(&room, session.person.id, now, told);
        Ok(())
    }

    fn open_room(&mut self, name: String, visibility: Visibility) -> Room {
        self.state.rooms_made += 1;
        let id = RoomId::new(self.state.rooms_made);
        let room = Room { id, name: RoomName::kept(name), visibility, people: Vec::new() };
        let (members, joined, left) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        self.state.rooms.insert(id, Kept { room: room.clone(), members, joined, left, messages: Vec::new() });
        room
    }

    fn join(&mut self, session: &Session, room: RoomId, now: Timestamp, told: &mut Vec<Event>) -> Result<(), Refusal> {
        let user = session.person.id;
        let found = rules::may_see(self.find(room), self.state.membership(room, user))?;
        match found.visibility {
            Visibility::Public => self.enter(&found, user, now, told),
            Visibility::Private | Visibility::Direct => {}
        }
        Ok(())
    }

    fn add(
        &mut self,
        session: &Session,
        room: RoomId,
        whom: UserId,
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<(), Refusal> {
        let membership = self.state.membership(room, session.person.id);
        let room = rules::may_add_member(self.find(room), membership)?;
        self.enter(&room, whom, now, told);
        Ok(())
    }

    /// Brings a person into a room, unless they are there. What was said before is not unread.
    fn enter(&mut self, room: &Room, user: UserId, now: Timestamp, told: &mut Vec<Event>) {
        let Some(member) = self.state.person(user).cloned() else { return };
        if self.state.rooms.get(&room.id).is_none_or(|kept| kept.members.contains_key(&user)) {
            return;
        }
        let head = self.record(Stream::Room(room.id), Change::MemberJoined { member }, now, told);
        if let Some(kept) = self.state.rooms.get_mut(&room.id) {
            kept.members.insert(user, Marks::at(head));
            kept.joined.insert(user, head);
        }
        self.record(Stream::User(user), Change::RoomJoined { room: room.clone(), head }, now, told);
    }

    fn leave(&mut self, session: &Session, room: RoomId, now: Timestamp, told: &mut Vec<Event>) -> Result<(), Refusal> {
        let member = session.person.clone();
        let user = member.id;
        rules::may_leave(self.find(room), self.state.membership(room, user))?;
        let seq = self.record(Stream::Room(room), Change::MemberLeft { member }, now, told);
        if let Some(kept) = self.state.rooms.get_mut(&room) {
            kept.members.remove(&user);
            kept.joined.remove(&user);
            kept.left.insert(user, seq);
        }
        self.record(Stream::User(user), Change::RoomLeft { room }, now, told);
        Ok(())
    }

    fn direct(
        &mut self,
        session: &Session,
        people: &[UserId],
        now: Timestamp,
        told: &mut Vec<Event>,
    ) -> Result<(), Refusal> {
        let ids: BTreeSet<UserId> = people.iter().copied().chain([session.person.id]).collect();
        if ids.len() > DIRECT_PEOPLE_MAX {
            return Err(Refusal::TooManyPeople);
        }
        let people: Vec<_> = ids.iter().filter_map(|id| self.state.person(*id).cloned()).collect();
        let there = self
            .state
            .rooms
            .values()
            .any(|kept| kept.room.visibility == Visibility::Direct && kept.room.people == people);
        if there {
            return Ok(());
        }
        let names: Vec<_> = people.iter().map(|person| person.name.as_str()).collect();
        let room = Room { people: people.clone(), ..self.open_room(names.join(", "), Visibility::Direct) };
        if let Some(kept) = self.state.rooms.get_mut(&room.id) {
            kept.room = room.clone();
            kept.members = ids.iter().map(|id| (*id, Marks::default())).collect();
            kept.joined = ids.iter().map(|id| (*id, Seq::ZERO)).collect();
        }
        for id in ids {
            let joined = Change::RoomJoined { room: room.clone(), head: Seq::ZERO };
            self.record(Stream::User(id), joined, now, told);
        }
        Ok(())
    }
}
