//! Commands: each is judged by the rules of `model`, and then changes everything that it changes or nothing.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Body, Change, ClientKey, Edited, Emoji, Event, Marks, MemberMarks, Message, Posted, Quote, Refusal, Regard, Reply,
    Room, RoomId, RoomName, RoomWish, Said, Scopes, Seq, Session, SessionId, Stream, Timestamp, UserId, Visibility,
    limits::DIRECT_PEOPLE_MAX, rules,
};
use protocol::Amendment;

use super::{Kept, Step, Store};
use crate::plant::Plant;

/// Something that is asked to change.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    Post { room: RoomId, key: ClientKey, text: Body, reply: Option<Seq> },
    Amend { room: RoomId, message: Seq, what: Amendment },
    Mark { room: RoomId, marks: Marks },
    Create { name: String, visibility: Visibility },
    Join { room: RoomId },
    Leave { room: RoomId },
    Add { room: RoomId, whom: UserId },
    Direct { people: Vec<UserId> },
    Receipts { on: bool },
    Prefs { room: RoomId, wish: RoomWish },
    Topic { room: RoomId, topic: String },
    Regard { whom: UserId, regard: Regard },
    Profile,
    LogOut,
    Seen { person: UserId },
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    Done,
    Posted(Posted),
    Amended(Seq),
    Refused(Refusal),
    Fault,
}

