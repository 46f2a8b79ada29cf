//! A client and a tiny server with a line between them that loses, repeats and reorders what the server says, and breaks.
//! Whatever happened, once the line is good again both have the same list, the same marks and the same number of unread
//! messages, and every message was kept exactly once.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::VecDeque;

use client::{Client, Connection, Deed, Effect, Input, Question, RowState, Side};
use model::{
    Body, Change, ClientKey, Cursor, Edited, Emoji, Epoch, Event, Marks, MemberMarks, Message, Person, Posted, Quote,
    Reaction, Reply, Room, RoomId, RoomName, Said, Seq, SessionId, Stream, Timestamp, UserId, Username, Visibility,
    limits::UNREAD_MAX,
};
use proptest::prelude::*;
use protocol::{
    Amendment, Code, FromClient, FromServer, Limits, Me, Refused, RoomHead, encode,
    http::{History, RoomMarks},
};

const ROOM: RoomId = RoomId::new(5);
const ME: UserId = UserId::new(7);
const OTHER: UserId = UserId::new(1);
/// Small, so that resets happen.
const RESUME_MAX: u64 = 6;
const PAGE: usize = 4;

fn person(id: UserId) -> Person {
    Person::new(id, Username::kept(format!("p{id}")))
}

#[derive(Default)]
struct Server {
    lives: u64,
    log: Vec<Event>,
    own: u64,
    mine: Marks,
    theirs: Marks,
    listening: bool,
    refuse_next: bool,
    /// What the server said and the client did not hear yet; empty without a line.
    down: VecDeque<FromServer>,
    /// The other direction.
    up: VecDeque<FromClient>,
    connected: bool,
}

impl Server {
    fn epoch(&self) -> Epoch {
        Epoch::new(format!("life {}", self.lives))
    }

    fn head(&self) -> Seq {
        Seq::new(self.log.len() as u64)
    }

    fn says(&mut self, frame: FromServer) {
        if self.connected {
            self.down.push_back(frame);
        }
    }

    fn record(&mut self, change: Change) -> Event {
        let event = Event { stream: Stream::Room(ROOM), seq: self.head().next(), at: Timestamp::from_ms(1), change };
        self.log.push(event.clone());
        if self.listening {
            self.says(FromServer::Event(event.clone()));
        }
        event
    }

    fn unread(&self) -> u32 {
        let unread = self.messages().iter().filter(|m| m.seq > self.mine.read && m.said.author.id != ME).count();
        u32::try_from(unread).unwrap().min(UNREAD_MAX)
    }

    fn move_marks(&mut self, marks: Marks) {
        let before = self.mine;
        self.mine = before.merge(marks.up_to(self.head()));
        if self.mine != before {
            self.record(Change::MarksMoved(MemberMarks { member: ME, marks: self.mine }));
        }
        if self.mine.read != before.read {
            self.tell(Change::RoomRead { room: ROOM, read: self.mine.read, unread: self.unread(), head: self.head() });
        }
    }

    fn they_read(&mut self) {
        self.theirs = self.theirs.merge(Marks::at(self.head()));
        self.record(Change::MarksMoved(MemberMarks { member: OTHER, marks: self.theirs }));
    }

    /// Something for the person alone.
    fn tell(&mut self, change: Change) {
        self.own += 1;
        let (stream, seq) = (Stream::User(ME), Seq::new(self.own));
        self.says(FromServer::Event(Event { stream, seq, at: Timestamp::from_ms(1), change }));
    }

    fn marks(&self) -> RoomMarks {
        let marks = vec![MemberMarks { member: OTHER, marks: self.theirs }];
        RoomMarks { room: ROOM, epoch: self.epoch(), head: self.head(), marks }
    }

