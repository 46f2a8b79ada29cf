//! A client and a tiny server with a line between them that loses, repeats and reorders what the server says, and breaks.
//! Whatever happened, once the line is good again both have the same list, the same marks and the same number of unread
//! messages, and every message was kept exactly once.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::VecDeque;

use client::{Before, Client, Connection, Effect, Input, RowState};
use model::{
    Body, Change, ClientKey, Cursor, Epoch, Event, Marks, MemberMarks, Message, Person, Posted, Room, RoomId, RoomName,
    Seq, SessionId, Stream, Timestamp, UserId, Username, Visibility, limits::UNREAD_MAX,
};
use proptest::prelude::*;
use protocol::{
    Code, FromClient, FromServer, Limits, Me, Refused, RoomHead, encode,
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
        let unread = self.messages().iter().filter(|m| m.seq > self.mine.read && m.author.id != ME).count();
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

    fn messages(&self) -> Vec<Message> {
        let deleted: Vec<Seq> = self
            .log
            .iter()
            .filter_map(
                |event| if let Change::MessageDeleted { message } = event.change { Some(message) } else { None },
            )
            .collect();
        let as_it_is_now = |message: Message| {
            let deleted = deleted.contains(&message.seq);
            let text = if deleted { Body::default() } else { message.text };
            Message { text, deleted, ..message }
        };
        self.log.iter().filter_map(Event::message).map(as_it_is_now).collect()
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
            Some(FromClient::Post { key, text, .. }) => self.post(&key, &text),
            Some(FromClient::Delete { message, .. }) => self.delete(message, ME),
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

    fn post(&mut self, key: &str, text: &str) {
        if std::mem::take(&mut self.refuse_next) {
            let refused = Refused { retry_after_ms: Some(300), ..Refused::new(Code::TooFast, "slow") };
            let frame = Some("post".into());
            self.says(FromServer::Refused(Refused { frame, key: Some(key.into()), room: Some(ROOM), ..refused }));
            return;
        }
        let key = ClientKey::parse(key).unwrap();
        let kept = self.messages().into_iter().find(|message| message.author.id == ME && message.key == key);
        let (seq, at) = if let Some(message) = kept {
            assert!(message.deleted || message.text.as_str() == text);
            (message.seq, message.at)
        } else {
            let text = Body::parse(text).unwrap();
            let event =
                self.record(Change::MessagePosted { author: person(ME), key: key.clone(), text, files: Vec::new() });
            (event.seq, event.at)
        };
        self.says(FromServer::Posted(Posted { room: ROOM, key, seq, at }));
    }

    fn delete(&mut self, seq: Seq, author: UserId) {
        let there = |message: &Message| message.seq == seq && message.author.id == author && !message.deleted;
        if self.messages().iter().any(there) {
            self.record(Change::MessageDeleted { message: seq });
        }
    }

    fn page(&self, before: Before) -> History {
        let all: Vec<Message> = self.messages().into_iter().filter(|message| message.seq < before.seq).collect();
        let skip = all.len().saturating_sub(PAGE);
        History {
            room: ROOM,
            epoch: self.epoch(),
            head: self.head(),
            messages: all[skip..].to_vec(),
            older: skip > 0,
            newer: false,
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
    pages: VecDeque<(Before, History)>,
    marks: VecDeque<RoomMarks>,
}

#[derive(Clone, Debug)]
enum Turn {
    OtherPosts,
    OtherMoves,
    OtherDeletes(u8),
    IDelete(u8),
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
            Turn::IPost => self.i_post(),
            Turn::OtherDeletes(up) => self.other_deletes(usize::from(*up)),
            Turn::IDelete(up) => self.i_delete(usize::from(*up)),
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
                    self.give(Input::HistoryArrived { before, page });
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
        self.server.record(Change::MessagePosted { author: person(UserId::new(1)), key, text, files: Vec::new() });
    }

    fn i_post(&mut self) {
        let text = format!("mine {}", self.said.len());
        // Without a room in its list the client has nothing to say it in.
        if self.client.room(ROOM).is_some() {
            self.said.push(text.clone());
            let text = Body::parse(&text).unwrap();
            self.give(Input::Post { room: ROOM, text, files: Vec::new(), at: Timestamp::from_ms(0) });
        }
    }

    fn other_deletes(&mut self, up: usize) {
        let theirs = self.server.messages().into_iter().rev().filter(|message| message.author.id != ME);
        if let Some(message) = theirs.skip(up).find(|message| !message.deleted) {
            self.server.delete(message.seq, message.author.id);
        }
    }

    fn i_delete(&mut self, up: usize) {
        let own = self.client.rows(ROOM).filter(|row| row.author.id == ME && !row.deleted);
        if let Some(message) = own.filter_map(|row| row.seq).collect::<Vec<_>>().into_iter().rev().nth(up) {
            self.give(Input::Delete { room: ROOM, message });
        }
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
                self.give(Input::HistoryArrived { before, page });
            }
            while let Some(page) = self.marks.pop_front() {
                self.give(Input::MarksArrived(page));
            }
            self.give(Input::LoadOlder(ROOM));
        }
    }
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

        let kept: Vec<String> = world.server.messages().iter().map(|m| m.text.as_str().to_owned()).collect();
        let shown: Vec<String> = world.client.rows(ROOM).map(|row| row.text.as_str().to_owned()).collect();
        prop_assert_eq!(&shown, &kept);
        let state = |seq| if seq <= world.server.theirs.read { RowState::Read } else { RowState::Kept };
        for (row, message) in world.client.rows(ROOM).zip(world.server.messages()) {
            let expected = if message.author.id == ME { state(message.seq) } else { RowState::Kept };
            prop_assert_eq!(row.state, expected, "{}", message.seq);
        }
        let room = world.client.room(ROOM).unwrap();
        prop_assert_eq!(room.unread(), world.server.unread());
        prop_assert_eq!(room.marks(), world.server.mine, "the server knows what was read and what came");
        prop_assert!(!world.client.room(ROOM).unwrap().timeline().has_older());

        let said = world.server.log.iter().filter_map(Event::message).map(|message| message.text.as_str().to_owned());
        let mine: Vec<String> = said.filter(|text| text.starts_with("mine")).collect();
        prop_assert_eq!(mine, world.said);
    }
}
