//! Queries: what `crates/server/src/query` asks, answered from one state.

use client::{Question, Side};
use model::{
    Event, Line, Marks, MemberMarks, Message, NoticePrefs, Permit, Person, Read, Refusal, Regard, Regarded, RoomId,
    Seq, Session, Stream, Timestamp, UserId, rules,
};
use protocol::{
    FromServer, Limits, Me, RoomHead,
    http::{History, Members, RoomMarks},
};

use super::Store;
use crate::plant::Plant;

/// What a reader lacks.
pub(crate) enum Resumed {
    /// These events; the head was `head`.
    Events { head: Seq, events: Vec<Event> },
    /// The cursor means nothing here.
    Reset { head: Seq, marks: Marks, unread: u32, topic: Option<Line> },
}

/// Members on one page.
const MEMBERS_PAGE: usize = 2;

impl Store {
    /// Where everything of a person stands.
    pub(crate) fn hello(&self, session: &Session) -> (FromServer, Seq) {
        let user = session.person.id;
        let head = self.state.head(Stream::User(user));
        let rooms = self.state.rooms.values().filter_map(|kept| {
            let marks = *kept.members.get(&user)?;
            Some(RoomHead {
                room: kept.room.clone(),
                head: self.state.head(Stream::Room(kept.room.id)),
                marks,
                prefs: kept.prefs.get(&user).copied().unwrap_or_default(),
                unread: self.count_unread(kept.room.id, user, marks.read),
                last_at: kept.messages.last().map(|message| message.at),
            })
        });
        let receipts = self.state.gives_receipts(user);
        let regards = self.state.regards.get(&user).into_iter().flatten().filter(|(_, it)| **it != Regard::Open);
        let regards = regards
            .filter_map(|(whom, regard)| Some(Regarded { person: self.state.person(*whom)?.clone(), regard: *regard }));
        let hello = FromServer::Hello {
            protocol: 1,
            epoch: self.epoch(),
            you: Me { person: session.person.clone(), admin: false, receipts, notices: NoticePrefs::default() },
            head,
            rooms: rooms.collect(),
            regards: regards.collect(),
            limits: Limits::HERE,
        };
        (hello, head)
    }

    pub(crate) fn may_read(&self, session: &Session, room: RoomId) -> Result<Permit<Read>, Refusal> {
        rules::may_read(session, self.find(room), self.state.membership(room, session.person.id))
    }

    /// What a reader of a room at `since` lacks: the next page of it. Without a cursor: nothing.
    pub(crate) fn resume(
        &self,
        session: &Session,
        room: RoomId,
        since: Option<&model::Cursor>,
    ) -> Result<Resumed, Refusal> {
        self.may_read(session, room)?;
        let stream = Stream::Room(room);
        let head = self.state.head(stream);
        let Some(cursor) = since else { return Ok(Resumed::Events { head, events: Vec::new() }) };
        let behind = head.number().checked_sub(cursor.seq.number());
        if cursor.epoch == self.epoch() && behind.is_some_and(|behind| behind <= self.bounds.resume) {
            let after = if self.plant == Some(Plant::ResumeOffByOne) { cursor.seq.next() } else { cursor.seq };
            let events = self.events_since(session, stream, after);
            let follows = match events.first() {
                Some(first) => first.seq == cursor.seq.next(),
                None => cursor.seq == head,
            };
            if follows || self.plant == Some(Plant::ResumeOffByOne) {
                return Ok(Resumed::Events { head, events });
            }
        }
        if self.plant == Some(Plant::ResetAsSubscribed) {
            return Ok(Resumed::Events { head, events: Vec::new() });
        }
        let user = session.person.id;
        let kept = self.state.rooms.get(&room);
        let marks = kept.and_then(|kept| kept.members.get(&user)).copied().unwrap_or_default();
        let topic = kept.and_then(|kept| kept.room.topic.clone());
        Ok(Resumed::Reset { head, marks, unread: self.count_unread(room, user, marks.read), topic })
    }

    fn events_since(&self, session: &Session, stream: Stream, after: Seq) -> Vec<Event> {
        let told = self.plant == Some(Plant::ForgetToWithhold);
        let sight = self.state.sight(session.person.id);
        let Some(log) = self.state.streams.get(&stream) else { return Vec::new() };
        let events = log.events.iter().filter(|event| event.seq > after).take(self.bounds.page).cloned();
        events.map(|event| if told { event } else { sight.of(event) }).collect()
    }

    pub(crate) fn history(&self, session: &Session, question: &Question) -> Result<History, Refusal> {
        let room = question.room;
        self.may_read(session, room)?;
        let kept = self.state.rooms.get(&room).ok_or(Refusal::NotFound)?;
        let (from, until) = match question.side {
            Side::Before(seq) => {
                let until = kept.messages.partition_point(|message| message.seq < seq);
                (until.saturating_sub(self.bounds.history), until)
            }
            Side::After(seq) => {
                let from = kept.messages.partition_point(|message| message.seq <= seq);
                (from, (from + self.bounds.history).min(kept.messages.len()))
            }
        };
        let messages: Vec<Message> = kept.messages[from..until].to_vec();
        let (head, newer) = (self.state.head(Stream::Room(room)), until < kept.messages.len());
        Ok(History { room, epoch: self.epoch(), head, messages, older: from > 0, newer, people: Vec::new() })
    }

    pub(crate) fn members(&self, session: &Session, room: RoomId, after: Option<UserId>) -> Result<Members, Refusal> {
        self.may_read(session, room)?;
        let kept = self.state.rooms.get(&room).ok_or(Refusal::NotFound)?;
        let above = kept.members.keys().filter(|user| after.is_none_or(|after| **user > after));
        let mut page: Vec<Person> = above.filter_map(|user| self.state.person(*user).cloned()).collect();
        let more = page.len() > MEMBERS_PAGE;
        page.truncate(MEMBERS_PAGE);
        let next = page.last().filter(|_| more).map(|person| person.id);
        Ok(Members { epoch: self.epoch(), members: page, next })
    }

    /// How far the others have come who give receipts; nothing for an asker who gives none.
    pub(crate) fn marks(&self, session: &Session, room: RoomId) -> Result<RoomMarks, Refusal> {
        self.may_read(session, room)?;
        let user = session.person.id;
        let kept = self.state.rooms.get(&room).ok_or(Refusal::NotFound)?;
        let told = self.state.gives_receipts(user);
        let others = kept.members.iter().filter(|(member, _)| **member != user && self.state.gives_receipts(**member));
        let others = others.filter(|(member, _)| !self.state.blocks(user, **member));
        let marks = others.map(|(member, marks)| MemberMarks { member: *member, marks: *marks });
        let marks = if told { marks.collect() } else { Vec::new() };
        Ok(RoomMarks { room, epoch: self.epoch(), head: self.state.head(Stream::Room(room)), marks })
    }

    /// Those of these people who share a room with `asker`, and when they were last there.
    pub(crate) fn shared(&self, asker: UserId, people: &[UserId]) -> Vec<(UserId, Option<Timestamp>)> {
        let share = |user: &UserId| {
            self.state.rooms.values().any(|kept| kept.members.contains_key(&asker) && kept.members.contains_key(user))
        };
        let last_seen = |user: &UserId| self.state.people.get(user).and_then(|account| account.last_seen);
        people
            .iter()
            .filter(|user| share(user) && !self.state.blocks(**user, asker))
            .map(|user| (*user, last_seen(user)))
            .collect()
    }
}