    /// Every message as it stands, recounted from the whole log.
    fn messages(&self) -> Vec<Message> {
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

    fn as_it_stands(&self, posted: &Message) -> Message {
        let mut now = posted.clone();
        let mut set: Vec<(Seq, Reaction)> = Vec::new();
        for event in &self.log {
            match &event.change {
                Change::MessageDeleted { message } if *message == posted.seq => now.deleted = true,
                Change::MessageEdited(edit) if edit.message == posted.seq => {
                    (now.said.text, now.edits) = (edit.text.clone(), now.edits + 1);
                }
                Change::PinSet { message, on, .. } if *message == posted.seq => now.pinned = *on,
                Change::ReactionSet { message, by, emoji, on } if *message == posted.seq => {
                    let reaction = Reaction { by: by.id, emoji: emoji.clone() };
                    set.retain(|(_, other)| *other != reaction);
                    set.extend(on.then_some((event.seq, reaction)));
                }
                Change::MessagePosted(said) => {
                    now.replies += u32::from(said.reply.as_ref().is_some_and(|reply| reply.thread == posted.seq));
                }
                _ => {}
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
    fn amend(&mut self, seq: Seq, by: UserId, what: &Amendment) -> Result<(), Code> {
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
    fn answer(&self, seq: Seq) -> Option<Box<Reply>> {
        let messages = self.messages();
        let to = messages.iter().find(|message| message.seq == seq)?;
        let thread = to.said.reply.as_ref().map_or(seq, |reply| reply.thread);
        let replies = messages.iter().find(|message| message.seq == thread)?.replies + 1;
        let (author, text) = (to.said.author.clone(), Quote::beginning(to.said.text.as_str()));
        Some(Box::new(Reply { to: Quote { seq, author, text, deleted: to.deleted }, thread, replies }))
    }

    fn accept(&mut self) {
        (self.connected, self.listening) = (true, false);
        self.down.clear();
        self.up.clear();
        let people = vec![person(OTHER), person(ME)];
        let room = Room { id: ROOM, name: RoomName::kept("lobby".into()), visibility: Visibility::Direct, people };
        let (marks, unread) = (self.mine, self.unread());
        self.says(FromServer::Hello {
            protocol: 1,
            epoch: self.epoch(),
            you: Me { person: person(ME), admin: false, receipts: true },
            head: Seq::new(self.own),
            rooms: vec![RoomHead { room, head: self.head(), marks, unread, last_at: None }],
            limits: Limits::HERE,
        });
    }

    fn cut(&mut self) {
        (self.connected, self.listening) = (false, false);
        self.down.clear();
        self.up.clear();
    }

    fn take(&mut self) {
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

    fn subscribe(&mut self, epoch: &Epoch, seq: Seq) {
        self.listening = true;
        if *epoch != self.epoch() || seq > self.head() || self.head().number() - seq.number() > RESUME_MAX {
            let (marks, unread) = (self.mine, self.unread());
            self.says(FromServer::Reset { room: ROOM, epoch: self.epoch(), head: self.head(), marks, unread });
            return;
        }
        self.says(FromServer::Subscribed { room: ROOM, head: self.head() });
        for event in self.log.clone().into_iter().filter(|event| event.seq > seq) {
            self.says(FromServer::Event(event));
        }
    }

    fn refuses(&mut self, frame: &str, key: &str, refused: Refused) {
        let frame = Some(frame.into());
        self.says(FromServer::Refused(Refused { frame, key: Some(key.into()), room: Some(ROOM), ..refused }));
    }

    fn take_amend(&mut self, message: Seq, key: String, what: &Amendment) {
        if std::mem::take(&mut self.refuse_next) {
            let refused = Refused { retry_after_ms: Some(300), ..Refused::new(Code::TooFast, "slow") };
            return self.refuses("amend", &key, refused);
        }
        match self.amend(message, ME, what) {
            Ok(()) => self.says(FromServer::Amended { room: ROOM, key, seq: self.head() }),
            Err(code) => self.refuses("amend", &key, Refused::new(code, "no")),
        }
    }

    fn post(&mut self, key: &str, text: &str, reply: Option<Seq>) {
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

    fn page(&self, question: Question) -> History {
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

    fn ping(&mut self) {
        let own = (Stream::User(ME), Seq::new(self.own));
        let room = self.listening.then_some((Stream::Room(ROOM), self.head()));
        self.says(FromServer::Ping { heads: room.into_iter().chain([own]).collect() });
    }
}

struct World {
    client: Client,
    server: Server,
    now_ms: u64,
    said: Vec<String>,
    pages: VecDeque<(Question, History)>,
    marks: VecDeque<RoomMarks>,
}

#[derive(Clone, Debug)]
enum Turn {
    OtherPosts,
    OtherMoves,
    OtherDeletes(u8),
    IDelete(u8),
    OtherAmends(u8, u8),
    IAmend(u8, u8),
    IAnswer(u8),
    OtherReads,
    IPost,
    ISee(u8),
    Focus(bool),
    Deliver,
    Lose,
    Repeat,
    Reorder,
    ServerTakes,
    PageArrives,
    PageFails,
    LoadOlder,
    LoadNewer,
    GoTo(u8),
    ToEnd,
    LookAway,
    LookBack,
    Break,
    Behind,
    NewLife,
    RefuseNext,
    OwnEvent,
    Ping,
    Wait(u16),
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        4 => Just(Turn::OtherPosts),
        1 => Just(Turn::OtherMoves),
        1 => (0..6_u8).prop_map(Turn::OtherDeletes),
        1 => (0..6_u8).prop_map(Turn::IDelete),
        3 => (0..6_u8, 0..8_u8).prop_map(|(up, what)| Turn::OtherAmends(up, what)),
        4 => (0..6_u8, 0..8_u8).prop_map(|(up, what)| Turn::IAmend(up, what)),
        1 => (0..6_u8).prop_map(Turn::IAnswer),
        2 => Just(Turn::OtherReads),
        3 => (0..6_u8).prop_map(Turn::ISee),
        1 => any::<bool>().prop_map(Turn::Focus),
        4 => Just(Turn::IPost),
        12 => Just(Turn::Deliver),
        1 => Just(Turn::Lose),
        1 => Just(Turn::Repeat),
        1 => Just(Turn::Reorder),
        10 => Just(Turn::ServerTakes),
        3 => Just(Turn::PageArrives),
        1 => Just(Turn::PageFails),
        1 => Just(Turn::LoadOlder),
        1 => Just(Turn::LoadNewer),
        2 => (1..60_u8).prop_map(Turn::GoTo),
        1 => Just(Turn::ToEnd),
        1 => Just(Turn::LookAway),
        1 => Just(Turn::LookBack),
        1 => Just(Turn::Break),
        1 => Just(Turn::Behind),
        1 => Just(Turn::NewLife),
        1 => Just(Turn::RefuseNext),
        1 => Just(Turn::OwnEvent),
        1 => Just(Turn::Ping),
        3 => (0..20_000_u16).prop_map(Turn::Wait),
    ]
}

impl World {
    fn new() -> Self {
        let client = Client::new([3, 5]);
        let (pages, marks) = (VecDeque::new(), VecDeque::new());
        let mut world = Self { client, server: Server::default(), now_ms: 0, said: Vec::new(), pages, marks };
        world.give(Input::Open(Some(ROOM)));
        world.give(Input::Connect);
        world
    }

    fn give(&mut self, input: Input) {
        for effect in self.client.step(self.now_ms, input) {
            match effect {
                Effect::Connect => self.server.accept(),
                Effect::Disconnect => self.server.cut(),
                Effect::Send(frame) if self.server.connected => self.server.up.push_back(frame),
                Effect::FetchHistory(before) => self.pages.push_back((before, self.server.page(before))),
                Effect::SignedOut => panic!("nobody logged out"),
                Effect::FetchMarks(_) => self.marks.push_back(self.server.marks()),
                Effect::Send(_)
                | Effect::CheckSession
                | Effect::FetchMembers { .. }
                | Effect::Keep(_)
                | Effect::Forget(_)
                | Effect::KeepDraft { .. }
                | Effect::KeepHome(_)
                | Effect::Wipe
                | Effect::Tell(_)
                | Effect::Reveal { .. }
                | Effect::Upload { .. }
                | Effect::Changed(_) => {}
            }
        }
    }

    fn deliver(&mut self) {
        if let Some(frame) = self.server.down.pop_front() {
            self.give(Input::Frame(encode(&frame)));
        }
    }

    fn play(&mut self, turn: &Turn) {
        match turn {
            Turn::OtherPosts => self.other_posts(),
            Turn::OtherMoves => drop(self.server.record(Change::MemberJoined { member: person(UserId::new(2)) })),
            Turn::IPost => self.i_post(None),
            Turn::OtherDeletes(up) => self.other_deletes(usize::from(*up)),
            Turn::IDelete(up) => self.i_delete(usize::from(*up)),
            Turn::OtherAmends(up, what) => self.other_amends(usize::from(*up), *what),
            Turn::IAmend(up, what) => self.i_amend(usize::from(*up), *what),
            Turn::IAnswer(up) => self.i_post(Some(usize::from(*up))),
            Turn::OtherReads => self.server.they_read(),
            Turn::ISee(up) => {
                let seen = self.client.rows(ROOM).filter_map(|row| row.seq);
                if let Some(seq) = seen.collect::<Vec<_>>().into_iter().rev().nth(usize::from(*up)) {
                    self.give(Input::Saw { room: ROOM, seq });
                }
            }
            Turn::Focus(focused) => self.give(Input::Focus(*focused)),
            Turn::Deliver => self.deliver(),
            Turn::Lose => drop(self.server.down.pop_front()),
            Turn::Repeat => {
                if let Some(frame) = self.server.down.front().cloned() {
                    self.give(Input::Frame(encode(&frame)));
                }
            }
            Turn::Reorder if self.server.down.len() > 1 => self.server.down.swap(0, 1),
            Turn::Reorder => {}
            Turn::ServerTakes => self.server.take(),
            Turn::PageArrives => {
                if let Some((before, page)) = self.pages.pop_back() {
                    self.give(Input::HistoryArrived { question: before, page });
                }
                if let Some(page) = self.marks.pop_front() {
                    self.give(Input::MarksArrived(page));
                }
            }
            Turn::PageFails => {
                if let Some((before, _)) = self.pages.pop_front() {
                    self.give(Input::HistoryFailed(before));
                }
                if self.marks.pop_back().is_some() {
                    self.give(Input::MarksFailed(ROOM));
                }
            }
            Turn::LoadOlder => self.give(Input::LoadOlder(ROOM)),
            Turn::LoadNewer => self.give(Input::LoadNewer(ROOM)),
            Turn::GoTo(seq) => self.give(Input::GoTo { room: ROOM, seq: Seq::new(u64::from(*seq)) }),
            Turn::ToEnd => self.give(Input::ToEnd(ROOM)),
            Turn::LookAway => self.give(Input::Open(None)),
            Turn::LookBack => self.give(Input::Open(Some(ROOM))),
            Turn::Break => self.cut(),
            Turn::Behind => {
                self.server.listening = false;
                self.server.down.retain(|frame| !matches!(frame, FromServer::Event(_)));
                self.server.says(FromServer::Behind {});
            }
            Turn::NewLife => {
                self.cut();
                self.server.lives += 1;
            }
            Turn::RefuseNext => self.server.refuse_next = true,
            Turn::OwnEvent => self.own_event(),
            Turn::Ping => self.server.ping(),
            Turn::Wait(ms) => self.wait(u64::from(*ms)),
        }
    }

    fn other_posts(&mut self) {
        let key = ClientKey::parse(&format!("o{}", self.server.log.len())).unwrap();
        let text = Body::parse(&format!("other {}", self.server.log.len())).unwrap();
        // Every third answers something.
        let places: Vec<Seq> = self.server.log.iter().filter_map(Event::message).map(|message| message.seq).collect();
        let reply = places.iter().rev().nth(places.len() % 3).and_then(|seq| self.server.answer(*seq));
        let said = Said { reply, ..Said::new(person(OTHER), key, text) };
        self.server.record(Change::MessagePosted(Box::new(said)));
    }

    fn i_post(&mut self, answers: Option<usize>) {
        let text = format!("mine {}", self.said.len());
        // Without a room in its list the client has nothing to say it in.
        if self.client.room(ROOM).is_some() {
            self.said.push(text.clone());
            let text = Body::parse(&text).unwrap();
            let reply = answers.and_then(|up| self.rows().into_iter().rev().nth(up)).map(|(quote, _)| quote);
            self.give(Input::Post { room: ROOM, text, files: Vec::new(), reply, at: Timestamp::from_ms(0) });
        }
    }

    /// The rows that have a place, as they would be quoted, and how often each was changed.
    fn rows(&self) -> Vec<(Quote, u32)> {
        let rows = self.client.rows(ROOM).filter_map(|row| {
            let (author, text) = (row.author.clone(), Quote::beginning(row.text.as_str()));
            Some((Quote { seq: row.seq?, author, text, deleted: row.deleted }, row.edits))
        });
        rows.collect()
    }

    fn other_deletes(&mut self, up: usize) {
        let theirs = self.server.messages().into_iter().rev().filter(|message| message.said.author.id != ME);
        if let Some(message) = theirs.skip(up).find(|message| !message.deleted) {
            let _ = self.server.amend(message.seq, message.said.author.id, &Amendment::Delete {});
        }
    }

    fn i_delete(&mut self, up: usize) {
        let own = self.rows().into_iter().rev().filter(|(row, _)| row.author.id == ME && !row.deleted);
        if let Some((Quote { seq: message, .. }, _)) = own.skip(up).next() {
            self.give(Input::Amend { room: ROOM, message, deed: Deed::Delete });
        }
    }

    fn other_amends(&mut self, up: usize, what: u8) {
        let Some(message) = self.server.messages().into_iter().rev().nth(up) else { return };
        let (edits, text) = (message.edits, format!("{what}, for the {}th time", message.edits));
        let emoji = if what.is_multiple_of(2) { "👍" } else { "🐦" }.to_owned();
        let what = match what {
            0 | 1 => Amendment::Edit { edits, text },
            2 => Amendment::Pin { on: !message.pinned },
            3..=5 => Amendment::React { emoji, on: true },
            _ => Amendment::React { emoji, on: false },
        };
        // The author changes the text; the others may not, and then this is nothing.
        let by = if let Amendment::Edit { .. } = what { message.said.author.id } else { OTHER };
        let _ = self.server.amend(message.seq, by, &what);
    }

    fn i_amend(&mut self, up: usize, what: u8) {
        let Some((row, edits)) = self.rows().into_iter().rev().nth(up) else { return };
        let text = Body::parse(&format!("mine {what} for the {edits}th time")).unwrap();
        let emoji = Emoji::parse(if what.is_multiple_of(2) { "👍" } else { "🐦" }).unwrap();
        let deed = match what {
            0 | 1 => Deed::Edit { edits, text },
            2 => Deed::Pin { on: true },
            3 => Deed::Pin { on: false },
            4..=6 => Deed::React { emoji, on: true },
            _ => Deed::React { emoji, on: false },
        };
        self.give(Input::Amend { room: ROOM, message: row.seq, deed });
    }

    fn own_event(&mut self) {
        self.server.tell(Change::SessionClosed { session: SessionId::new(1) });
    }

    fn cut(&mut self) {
        if self.server.connected {
            self.server.cut();
            self.give(Input::SocketClosed { code: 1006 });
        }
    }

    fn wait(&mut self, ms: u64) {
        self.now_ms += ms;
        if self.client.wake_at().is_some_and(|at_ms| at_ms <= self.now_ms) {
            self.give(Input::Tick);
        }
    }

    /// From here on nothing is lost.
    fn heal(&mut self) {
        self.give(Input::Open(Some(ROOM)));
        for _ in 0..400 {
            self.wait(5_000);
            self.server.ping();
            while !self.server.down.is_empty() || !self.server.up.is_empty() {
                self.deliver();
                self.server.take();
            }
            while let Some((before, page)) = self.pages.pop_front() {
                self.give(Input::HistoryArrived { question: before, page });
            }
            while let Some(page) = self.marks.pop_front() {
                self.give(Input::MarksArrived(page));
            }
            self.give(Input::LoadOlder(ROOM));
        }
    }

    /// What stands on the screen, and what the server has from the first of it to the last.
    fn excerpt(&self) -> Option<(Vec<Message>, Vec<Message>)> {
        let excerpt = self.client.room(ROOM)?.excerpt()?;
        let has: Vec<Message> = excerpt.messages().cloned().collect();
        let last = has.last().map_or(excerpt.from(), |message| message.seq);
        let mut kept = self.server.messages();
        kept.retain(|message| message.seq > excerpt.from() && message.seq <= last);
        Some((has, kept))
    }

    /// Down to the newest message.
    fn scroll_down(&mut self) {
        while self.client.room(ROOM).is_some_and(|room| room.excerpt().is_some()) {
            self.give(Input::LoadNewer(ROOM));
            let (question, page) = self.pages.pop_front().expect("there is more to come");
            self.give(Input::HistoryArrived { question, page });
        }
    }
}

/// How many replies a thread had when its message was posted, nobody asks.
fn settled(mut message: Message) -> Message {
    message.said.reply.iter_mut().for_each(|reply| reply.replies = 0);
    message
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_client_comes_to_have_what_the_server_has(turns in prop::collection::vec(turn(), 0..250)) {
        let mut world = World::new();
        for turn in &turns {
            world.play(turn);
        }
        world.heal();
        prop_assert_eq!(world.client.connection(), Connection::Online);

        if let Some((has, kept)) = world.excerpt() {
            let [has, kept] = [has, kept].map(|all| all.into_iter().map(settled).collect::<Vec<_>>());
            prop_assert_eq!(has, kept, "an excerpt is as the server has it");
        }
        world.scroll_down();
        let kept = world.server.messages();
        let has: Vec<Message> = world.client.room(ROOM).unwrap().timeline().messages().cloned().collect();
        prop_assert_eq!(
            has.into_iter().map(settled).collect::<Vec<_>>(),
            kept.iter().cloned().map(settled).collect::<Vec<_>>()
        );
        let shown: Vec<String> = world.client.rows(ROOM).map(|row| row.text.as_str().to_owned()).collect();
        let kept: Vec<String> = kept.iter().map(|m| m.said.text.as_str().to_owned()).collect();
        prop_assert_eq!(&shown, &kept, "nothing is still to be done");
        let state = |seq| if seq <= world.server.theirs.read { RowState::Read } else { RowState::Kept };
        for (row, message) in world.client.rows(ROOM).zip(world.server.messages()) {
            let expected = if message.said.author.id == ME { state(message.seq) } else { RowState::Kept };
            prop_assert_eq!(row.state, expected, "{}", message.seq);
        }
        let room = world.client.room(ROOM).unwrap();
        prop_assert_eq!(room.unread(), world.server.unread());
        prop_assert_eq!(room.marks(), world.server.mine, "the server knows what was read and what came");
        prop_assert!(!world.client.room(ROOM).unwrap().timeline().has_older());

        let said = world.server.log.iter().filter_map(Event::message).map(|message| message.said.text.as_str().to_owned());
        let mine: Vec<String> = said.filter(|text| text.starts_with("mine")).collect();
        prop_assert_eq!(mine, world.said);
    }
}
