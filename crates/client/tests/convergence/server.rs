//! A tiny server with one room, which forgets nothing and recounts everything from its log.

use std::collections::VecDeque;

use client::{Question, Side};
use model::{
    Body, Change, ClientKey, Cursor, Edited, Emoji, Epoch, Event, Marks, MemberMarks, Message, NoticePrefs, Posted,
    Quote, Reaction, Reply, Room, RoomName, Said, Seq, Stream, Timestamp, UserId, Visibility, limits::UNREAD_MAX,
};
use protocol::{
    Amendment, Code, FromClient, FromServer, Limits, Me, Refused, RoomHead,
    http::{History, RoomMarks},
};

use crate::{ME, OTHER, ROOM, person};

/// Small, so that resets happen.
const RESUME_MAX: u64 = 6;
const PAGE: usize = 4;

#[derive(Default)]
pub(crate) struct Server {
    pub(crate) lives: u64,
    pub(crate) log: Vec<Event>,
    pub(crate) own: u64,
    pub(crate) mine: Marks,
    pub(crate) theirs: Marks,
    pub(crate) listening: bool,
    pub(crate) refuse_next: bool,
    /// What the server said and the client did not hear yet; empty without a line.
    pub(crate) down: VecDeque<FromServer>,
    /// The other direction.
    pub(crate) up: VecDeque<FromClient>,
    pub(crate) connected: bool,
}

