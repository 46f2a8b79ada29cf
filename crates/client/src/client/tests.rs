//! Scenes between one person's client and a server that says exactly what the scene wants.

use std::collections::BTreeMap;

use model::{
    Body, Change, ClientKey, Event, Marks, NoticePrefs, Person, Posted, RoomName, Said, SessionId, Stream, Timestamp,
    UserId, Username, Visibility,
};
use protocol::{Code, Limits, Refused, RoomHead, encode, http::History};

use super::*;
use crate::{Question, RowState, Side};

const ROOM: RoomId = RoomId::new(5);

fn person(id: i64, name: &str) -> Person {
    Person::new(UserId::new(id), Username::kept(name.into()))
}

fn lobby() -> model::Room {
    model::Room {
        id: ROOM,
        name: RoomName::kept("lobby".into()),
        visibility: Visibility::Public,
        topic: None,
        people: Vec::new(),
    }
}

fn hello(epoch: &str, head: u64) -> FromServer {
    FromServer::Hello {
        protocol: 1,
        epoch: Epoch::new(epoch),
        you: Me { person: person(7, "alice"), admin: false, receipts: true, notices: NoticePrefs::default() },
        head: Seq::new(3),
        rooms: vec![RoomHead {
            room: lobby(),
            head: Seq::new(head),
            marks: Marks::at(Seq::new(head)),
            unread: 0,
            prefs: model::RoomPrefs::default(),
            last_at: None,
        }],
        regards: Vec::new(),
        limits: Limits::HERE,
    }
}

fn said(seq: u64, author: Person, key: &str, text: &str) -> FromServer {
    let said = Said::new(author, ClientKey::parse(key).unwrap(), Body::parse(text).unwrap());
    let change = Change::MessagePosted(Box::new(said));
    FromServer::Event(Event { stream: Stream::Room(ROOM), seq: Seq::new(seq), at: Timestamp::from_ms(1), change })
}

fn bob_said(seq: u64) -> FromServer {
    said(seq, person(1, "bob"), &format!("b{seq}"), &format!("bob {seq}"))
}

fn to_alice(seq: u64, change: Change) -> FromServer {
    let stream = Stream::User(UserId::new(7));
    FromServer::Event(Event { stream, seq: Seq::new(seq), at: Timestamp::from_ms(1), change })
}

fn ping(room: u64, own: u64) -> FromServer {
    let heads = [(Stream::Room(ROOM), Seq::new(room)), (Stream::User(UserId::new(7)), Seq::new(own))];
    FromServer::Ping { heads: BTreeMap::from(heads) }
}

struct Scene {
    client: Client,
    now_ms: u64,
}

impl Scene {
    /// Connected, in the lobby, listening from 10.
    fn new() -> Self {
        let mut scene = Self { client: Client::new([1, 2]), now_ms: 0 };
        assert!(scene.gives(Input::Connect).contains(&Effect::Connect));
        let out = scene.hears(&hello("e", 10));
        assert!(out.contains(&subscribe("e", 10)), "{out:?}");
        scene.hears(&FromServer::Subscribed { room: ROOM, head: Seq::new(10) });
        scene
    }

    fn gives(&mut self, input: Input) -> Vec<Effect> {
        self.client.step(self.now_ms, input)
    }

    fn hears(&mut self, frame: &FromServer) -> Vec<Effect> {
        self.gives(Input::Frame(encode(frame)))
    }

    fn posts(&mut self, text: &str) -> Vec<Effect> {
        self.gives(Input::Post {
            room: ROOM,
            text: Body::parse(text).unwrap(),
            files: Vec::new(),
            reply: None,
            at: Timestamp::from_ms(0),
        })
    }

    fn shows(&self) -> Vec<(String, RowState)> {
        self.client.rows(ROOM).map(|row| (row.text.as_str().to_owned(), row.state)).collect()
    }

    fn texts(&self) -> Vec<String> {
        self.shows().into_iter().map(|(text, _)| text).collect()
    }
}

