//! A direct chat as one side sees it: ticks, presence, typing, what is unread, and what a reload leaves.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use client::{Client, Effect, Input, Memory, Question, RowState, Unsent, What};
use model::{
    Body, Change, ClientKey, Epoch, Event, Line, Marks, MemberMarks, NoticePrefs, Person, Posted, Presence, Room,
    RoomId, RoomName, Said, Seen, Seq, Signal, Stream, Timestamp, UserId, Username, Visibility,
};
use protocol::{
    Code, FromClient, FromServer, Limits, Me, Refused, RoomHead, encode,
    http::{History, RoomMarks},
};

const CHAT: RoomId = RoomId::new(6);
const ALICE: UserId = UserId::new(7);
const BOB: UserId = UserId::new(8);

fn person(id: UserId) -> Person {
    Person::new(id, Username::kept(if id == ALICE { "alice" } else { "bob" }.into()))
}

fn marks(delivered: u64, read: u64) -> Marks {
    Marks { delivered: Seq::new(delivered), read: Seq::new(read) }
}

fn hello_to(you: UserId, head: u64, own: Marks, unread: u32) -> FromServer {
    let name = RoomName::kept("alice, bob".into());
    let people = vec![person(ALICE), person(BOB)];
    let room = Room { id: CHAT, name, visibility: Visibility::Direct, topic: None, people };
    FromServer::Hello {
        protocol: 1,
        epoch: Epoch::new("e"),
        you: Me { person: person(you), admin: false, receipts: true, notices: NoticePrefs::default() },
        head: Seq::ZERO,
        rooms: vec![RoomHead {
            room,
            head: Seq::new(head),
            marks: own,
            unread,
            prefs: model::RoomPrefs::default(),
            last_at: None,
        }],
        regards: Vec::new(),
        limits: Limits::HERE,
    }
}

fn in_chat(seq: u64, change: Change) -> FromServer {
    FromServer::Event(Event { stream: Stream::Room(CHAT), seq: Seq::new(seq), at: Timestamp::from_ms(1), change })
}

fn said(seq: u64, author: UserId, key: &str) -> FromServer {
    let (key, text) = (ClientKey::parse(key).unwrap(), Body::parse("hello").unwrap());
    in_chat(seq, Change::MessagePosted(Box::new(Said::new(person(author), key, text))))
}

fn bob_came_to(seq: u64, marks: Marks) -> FromServer {
    in_chat(seq, Change::MarksMoved(MemberMarks { member: BOB, marks }))
}

struct Scene {
    client: Client,
    now_ms: u64,
}

impl Scene {
    fn greeted(hello: &FromServer) -> (Self, Vec<FromClient>) {
        let mut scene = Self { client: Client::new([1, 2]), now_ms: 0 };
        scene.gives(Input::Connect);
        let out = scene.hears(hello);
        (scene, out)
    }

    fn gives(&mut self, input: Input) -> Vec<Effect> {
        self.client.step(self.now_ms, input)
    }

    /// What the client says to this frame.
    fn hears(&mut self, frame: &FromServer) -> Vec<FromClient> {
        sent(self.gives(Input::Frame(encode(frame))))
    }

    fn posts(&mut self, text: &str) -> Vec<Effect> {
        self.gives(Input::Post {
            room: CHAT,
            text: Body::parse(text).unwrap(),
            files: Vec::new(),
            reply: None,
            at: Timestamp::from_ms(5),
        })
    }

    fn states(&self) -> Vec<RowState> {
        self.client.rows(CHAT).map(|row| row.state).collect()
    }

    fn unread(&self) -> u32 {
        self.client.room(CHAT).unwrap().unread()
    }
}

fn sent(out: Vec<Effect>) -> Vec<FromClient> {
    out.into_iter().filter_map(|effect| if let Effect::Send(frame) = effect { Some(frame) } else { None }).collect()
}

fn post_of(out: &[FromClient]) -> Option<String> {
    out.iter().find_map(|frame| if let FromClient::Post { key, .. } = frame { Some(key.clone()) } else { None })
}