impl Store {
    /// Whose session this is, if it is alive.
    pub(crate) fn session(&self, id: SessionId) -> Option<Session> {
        let user = self.state.sessions.get(&id)?;
        Some(Session { id, person: self.state.person(*user)?.clone(), admin: false, scopes: Scopes::ALL })
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
            Command::Amend { room, message, what } => {
                return match self.amend(session, (*room, *message), what, (now, told)) {
                    Ok(head) => Outcome::Amended(head),
                    Err(refusal) => Outcome::Refused(refusal),
                };
            }
            Command::Post { room, key, text, reply } => {
                return match self.post(session, (*room, key, text, *reply), now, told) {
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
            Command::Prefs { room, wish } => self.want(session, (*room, *wish), (now, told)),
            Command::Topic { room, topic } => self.name_topic(session, (*room, topic), (now, told)),
            Command::Regard { whom, regard } => self.regard(session, (*whom, *regard), (now, told)),
            Command::Profile => {
                self.tell_profile(session.person.id, now, told);
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

    pub(super) fn record(&mut self, stream: Stream, change: Change, now: Timestamp, told: &mut Vec<Event>) -> Seq {
        self.state.record((stream, change), now, self.bounds.kept, told)
    }

    pub(super) fn find(&self, room: RoomId) -> Option<Room> {
        self.state.rooms.get(&room).map(|kept| kept.room.clone())
    }

    fn post(
        &mut self,
        session: &Session,
        (room, key, text, reply): (RoomId, &ClientKey, &Body, Option<Seq>),
        now: Timestamp,
        told: &mut Vec<Event>,
    ) -> Result<Posted, Refusal> {
        let author = self.state.person(session.person.id).unwrap_or(&session.person).clone();
        let name = (author.id, key.clone());
        // A repeat gets the first answer, also after the author has left the room.
        let earlier = self.state.keys.get(&name).filter(|_| self.plant != Some(Plant::ForgetTheKey));
        if let Some((posted, body)) = earlier {
            return if posted.room == room && body == text { Ok(posted.clone()) } else { Err(Refusal::KeyReused) };
        }
        self.reach(session, room)?;
        let permit = rules::may_post(session, self.find(room), self.state.membership(room, author.id))?;
        let room = permit.room();
        let reply = match reply {
            Some(seq) => Some(Box::new(self.answer(room, seq).ok_or(Refusal::NotFound)?)),
            None => None,
        };
        let said = Said { reply, ..Said::new(author, key.clone(), text.clone()) };
        let seq = self.record(Stream::Room(room), Change::MessagePosted(Box::new(said.clone())), now, told);
        let at = told.last().map_or(now, |event| event.at);
        self.undergone(room, told.last());
        if let Some(kept) = self.state.rooms.get_mut(&room) {
            kept.messages.push(Message::new(seq, at, said));
        }
        let posted = Posted { room, key: key.clone(), seq, at };
        self.state.keys.insert(name, (posted.clone(), text.clone()));
        Ok(posted)
    }

    /// How a message is answered.
    fn answer(&self, room: RoomId, seq: Seq) -> Option<Reply> {
        let messages = &self.state.rooms.get(&room)?.messages;
        let find = |seq| messages.iter().find(|message| message.seq == seq);
        let Message { said, deleted, .. } = find(seq)?;
        let thread = said.reply.as_ref().map_or(seq, |reply| reply.thread);
        let text = Quote::beginning(said.text.as_str());
        let to = Quote { seq, author: said.author.clone(), text, deleted: *deleted };
        Some(Reply { to, thread, replies: find(thread)?.replies + 1 })
    }

    /// Something is done to a message that stands; what is so already stays so.
    fn amend(
        &mut self,
        session: &Session,
        (room, message): (RoomId, Seq),
        what: &Amendment,
        (now, told): (Timestamp, &mut Vec<Event>),
    ) -> Result<Seq, Refusal> {
        let (user, membership) = (session.person.id, self.state.membership(room, session.person.id));
        let permit = rules::may_post(session, self.find(room), membership)?;
        if !matches!(what, Amendment::Delete {}) {
            self.reach(session, room)?;
        }
        let stream = Stream::Room(permit.room());
        let head = self.state.head(stream);
        let kept = self.state.rooms.get(&room).and_then(|kept| kept.messages.iter().find(|kept| kept.seq == message));
        let kept = kept.ok_or(Refusal::NotFound)?;
        let by = self.state.person(user).unwrap_or(&session.person).clone();
        let own = || rules::may_amend(session, self.find(room), membership, Some(kept.said.author.id)).map(drop);
        let change = match what {
            Amendment::Save { .. } | Amendment::Unread { .. } => {
                return self.keep_for_oneself(session, (room, message), what, (now, told));
            }
            Amendment::Delete {} => {
                own()?;
                (!kept.deleted).then_some(Change::MessageDeleted { message })
            }
            _ if kept.deleted => return Err(Refusal::NotFound),
            Amendment::Edit { edits, text } => {
                own()?;
                let text = Body::parse(text)?;
                if text == kept.said.text {
                    None
                } else if *edits == kept.edits {
                    let (mentions, edits) = (Vec::new(), kept.edits + 1);
                    Some(Change::MessageEdited(Box::new(Edited { message, text, mentions, edits })))
                } else {
                    return Err(Refusal::EditedMeanwhile);
                }
            }
            Amendment::React { emoji, on } => {
                let emoji = Emoji::parse(emoji)?;
                let stands = kept.reactions.iter().any(|one| one.by == user && one.emoji == emoji);
                (stands != *on).then_some(Change::ReactionSet { message, by, emoji, on: *on })
            }
            Amendment::Pin { on } => (kept.pinned != *on).then_some(Change::PinSet { message, by, on: *on }),
        };
        let Some(change) = change else { return Ok(head) };
        let seq = self.record(stream, change, now, told);
        self.undergone(room, told.last());
        Ok(seq)
    }

    /// Something happened to messages of a room.
    fn undergone(&mut self, room: RoomId, event: Option<&Event>) {
        if let (Some(kept), Some(event)) = (self.state.rooms.get_mut(&room), event) {
            if let Change::MessageDeleted { message } = event.change {
                for saved in kept.saved.values_mut() {
                    saved.remove(&message);
                }
            }
            for message in &mut kept.messages {
                message.undergo(event);
            }
        }
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
        let room = Room { id, name: RoomName::kept(name), visibility, topic: None, people: Vec::new() };
        let (members, prefs, saved) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (joined, left, messages) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        self.state.rooms.insert(id, Kept { room: room.clone(), members, prefs, saved, joined, left, messages });
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
        rules::may_reach(self.state.part(session.person.id, whom))?;
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

    /// Refuses what would pass between two of whom one blocks the other.
    fn reach(&self, who: &Session, room: RoomId) -> Result<(), Refusal> {
        let people = self.state.rooms.get(&room).map(|kept| kept.room.people.as_slice()).unwrap_or_default();
        if let [one, other] = people
            && [one.id, other.id].contains(&who.person.id)
        {
            rules::may_reach(self.state.part(one.id, other.id))?;
        }
        Ok(())
    }

    fn leave(&mut self, session: &Session, room: RoomId, now: Timestamp, told: &mut Vec<Event>) -> Result<(), Refusal> {
        let member = session.person.clone();
        let user = member.id;
        rules::may_leave(self.find(room), self.state.membership(room, user))?;
        let seq = self.record(Stream::Room(room), Change::MemberLeft { member }, now, told);
        if let Some(kept) = self.state.rooms.get_mut(&room) {
            kept.members.remove(&user);
            kept.prefs.remove(&user);
            kept.saved.remove(&user);
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
        let there = self.state.rooms.values().any(|kept| {
            kept.room.visibility == Visibility::Direct
                && kept.room.people.iter().map(|person| person.id).eq(ids.iter().copied())
        });
        if there {
            return Ok(());
        }
        for other in &ids {
            rules::may_reach(self.state.part(session.person.id, *other))?;
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