fn subscribe(epoch: &str, seq: u64) -> Effect {
    let since = Some(Cursor { epoch: Epoch::new(epoch), seq: Seq::new(seq) });
    Effect::Send(FromClient::Subscribe { room: ROOM, since })
}

fn post_in(out: &[Effect]) -> Option<(String, String)> {
    out.iter().find_map(|effect| {
        let Effect::Send(FromClient::Post { key, text, .. }) = effect else { return None };
        Some((key.clone(), text.clone()))
    })
}

#[test]
fn events_apply_once_in_order_and_a_gap_is_asked_for() {
    let mut scene = Scene::new();
    scene.hears(&bob_said(11));
    scene.hears(&bob_said(11));
    let out = scene.hears(&bob_said(13));
    assert_eq!(out, [subscribe("e", 11)]);
    assert_eq!(scene.hears(&bob_said(14)), [], "asked for once");
    scene.hears(&FromServer::Subscribed { room: ROOM, head: Seq::new(14) });
    for seq in 12..=14 {
        scene.hears(&bob_said(seq));
    }
    assert_eq!(scene.texts(), ["bob 11", "bob 12", "bob 13", "bob 14"]);
}

#[test]
fn a_head_that_stays_beyond_the_cursor_is_asked_for() {
    let mut scene = Scene::new();
    assert_eq!(scene.hears(&ping(12, 3)), [Effect::Send(FromClient::Pong {})], "it may be on its way");
    let out = scene.hears(&ping(12, 3));
    assert_eq!(out, [Effect::Send(FromClient::Pong {}), subscribe("e", 10)]);
    scene.hears(&ping(12, 3));
    scene.hears(&bob_said(11));
    scene.hears(&bob_said(12));
    assert_eq!(scene.hears(&ping(12, 3)).len(), 1);
}

#[test]
fn a_lost_word_about_oneself_brings_a_new_connection() {
    let mut scene = Scene::new();
    let out = scene.hears(&to_alice(5, Change::SessionClosed { session: SessionId::new(1) }));
    assert!(out.contains(&Effect::Disconnect) && matches!(scene.client.connection(), Connection::Offline { .. }));
    let mut scene = Scene::new();
    scene.hears(&ping(10, 4));
    assert!(scene.hears(&ping(10, 4)).contains(&Effect::Disconnect));
}

#[test]
fn behind_means_every_room_from_its_cursor() {
    let mut scene = Scene::new();
    scene.hears(&bob_said(11));
    assert_eq!(scene.hears(&FromServer::Behind {}), [subscribe("e", 11)]);
}

#[test]
fn opening_a_room_reads_its_last_page_and_the_top_the_one_before() {
    let mut scene = Scene::new();
    let before = Question::before(ROOM, Seq::new(11));
    assert!(scene.gives(Input::Open(Some(ROOM))).contains(&Effect::FetchHistory(before)));
    scene.hears(&bob_said(11));
    let old = |seq| {
        let FromServer::Event(event) = bob_said(seq) else { unreachable!() };
        event.message().unwrap()
    };
    let page = History {
        room: ROOM,
        epoch: Epoch::new("e"),
        head: Seq::new(11),
        messages: vec![old(9), old(10), old(11)],
        older: true,
        newer: false,
        people: Vec::new(),
    };
    scene.gives(Input::HistoryArrived { question: before, page });
    assert_eq!(scene.texts(), ["bob 9", "bob 10", "bob 11"]);
    let before = Question::before(ROOM, Seq::new(9));
    assert!(scene.gives(Input::LoadOlder(ROOM)).contains(&Effect::FetchHistory(before)));
    scene.gives(Input::HistoryFailed(before));
    assert!(scene.client.room(ROOM).unwrap().timeline().has_failed());
}

#[test]
fn another_life_of_the_database_voids_what_was_known() {
    let mut scene = Scene::new();
    scene.gives(Input::Open(Some(ROOM)));
    scene.hears(&bob_said(11));
    scene.gives(Input::SocketClosed { code: 1006 });
    scene.gives(Input::Connect);
    let out = scene.hears(&hello("f", 4));
    assert!(out.contains(&subscribe("f", 4)), "{out:?}");
    assert!(out.contains(&Effect::FetchHistory(Question::before(ROOM, Seq::new(5)))));
    assert!(scene.texts().is_empty());
}