#[test]
fn a_tick_is_shown_when_a_device_has_it_and_two_when_it_was_read() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    let key = post_of(&sent(scene.posts("hello"))).unwrap();
    assert_eq!(scene.states(), [RowState::Sending]);
    let posted =
        Posted { room: CHAT, key: ClientKey::parse(&key).unwrap(), seq: Seq::new(1), at: Timestamp::from_ms(1) };
    scene.hears(&FromServer::Posted(posted));
    assert_eq!(scene.states(), [RowState::Kept]);
    scene.hears(&said(1, ALICE, &key));
    assert_eq!(scene.states(), [RowState::Kept]);
    scene.hears(&bob_came_to(2, marks(1, 0)));
    assert_eq!(scene.states(), [RowState::Delivered]);
    scene.hears(&bob_came_to(3, marks(1, 1)));
    assert_eq!(scene.states(), [RowState::Read]);
    scene.hears(&bob_came_to(4, marks(1, 0)));
    assert_eq!(scene.states(), [RowState::Read], "never backwards");
    assert_eq!(scene.client.rows(CHAT).map(|row| row.readers).collect::<Vec<_>>(), [1]);
}

#[test]
fn a_device_says_that_it_has_a_message_and_read_only_what_was_seen() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    assert_eq!(scene.hears(&said(1, BOB, "b1")), [FromClient::mark(CHAT, marks(1, 0))]);
    assert_eq!(scene.unread(), 1);
    assert_eq!(scene.hears(&said(2, BOB, "b2")), [], "not a word for each");
    let due = scene.client.wake_at().unwrap();
    assert!(due <= 300, "somebody waits for the tick: {due}");
    scene.now_ms = due;
    assert_eq!(sent(scene.gives(Input::Tick)), [FromClient::mark(CHAT, marks(2, 0))]);
    assert_eq!(scene.hears(&bob_came_to(3, marks(3, 3))), [], "marks are not answered by marks");
    scene.now_ms += 1_000;
    let out = sent(scene.gives(Input::Saw { room: CHAT, seq: Seq::new(2) }));
    assert_eq!((out, scene.unread()), (vec![FromClient::mark(CHAT, marks(2, 2))], 0));
}

#[test]
fn what_was_read_on_another_device_is_read_here() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    for seq in 1..=3 {
        scene.hears(&said(seq, BOB, &format!("b{seq}")));
    }
    let change = Change::RoomRead { room: CHAT, read: Seq::new(2), unread: 0, head: Seq::new(2) };
    let own = Event { stream: Stream::User(ALICE), seq: Seq::new(1), at: Timestamp::from_ms(1), change };
    scene.hears(&FromServer::Event(own));
    assert_eq!(scene.unread(), 1, "the third came after the count");
}

#[test]
fn undelivered_messages_are_fetched_before_they_count_as_delivered() {
    let (mut scene, out) = Scene::greeted(&hello_to(ALICE, 3, marks(1, 1), 2));
    assert!(!out.iter().any(|frame| matches!(frame, FromClient::Mark { .. })), "{out:?}");
    let before = Question::before(CHAT, Seq::new(4));
    let message = |seq| {
        let FromServer::Event(event) = said(seq, BOB, &format!("b{seq}")) else { unreachable!() };
        event.message().unwrap()
    };
    let page = History {
        room: CHAT,
        epoch: Epoch::new("e"),
        head: Seq::new(3),
        messages: vec![message(2), message(3)],
        older: false,
        newer: false,
        people: Vec::new(),
    };
    let out = sent(scene.gives(Input::HistoryArrived { question: before, page }));
    assert_eq!(out, [FromClient::mark(CHAT, marks(3, 1))]);
    assert_eq!(scene.unread(), 2);
}

#[test]
fn a_page_that_opens_in_a_chat_knows_where_reading_stopped() {
    let mut scene = Scene { client: Client::new([1, 2]), now_ms: 0 };
    scene.gives(Input::Open(Some(CHAT)));
    scene.gives(Input::Connect);
    scene.hears(&hello_to(ALICE, 3, marks(1, 1), 2));
    let line = |scene: &Scene| scene.client.room(CHAT).unwrap().line();
    assert_eq!(line(&scene), Some(Seq::new(1)));
    // All of it is read; then the connection is lost, and something is said meanwhile.
    scene.hears(&FromServer::Event(Event {
        stream: Stream::User(ALICE),
        seq: Seq::new(1),
        at: Timestamp::from_ms(1),
        change: Change::RoomRead { room: CHAT, read: Seq::new(3), unread: 0, head: Seq::new(3) },
    }));
    for (head, unread, expected) in [(3, 0, 1), (5, 2, 3), (6, 3, 3)] {
        scene.gives(Input::SocketClosed { code: 1006 });
        scene.gives(Input::Connect);
        scene.hears(&hello_to(ALICE, head, marks(3, 3), unread));
        assert_eq!(line(&scene), Some(Seq::new(expected)), "head {head}");
    }
}