impl Server {
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch::new(format!("life {}", self.lives))
    }

    pub(crate) fn head(&self) -> Seq {
        Seq::new(self.log.len() as u64)
    }

    pub(crate) fn says(&mut self, frame: FromServer) {
        if self.connected {
            self.down.push_back(frame);
        }
    }

    pub(crate) fn record(&mut self, change: Change) -> Event {
        let event = Event { stream: Stream::Room(ROOM), seq: self.head().next(), at: Timestamp::from_ms(1), change };
        self.log.push(event.clone());
        if self.listening {
            self.says(FromServer::Event(event.clone()));
        }
        event
    }

    pub(crate) fn unread(&self) -> u32 {
        let unread = self.messages().iter().filter(|m| m.seq > self.mine.read && m.said.author.id != ME).count();
        u32::try_from(unread).unwrap().min(UNREAD_MAX)
    }

    pub(crate) fn move_marks(&mut self, marks: Marks) {
        let before = self.mine;
        self.mine = before.merge(marks.up_to(self.head()));
        if self.mine != before {
            self.record(Change::MarksMoved(MemberMarks { member: ME, marks: self.mine }));
        }
        if self.mine.read != before.read {
            self.tell(Change::RoomRead { room: ROOM, read: self.mine.read, unread: self.unread(), head: self.head() });
        }
    }

    pub(crate) fn they_read(&mut self) {
        self.theirs = self.theirs.merge(Marks::at(self.head()));
        self.record(Change::MarksMoved(MemberMarks { member: OTHER, marks: self.theirs }));
    }

    /// Something for the person alone.
    pub(crate) fn tell(&mut self, change: Change) {
        self.own += 1;
        let (stream, seq) = (Stream::User(ME), Seq::new(self.own));
        self.says(FromServer::Event(Event { stream, seq, at: Timestamp::from_ms(1), change }));
    }

    pub(crate) fn marks(&self) -> RoomMarks {
        let marks = vec![MemberMarks { member: OTHER, marks: self.theirs }];
        RoomMarks { room: ROOM, epoch: self.epoch(), head: self.head(), marks }
    }

    /// Every message as it stands, recounted from the whole log.
    pub(crate) fn messages(&self) -> Vec<Message> {
        let posted: Vec<Message> = self.log.iter().filter_map(Event::message).collect();
        let mut messages: Vec<Message> = posted.iter().map(|message| self.as_it_stands(message)).collect();
        let quotes: Vec<_> = messages.iter().map(|m| (m.seq, m.said.text.as_str().to_owned(), m.deleted)).collect();
        for reply in messages.iter_mut().filter_map(|message| message.said.reply.as_mut()) {
            let (_, text, deleted) = quotes.iter().find(|(seq, ..)| *seq == reply.to.seq).unwrap();
            (reply.to.text, reply.to.deleted) = (Quote::beginning(text), *deleted);
            let in_thread = |m: &&Message| m.said.reply.as_ref().is_some_and(|other| other.thread == reply.thread);
            reply.replies = u32::try_from(posted.iter().filter(in_thread).count()).unwrap();
        }
        messages
    }

    pub(crate) fn as_it_stands(&self, posted: &Message) -> Message {
        let mut now = posted.clone();
        let mut set: Vec<(Seq, Reaction)> = Vec::new();
        for event in &self.log {
            if let Change::MessageDeleted { message } = &event.change {
                now.deleted |= *message == posted.seq;
            } else if let Change::MessageEdited(edit) = &event.change
                && edit.message == posted.seq
            {
                (now.said.text, now.edits) = (edit.text.clone(), now.edits + 1);
            } else if let Change::PinSet { message, on, .. } = &event.change
                && *message == posted.seq
            {
                now.pinned = *on;
            } else if let Change::ReactionSet { message, by, emoji, on } = &event.change
                && *message == posted.seq
            {
                let reaction = Reaction { by: by.id, emoji: emoji.clone() };
                set.retain(|(_, other)| *other != reaction);
                set.extend(on.then_some((event.seq, reaction)));
            } else if let Change::MessagePosted(said) = &event.change {
                now.replies += u32::from(said.reply.as_ref().is_some_and(|reply| reply.thread == posted.seq));
            }
        }
        set.sort_by_key(|(seq, _)| *seq);
        now.reactions = set.into_iter().map(|(_, reaction)| reaction).collect();
        if now.deleted {
            (now.said.text, now.edits, now.pinned) = (Body::default(), 0, false);
            now.reactions.clear();
        }
        now
    }

    /// What `by` wants done to a message, if it is not so already; says whether it may be.
    pub(crate) fn amend(&mut self, seq: Seq, by: UserId, what: &Amendment) -> Result<(), Code> {
        let message = self.messages().into_iter().find(|message| message.seq == seq).ok_or(Code::NotFound)?;
        let own = message.said.author.id == by;
        let change = match what {
            Amendment::Delete {} if own => (!message.deleted).then_some(Change::MessageDeleted { message: seq }),
            _ if message.deleted => return Err(Code::NotFound),
            Amendment::Edit { edits, text } if own => {
                let text = Body::parse(text).unwrap();
                if text != message.said.text && *edits != message.edits {
                    return Err(Code::EditedMeanwhile);
                }
                let edited = Edited { message: seq, text, mentions: Vec::new(), edits: edits + 1 };
                (edited.text != message.said.text).then(|| Change::MessageEdited(Box::new(edited)))
            }
            Amendment::Delete {} | Amendment::Edit { .. } => return Err(Code::NotAllowed),
            Amendment::React { emoji, on } => {
                let reaction = Reaction { by, emoji: Emoji::parse(emoji).unwrap() };
                let (by, stands) = (person(by), message.reactions.contains(&reaction));
                let change = Change::ReactionSet { message: seq, by, emoji: reaction.emoji, on: *on };
                (stands != *on).then_some(change)
            }
            Amendment::Pin { on } => {
                (message.pinned != *on).then_some(Change::PinSet { message: seq, by: person(by), on: *on })
            }
        };
        if let Some(change) = change {
            self.record(change);
        }
        Ok(())
    }

    /// How a message is answered.
    pub(crate) fn answer(&self, seq: Seq) -> Option<Box<Reply>> {
        let messages = self.messages();
        let to = messages.iter().find(|message| message.seq == seq)?;
        let thread = to.said.reply.as_ref().map_or(seq, |reply| reply.thread);
        let replies = messages.iter().find(|message| message.seq == thread)?.replies + 1;
        let (author, text) = (to.said.author.clone(), Quote::beginning(to.said.text.as_str()));
        Some(Box::new(Reply { to: Quote { seq, author, text, deleted: to.deleted }, thread, replies }))
    }

    pub(crate) fn accept(&mut self) {
        (self.connected, self.listening) = (true, false);
        self.down.clear();
        self.up.clear();
        let people = vec![person(OTHER), person(ME)];
        let room = Room {
            id: ROOM,
            name: RoomName::kept("lobby".into()),
            visibility: Visibility::Direct,
            topic: None,
            people,
        };
        let (marks, unread) = (self.mine, self.unread());
        self.says(FromServer::Hello {
            protocol: 1,
            epoch: self.epoch(),
            you: Me { person: person(ME), admin: false, receipts: true, notices: NoticePrefs::default() },
            head: Seq::new(self.own),
            rooms: vec![RoomHead {
                room,
                head: self.head(),
                marks,
                prefs: model::RoomPrefs::default(),
                unread,
                last_at: None,
            }],
            regards: Vec::new(),
            limits: Limits::HERE,
        });
    }

    pub(crate) fn cut(&mut self) {
        (self.connected, self.listening) = (false, false);
        self.down.clear();
        self.up.clear();
    }

    pub(crate) fn take(&mut self) {
        match self.up.pop_front() {
            Some(FromClient::Subscribe { since: Some(Cursor { epoch, seq }), .. }) => self.subscribe(&epoch, seq),
            Some(FromClient::Post { key, text, reply, .. }) => self.post(&key, &text, reply),
            Some(FromClient::Amend { message, key, what, .. }) => self.take_amend(message, key, &what),
            Some(FromClient::Mark { delivered, read, .. }) => self.move_marks(Marks { delivered, read }),
            Some(
                FromClient::Subscribe { since: None, .. }
                | FromClient::Unsubscribe { .. }
                | FromClient::Typing { .. }
                | FromClient::Here { .. }
                | FromClient::Watch { .. }
                | FromClient::Pong {},
            )
            | None => {}
        }
    }

    pub(crate) fn subscribe(&mut self, epoch: &Epoch, seq: Seq) {
        self.listening = true;
        if *epoch != self.epoch() || seq > self.head() || self.head().number() - seq.number() > RESUME_MAX {
            let (marks, unread) = (self.mine, self.unread());
            self.says(FromServer::Reset {
                room: ROOM,
                epoch: self.epoch(),
                head: self.head(),
                marks,
                unread,
                topic: None,
            });
            return;
        }
        self.says(FromServer::Subscribed { room: ROOM, head: self.head() });
        for event in self.log.clone().into_iter().filter(|event| event.seq > seq) {
            self.says(FromServer::Event(event));
        }
    }

    pub(crate) fn refuses(&mut self, frame: &str, key: &str, refused: Refused) {
        let frame = Some(frame.into());
        self.says(FromServer::Refused(Refused { frame, key: Some(key.into()), room: Some(ROOM), ..refused }));
    }

    pub(crate) fn take_amend(&mut self, message: Seq, key: String, what: &Amendment) {
        if std::mem::take(&mut self.refuse_next) {
            let refused = Refused { retry_after_ms: Some(300), ..Refused::new(Code::TooFast, "slow") };
            return self.refuses("amend", &key, refused);
        }
        match self.amend(message, ME, what) {
            Ok(()) => self.says(FromServer::Amended { room: ROOM, key, seq: self.head() }),
            Err(code) => self.refuses("amend", &key, Refused::new(code, "no")),
        }
    }

    pub(crate) fn post(&mut self, key: &str, text: &str, reply: Option<Seq>) {
        if std::mem::take(&mut self.refuse_next) {
            let refused = Refused { retry_after_ms: Some(300), ..Refused::new(Code::TooFast, "slow") };
            return self.refuses("post", key, refused);
        }
        let key = ClientKey::parse(key).unwrap();
        let mut posted = self.log.iter().filter_map(Event::message);
        let kept = posted.find(|message| message.said.author.id == ME && message.said.key == key);
        let (seq, at) = if let Some(message) = kept {
            assert_eq!(message.said.text.as_str(), text);
            (message.seq, message.at)
        } else {
            let said = Said::new(person(ME), key.clone(), Body::parse(text).unwrap());
            let reply = reply.map(|seq| self.answer(seq).unwrap());
            let event = self.record(Change::MessagePosted(Box::new(Said { reply, ..said })));
            (event.seq, event.at)
        };
        self.says(FromServer::Posted(Posted { room: ROOM, key, seq, at }));
    }

    pub(crate) fn page(&self, question: Question) -> History {
        let mut all = self.messages();
        let (skip, newer) = match question.side {
            Side::Before(seq) => {
                all.retain(|message| message.seq < seq);
                (all.len().saturating_sub(PAGE), false)
            }
            Side::After(seq) => {
                all.retain(|message| message.seq > seq);
                let newer = all.len() > PAGE;
                all.truncate(PAGE);
                (0, newer)
            }
        };
        History {
            room: ROOM,
            epoch: self.epoch(),
            head: self.head(),
            messages: all[skip..].to_vec(),
            older: skip > 0,
            newer,
            people: Vec::new(),
        }
    }

    pub(crate) fn ping(&mut self) {
        let own = (Stream::User(ME), Seq::new(self.own));
        let room = self.listening.then_some((Stream::Room(ROOM), self.head()));
        self.says(FromServer::Ping { heads: room.into_iter().chain([own]).collect() });
    }
}