#[test]
fn a_reset_begins_again_from_the_head() {
    let mut scene = Scene::new();
    scene.gives(Input::Open(Some(ROOM)));
    scene.hears(&bob_said(11));
    let out = scene.hears(&FromServer::Reset {
        room: ROOM,
        epoch: Epoch::new("e"),
        head: Seq::new(2_000),
        marks: Marks::at(Seq::new(1_990)),
        unread: 4,
        topic: None,
    });
    assert!(out.contains(&Effect::FetchHistory(Question::before(ROOM, Seq::new(2_001)))));
    scene.hears(&bob_said(2_001));
    assert_eq!(scene.texts(), ["bob 2001"]);
    assert_eq!(scene.client.room(ROOM).unwrap().unread(), 5);
}

#[test]
fn a_message_of_ones_own_shows_once_whichever_word_comes_first() {
    for receipt_first in [true, false] {
        let mut scene = Scene::new();
        let (key, _) = post_in(&scene.posts("hi")).unwrap();
        assert_eq!(scene.shows(), [("hi".into(), RowState::Sending)]);
        let name = ClientKey::parse(&key).unwrap();
        let receipt =
            FromServer::Posted(Posted { room: ROOM, key: name, seq: Seq::new(12), at: Timestamp::from_ms(5) });
        let event = said(12, person(7, "alice"), &key, "hi");
        if receipt_first {
            scene.hears(&receipt);
            assert_eq!(scene.shows(), [("hi".into(), RowState::Kept)]);
        }
        scene.hears(&bob_said(11));
        scene.hears(&event);
        scene.hears(&receipt);
        assert_eq!(scene.texts(), ["bob 11", "hi"]);
        assert_eq!(scene.client.room(ROOM).unwrap().pending().count(), 0);
    }
}

#[test]
fn what_was_not_answered_is_sent_again_under_the_same_name() {
    let mut scene = Scene::new();
    let (key, _) = post_in(&scene.posts("one")).unwrap();
    assert_eq!(post_in(&scene.posts("two")), None, "one at a time");
    scene.gives(Input::SocketClosed { code: 1006 });
    assert_eq!(post_in(&scene.posts("three")), None);
    scene.gives(Input::Connect);
    let out = scene.hears(&hello("e", 10));
    assert_eq!(post_in(&out), Some((key, "one".into())));
    assert_eq!(scene.texts(), ["one", "two", "three"]);
}

#[test]
fn too_fast_is_sent_again_in_time_and_a_no_is_shown() {
    let mut scene = Scene::new();
    let (key, _) = post_in(&scene.posts("one")).unwrap();
    let no = |code, words: &str| Refused { key: Some(key.clone()), room: Some(ROOM), ..Refused::new(code, words) };
    scene.hears(&FromServer::Refused(Refused { retry_after_ms: Some(800), ..no(Code::TooFast, "slow down") }));
    assert_eq!(scene.client.wake_at(), Some(800));
    scene.now_ms = 800;
    assert_eq!(post_in(&scene.gives(Input::Tick)), Some((key.clone(), "one".into())));
    scene.hears(&FromServer::Refused(no(Code::NotAMember, "Join the room first.")));
    assert_eq!(scene.shows(), [("one".into(), RowState::Failed("Join the room first.".into()))]);
    let name = ClientKey::parse(&key).unwrap();
    assert_eq!(
        post_in(&scene.gives(Input::Retry { room: ROOM, key: name.clone() })),
        Some((key.clone(), "one".into()))
    );
    scene.hears(&FromServer::Refused(no(Code::NotAMember, "Join the room first.")));
    scene.gives(Input::Discard { room: ROOM, key: name });
    assert_eq!(scene.shows(), []);
}