#[test]
fn writing_is_shown_for_five_seconds_or_until_it_is_said() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    let typing = FromServer::Signal { signal: Signal::Typing { room: CHAT, person: person(BOB) } };
    scene.hears(&typing);
    assert_eq!(scene.client.typists(CHAT).count(), 1);
    assert_eq!(scene.client.wake_at(), Some(5_000));
    scene.now_ms = 5_000;
    assert!(scene.gives(Input::Tick).contains(&Effect::Changed(What::Typists(CHAT))));
    assert_eq!(scene.client.typists(CHAT).count(), 0);
    scene.hears(&typing);
    scene.hears(&said(1, BOB, "b1"));
    assert_eq!(scene.client.typists(CHAT).count(), 0);
}

#[test]
fn writing_is_said_now_and_then_and_not_for_an_empty_composer() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    let draft = |text: &str| Input::Draft { room: CHAT, text: text.into() };
    assert_eq!(sent(scene.gives(draft(" "))), []);
    assert_eq!(sent(scene.gives(draft("h"))), [FromClient::Typing { room: CHAT }]);
    scene.now_ms = 2_000;
    assert_eq!(sent(scene.gives(draft("he"))), []);
    scene.now_ms = 2_500;
    assert_eq!(sent(scene.gives(draft("hel"))), [FromClient::Typing { room: CHAT }]);
    scene.posts("hello");
    assert_eq!(sent(scene.gives(draft("a"))), [FromClient::Typing { room: CHAT }], "the next message is news");
}

#[test]
fn the_partners_of_direct_chats_are_watched_and_whoever_is_on_the_screen() {
    let (mut scene, out) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    assert!(out.contains(&FromClient::Watch { people: vec![BOB] }), "{out:?}");
    let seen = Seen { person: BOB, presence: Presence::Offline, last_seen: Some(Timestamp::from_ms(9)) };
    scene.hears(&FromServer::Signal { signal: Signal::Presence { people: vec![seen] } });
    assert_eq!(scene.client.seen(BOB), Some(seen));
    let shown = BTreeSet::from([UserId::new(9), ALICE]);
    let out = sent(scene.gives(Input::ShowPeople(shown)));
    assert_eq!(out, [FromClient::Watch { people: vec![BOB, UserId::new(9)] }], "nobody watches themselves");
    assert_eq!(sent(scene.gives(Input::ShowPeople(BTreeSet::new()))), [FromClient::Watch { people: vec![BOB] }]);
    assert_eq!(scene.hears(&in_chat(1, Change::MemberLeft { member: person(BOB) })).len(), 1, "asked anew");
    scene.gives(Input::SocketClosed { code: 1006 });
    assert_eq!(scene.client.seen(BOB), None, "nobody knows");
}

#[test]
fn what_was_said_offline_survives_a_reload_and_arrives_once_in_order() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    scene.gives(Input::SocketClosed { code: 1006 });
    let mut kept: Vec<Unsent> = Vec::new();
    for text in ["one", "two", "three"] {
        for effect in scene.posts(text) {
            if let Effect::Keep(unsent) = effect {
                kept.push(unsent);
            }
        }
    }
    assert_eq!((kept.len(), scene.client.unsent()), (3, 3));

    // The page is loaded again: the driver gives back what it was told to keep, in whatever order it finds it.
    let mut first = Scene { client: Client::new([5, 6]), now_ms: 0 };
    kept.rotate_left(1);
    let home = home_of(&hello_to(ALICE, 0, Marks::default(), 0));
    let drafts = [(CHAT, "half a".to_owned())].into();
    first.gives(Input::Remember(Memory { home: Some(home), unsent: kept.clone(), drafts }));
    assert_eq!(first.client.room(CHAT).unwrap().draft(), "half a");
    let shown: Vec<_> = first.client.rows(CHAT).map(|row| (row.text.as_str().to_owned(), row.state)).collect();
    assert_eq!(shown.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["one", "two", "three"]);
    assert!(shown.iter().all(|(_, state)| *state == RowState::Sending));

    first.gives(Input::Connect);
    let mut out = first.hears(&hello_to(ALICE, 0, Marks::default(), 0));
    for seq in 1..=3 {
        let key = ClientKey::parse(&post_of(&out).unwrap()).unwrap();
        assert!(kept.iter().any(|unsent| unsent.key == key), "the name is the one that it had");
        let posted = Posted { room: CHAT, key: key.clone(), seq: Seq::new(seq), at: Timestamp::from_ms(1) };
        let effects = first.gives(Input::Frame(encode(&FromServer::Posted(posted))));
        assert!(effects.contains(&Effect::Forget(key.clone())));
        out = sent(effects);
        first.hears(&said(seq, ALICE, key.as_str()));
    }
    assert_eq!((post_of(&out), first.client.unsent()), (None, 0));
}