#[test]
fn rooms_come_and_go_and_unread_is_what_others_said() {
    let mut scene = Scene::new();
    scene.hears(&bob_said(11));
    assert_eq!(scene.client.room(ROOM).unwrap().unread(), 1);
    scene.gives(Input::Open(Some(ROOM)));
    assert_eq!(scene.client.room(ROOM).unwrap().line(), Some(Seq::new(10)));
    scene.hears(&bob_said(12));
    assert_eq!(scene.client.room(ROOM).unwrap().unread(), 2, "it is read when it was seen");
    scene.gives(Input::Saw { room: ROOM, seq: Seq::new(12) });
    assert_eq!(scene.client.room(ROOM).unwrap().unread(), 0);
    scene.gives(Input::Draft { room: ROOM, text: "half a".into() });
    assert_eq!(scene.client.room(ROOM).unwrap().draft(), "half a");
    let den = model::Room { id: RoomId::new(6), ..lobby() };
    let out = scene.hears(&to_alice(4, Change::RoomJoined { room: den, head: Seq::new(1) }));
    assert!(out.iter().any(|e| matches!(e, Effect::Send(FromClient::Subscribe { room, .. }) if room.number() == 6)));
    scene.hears(&to_alice(5, Change::RoomLeft { room: ROOM }));
    assert_eq!(scene.client.rooms().map(Room::id).collect::<Vec<_>>(), [RoomId::new(6)]);
}

#[test]
fn the_end_of_the_session_ends_everything() {
    let mut scene = Scene::new();
    let out = scene.gives(Input::SocketClosed { code: 4001 });
    assert!(out.contains(&Effect::SignedOut));
    assert_eq!((scene.client.wake_at(), scene.gives(Input::Connect)), (None, vec![]));
    let mut scene = Scene::new();
    scene.gives(Input::SocketClosed { code: 1006 });
    scene.gives(Input::Connect);
    let out = scene.gives(Input::SocketClosed { code: 1006 });
    assert!(out.contains(&Effect::CheckSession), "a browser does not say why a socket could not be opened");
    assert!(scene.gives(Input::SignedOut).contains(&Effect::SignedOut));
}

#[test]
fn what_is_not_understood_is_passed_over() {
    let mut scene = Scene::new();
    for text in
        ["", "{", r#"{"type":"later"}"#, r#"{"type":"event","stream":"room:5","seq":11,"at":0,"change":{"type":"?"}}"#]
    {
        assert_eq!(scene.gives(Input::Frame(text.into())), []);
    }
}

#[test]
fn what_waits_in_a_room_that_is_left_waits_for_the_return() {
    let mut scene = Scene::new();
    scene.gives(Input::SocketClosed { code: 1006 });
    scene.posts("one");
    scene.posts("two");
    scene.gives(Input::Draft { room: ROOM, text: "half a".into() });
    scene.gives(Input::Connect);
    let elsewhere = FromServer::Hello {
        protocol: 1,
        epoch: Epoch::new("e"),
        you: Me { person: person(7, "alice"), admin: false, receipts: true, notices: NoticePrefs::default() },
        head: Seq::new(4),
        rooms: Vec::new(),
        regards: Vec::new(),
        limits: Limits::HERE,
    };
    scene.hears(&elsewhere);
    assert_eq!((scene.client.rooms().count(), scene.client.unsent()), (0, 2), "nothing is lost");
    let back = |seq| to_alice(seq, Change::RoomJoined { room: lobby(), head: Seq::new(20) });
    let (key, text) = post_in(&scene.hears(&back(5))).unwrap();
    assert_eq!((text.as_str(), scene.client.room(ROOM).unwrap().draft()), ("one", "half a"));
    // Left again while it is under way, and it was kept before that.
    scene.hears(&to_alice(6, Change::RoomLeft { room: ROOM }));
    let key = ClientKey::parse(&key).unwrap();
    scene.hears(&FromServer::Posted(Posted { room: ROOM, key, seq: Seq::new(21), at: Timestamp::from_ms(1) }));
    assert_eq!(scene.client.unsent(), 1);
    assert_eq!(post_in(&scene.hears(&back(7))).unwrap().1, "two");
}

#[test]
fn in_another_life_what_was_kept_is_sent_again() {
    let mut scene = Scene::new();
    let (key, _) = post_in(&scene.posts("hi")).unwrap();
    let name = ClientKey::parse(&key).unwrap();
    scene.hears(&FromServer::Posted(Posted { room: ROOM, key: name, seq: Seq::new(12), at: Timestamp::from_ms(5) }));
    scene.gives(Input::SocketClosed { code: 1006 });
    scene.gives(Input::Connect);
    let out = scene.hears(&hello("f", 4));
    assert_eq!(post_in(&out), Some((key, "hi".into())), "the backup may be older than the message");
    let kept = |effect: &Effect| matches!(effect, Effect::Keep(unsent) if unsent.epoch == Epoch::new("f"));
    assert!(out.iter().any(kept), "a reload must know that the room's number is of this life");
}

#[test]
fn in_another_life_nothing_is_sent_to_another_room_of_the_same_number() {
    let den = FromServer::Hello {
        protocol: 1,
        epoch: Epoch::new("f"),
        you: Me { person: person(7, "alice"), admin: false, receipts: true, notices: NoticePrefs::default() },
        head: Seq::new(3),
        rooms: vec![RoomHead {
            room: model::Room { name: RoomName::kept("den".into()), ..lobby() },
            head: Seq::new(4),
            marks: Marks::default(),
            unread: 0,
            prefs: model::RoomPrefs::default(),
            last_at: None,
        }],
        regards: Vec::new(),
        limits: Limits::HERE,
    };
    let mut scene = Scene::new();
    scene.gives(Input::SocketClosed { code: 1006 });
    let said = scene.posts("for the lobby");
    scene.gives(Input::Connect);
    assert_eq!(post_in(&scene.hears(&den)), None);
    assert!(matches!(scene.shows().as_slice(), [(_, RowState::Failed(_))]), "{:?}", scene.shows());

    // The same after a reload, and when the room comes later.
    let unsent = said.into_iter().filter_map(|e| if let Effect::Keep(unsent) = e { Some(unsent) } else { None });
    let unsent: Vec<Unsent> = unsent.collect();
    let mut scene = Scene::new();
    scene.hears(&to_alice(4, Change::RoomLeft { room: ROOM }));
    scene.gives(Input::SocketClosed { code: 1006 });
    let home = scene.client.home().map(|home| crate::Home { epoch: Epoch::new("f"), ..home });
    let mut scene = Scene { client: Client::new([5, 6]), now_ms: 0 };
    scene.gives(Input::Remember(crate::Memory { home, unsent, drafts: BTreeMap::new() }));
    scene.gives(Input::Connect);
    assert_eq!(post_in(&scene.hears(&den)), None);
    assert!(matches!(scene.shows().as_slice(), [(_, RowState::Failed(_))]), "{:?}", scene.shows());
}

#[test]
fn a_page_that_did_not_come_is_asked_for_again_at_the_next_ping() {
    let mut scene = Scene::new();
    let before = Question::before(ROOM, Seq::new(11));
    scene.gives(Input::Open(Some(ROOM)));
    assert!(!scene.hears(&ping(10, 3)).contains(&Effect::FetchHistory(before)), "it is on its way");
    scene.gives(Input::HistoryFailed(before));
    scene.gives(Input::MarksFailed(ROOM));
    let out = scene.hears(&ping(10, 3));
    assert!(out.contains(&Effect::FetchHistory(before)) && out.contains(&Effect::FetchMarks(ROOM)), "{out:?}");
}

fn page_of(seqs: &[u64], (older, newer): (bool, bool)) -> History {
    let old = |seq: &u64| {
        let FromServer::Event(event) = bob_said(*seq) else { unreachable!() };
        event.message().unwrap()
    };
    History {
        room: ROOM,
        epoch: Epoch::new("e"),
        head: Seq::new(10),
        messages: seqs.iter().map(old).collect(),
        older,
        newer,
        people: Vec::new(),
    }
}

fn side(side: Side) -> Question {
    Question { room: ROOM, side }
}

#[test]
fn a_message_far_away_is_shown_in_its_place_and_marks_nothing_between() {
    let mut scene = Scene::new();
    scene.gives(Input::Open(Some(ROOM)));
    scene.gives(Input::HistoryArrived {
        question: Question::before(ROOM, Seq::new(11)),
        page: page_of(&[9, 10], (true, false)),
    });
    assert_eq!(
        scene.gives(Input::GoTo { room: ROOM, seq: Seq::new(9) }),
        [Effect::Reveal { room: ROOM, seq: Seq::new(9) }],
        "it is here"
    );
    let (before, after) = (side(Side::Before(Seq::new(4))), side(Side::After(Seq::new(3))));
    let out = scene.gives(Input::GoTo { room: ROOM, seq: Seq::new(3) });
    assert!(out.contains(&Effect::FetchHistory(before)) && out.contains(&Effect::FetchHistory(after)), "{out:?}");
    let out = scene.gives(Input::HistoryArrived { question: before, page: page_of(&[2, 3], (true, true)) });
    assert!(out.contains(&Effect::Reveal { room: ROOM, seq: Seq::new(3) }), "{out:?}");
    scene.gives(Input::HistoryArrived { question: after, page: page_of(&[4, 5], (true, true)) });
    scene.hears(&bob_said(11));
    assert_eq!(scene.texts(), ["bob 2", "bob 3", "bob 4", "bob 5"]);

    let out = scene.gives(Input::LoadNewer(ROOM));
    assert!(out.contains(&Effect::FetchHistory(side(Side::After(Seq::new(5))))), "{out:?}");
    scene.gives(Input::HistoryArrived {
        question: side(Side::After(Seq::new(5))),
        page: page_of(&[7, 8, 9], (true, true)),
    });
    assert!(scene.client.room(ROOM).unwrap().excerpt().is_none());
    assert_eq!(scene.texts(), [2, 3, 4, 5, 7, 8, 9, 10, 11].map(|seq| format!("bob {seq}")));
}

#[test]
fn to_see_an_excerpt_beyond_what_was_read_is_not_to_have_read_all_before_it() {
    let mut scene = Scene::new();
    scene.hears(&FromServer::Reset {
        room: ROOM,
        epoch: Epoch::new("e"),
        head: Seq::new(10),
        marks: Marks::at(Seq::new(1)),
        unread: 9,
        topic: None,
    });
    let read = |scene: &Scene| scene.client.room(ROOM).unwrap().marks().read;
    let had = read(&scene);
    scene.gives(Input::Open(Some(ROOM)));
    scene.hears(&bob_said(11));
    scene.gives(Input::GoTo { room: ROOM, seq: Seq::new(3) });
    scene.gives(Input::Saw { room: ROOM, seq: Seq::new(3) });
    assert_eq!(read(&scene), had);
}

#[test]
fn a_word_of_ones_own_or_another_room_ends_the_excerpt() {
    let mut scene = Scene::new();
    let away = |scene: &Scene| scene.client.room(ROOM).unwrap().excerpt().is_some();
    for end in [Input::ToEnd(ROOM), Input::Open(None), Input::SeekUnread(ROOM)] {
        scene.gives(Input::Open(Some(ROOM)));
        scene.gives(Input::GoTo { room: ROOM, seq: Seq::new(3) });
        assert!(away(&scene));
        scene.gives(end);
        assert!(!away(&scene));
    }
    scene.gives(Input::Open(Some(ROOM)));
    scene.gives(Input::GoTo { room: ROOM, seq: Seq::new(3) });
    scene.posts("hello");
    assert!(!away(&scene));
    assert_eq!(scene.texts(), ["hello"]);
}

#[test]
fn a_link_waits_for_its_room() {
    let mut scene = Scene { client: Client::new([1, 2]), now_ms: 0 };
    scene.gives(Input::Open(Some(ROOM)));
    assert_eq!(scene.gives(Input::GoTo { room: ROOM, seq: Seq::new(3) }), []);
    scene.gives(Input::Connect);
    let out = scene.hears(&hello("e", 10));
    assert!(out.contains(&Effect::FetchHistory(side(Side::After(Seq::new(3))))), "{out:?}");
}