#[test]
fn what_one_person_left_is_not_shown_to_another() {
    let home = home_of(&hello_to(ALICE, 0, Marks::default(), 0));
    let key = ClientKey::parse("k").unwrap();
    let text = Body::parse("for bob alone").unwrap();
    let unsent = vec![Unsent {
        room: CHAT,
        epoch: Epoch::new("e"),
        key,
        text,
        files: Vec::new(),
        reply: None,
        at: Timestamp::from_ms(0),
        turn: 0,
    }];
    let mut scene = Scene { client: Client::new([5, 6]), now_ms: 0 };
    scene.gives(Input::Remember(Memory { home: Some(home), unsent, drafts: BTreeMap::new() }));
    scene.gives(Input::Connect);
    let out = scene.gives(Input::Frame(encode(&hello_to(BOB, 0, Marks::default(), 0))));
    assert!(out.contains(&Effect::Wipe));
    assert_eq!((post_of(&sent(out)), scene.client.rows(CHAT).count()), (None, 0));
}

/// What a driver is told to keep when the server says this.
fn home_of(hello: &FromServer) -> client::Home {
    let mut client = Client::new([3, 4]);
    client.step(0, Input::Connect);
    let out = client.step(0, Input::Frame(encode(hello)));
    let home = out.into_iter().find_map(|effect| if let Effect::KeepHome(home) = effect { Some(*home) } else { None });
    home.unwrap()
}

#[test]
fn a_tick_does_not_go_back_when_events_were_passed_over() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    scene.gives(Input::Open(Some(CHAT)));
    scene.hears(&said(1, ALICE, "a1"));
    scene.hears(&bob_came_to(2, marks(1, 1)));
    assert_eq!(scene.states(), [RowState::Read]);
    let reset = |head| FromServer::Reset {
        room: CHAT,
        epoch: Epoch::new("e"),
        head: Seq::new(head),
        marks: Marks::default(),
        unread: 0,
        topic: None,
    };
    let out = scene.gives(Input::Frame(encode(&reset(2_000))));
    assert!(out.contains(&Effect::FetchMarks(CHAT)), "what has become of them meanwhile is asked");
    let FromServer::Event(event) = said(1, ALICE, "a1") else { unreachable!() };
    let page = History {
        room: CHAT,
        epoch: Epoch::new("e"),
        head: Seq::new(2_000),
        messages: vec![event.message().unwrap()],
        older: false,
        newer: false,
        people: Vec::new(),
    };
    scene.gives(Input::HistoryArrived { question: Question::before(CHAT, Seq::new(2_001)), page });
    assert_eq!(scene.states(), [RowState::Read]);
}

#[test]
fn receipts_that_were_turned_off_are_not_shown_and_those_turned_on_are_asked_for() {
    let with = |receipts| {
        let mut hello = hello_to(ALICE, 1, Marks::at(Seq::new(1)), 0);
        if let FromServer::Hello { you, .. } = &mut hello {
            you.receipts = receipts;
        }
        hello
    };
    let page = RoomMarks {
        room: CHAT,
        epoch: Epoch::new("e"),
        head: Seq::new(1),
        marks: vec![MemberMarks { member: BOB, marks: marks(1, 1) }],
    };
    let mut scene = Scene { client: Client::new([1, 2]), now_ms: 0 };
    scene.gives(Input::Open(Some(CHAT)));
    scene.gives(Input::Connect);
    assert!(scene.gives(Input::Frame(encode(&with(true)))).contains(&Effect::FetchMarks(CHAT)));
    let off = Change::ReceiptsSet { on: false };
    let own = Event { stream: Stream::User(ALICE), seq: Seq::new(1), at: Timestamp::from_ms(1), change: off };
    scene.hears(&FromServer::Event(own));
    scene.gives(Input::MarksArrived(page.clone()));
    let told = |scene: &Scene| scene.client.room(CHAT).unwrap().receipts().of(BOB);
    assert_eq!(told(&scene), Marks::default(), "the page was asked for before");
    // Turned on again while this device was away.
    scene.gives(Input::SocketClosed { code: 1006 });
    scene.gives(Input::Connect);
    assert!(scene.gives(Input::Frame(encode(&with(true)))).contains(&Effect::FetchMarks(CHAT)));
    scene.gives(Input::MarksArrived(page));
    assert_eq!(told(&scene), marks(1, 1));
}

#[test]
fn a_watch_that_was_refused_or_is_void_is_said_again() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    let watch = FromClient::Watch { people: vec![BOB] };
    let refused = Refused { frame: Some("watch".into()), ..Refused::new(Code::TooFast, "slow") };
    assert_eq!(scene.hears(&FromServer::Refused(refused)), []);
    let ping = FromServer::Ping { heads: [(Stream::Room(CHAT), Seq::ZERO)].into() };
    assert_eq!(scene.hears(&ping), [FromClient::Pong {}, watch.clone()]);
    assert_eq!(scene.hears(&ping), [FromClient::Pong {}]);
    let void = FromServer::Signal { signal: Signal::Presence { people: Vec::new() } };
    assert_eq!(scene.hears(&void), std::slice::from_ref(&watch));
    // Who shares a room now may be told of now.
    let room = Room {
        id: RoomId::new(9),
        name: RoomName::kept("lobby".into()),
        visibility: Visibility::Public,
        topic: None,
        people: Vec::new(),
    };
    let change = Change::RoomJoined { room, head: Seq::ZERO };
    let own = Event { stream: Stream::User(ALICE), seq: Seq::new(1), at: Timestamp::from_ms(1), change };
    assert!(scene.hears(&FromServer::Event(own)).contains(&watch));
}

#[test]
fn the_newest_word_of_a_person_counts_whichever_way_it_came() {
    let (mut scene, _) = Scene::greeted(&hello_to(ALICE, 0, Marks::default(), 0));
    let bob = |version| Person { display: Some(Line::kept(format!("Bob, as of {version}"))), version, ..person(BOB) };
    let shown = |scene: &Scene| {
        let room = scene.client.room(CHAT).unwrap().info().people[1].called().to_owned();
        let rows: Vec<_> = scene.client.rows(CHAT).map(|row| row.author.called().to_owned()).collect();
        (room, rows)
    };
    scene.hears(&said(1, BOB, "b1"));
    let changed = scene.gives(Input::Frame(encode(&in_chat(2, Change::ProfileSet { person: bob(2) }))));
    assert!(changed.iter().any(|effect| matches!(effect, Effect::KeepHome(_))), "the next start knows it, too");
    let second = "Bob, as of 2".to_owned();
    assert_eq!(shown(&scene), (second.clone(), vec![second.clone()]));
    // Older words come late: on this stream, and in what is said.
    scene.hears(&in_chat(3, Change::ProfileSet { person: bob(1) }));
    scene.hears(&said(4, BOB, "b2"));
    assert_eq!(shown(&scene), (second.clone(), vec![second.clone(), second]));
    // A new connection's hello may have been read before; a newer one holds everywhere.
    scene.gives(Input::SocketClosed { code: 1006 });
    scene.gives(Input::Connect);
    scene.hears(&hello_to(ALICE, 4, Marks::default(), 0));
    assert_eq!(shown(&scene).0, "Bob, as of 2");
    let author = bob(3);
    let (key, text) = (ClientKey::parse("b3").unwrap(), Body::parse("hello").unwrap());
    scene.hears(&in_chat(5, Change::MessagePosted(Box::new(Said::new(author, key, text)))));
    assert_eq!(shown(&scene).0, "Bob, as of 3");
    assert!(shown(&scene).1.iter().all(|called| called == "Bob, as of 3"));
}
