//! Of which messages a person is told at once, and when that is taken away again.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use client::{Client, Effect, Input};
use model::{
    Body, Change, ClientKey, Epoch, Event, Marks, Mention, NoticePrefs, Notify, Person, Regard, Regarded, Room, RoomId,
    RoomName, RoomPrefs, Said, Seq, Signal, Stream, Timestamp, UserId, Username, Visibility,
};
use protocol::{FromServer, Limits, Me, RoomHead, encode};

const LOBBY: RoomId = RoomId::new(5);
const OTHER: RoomId = RoomId::new(6);
/// Longer than a message waits.
const WHILE_MS: u64 = 2_000;

fn person(id: i64, name: &str) -> Person {
    Person::new(UserId::new(id), Username::kept(name.into()))
}

struct Scene {
    client: Client,
    now_ms: u64,
    heads: [u64; 2],
    own: u64,
}

impl Scene {
    /// Alice, connected, in two rooms, looking at one of them.
    fn new(notify: Notify) -> Self {
        let mut scene = Self { client: Client::new([1, 2]), now_ms: 1_000, heads: [10, 10], own: 3 };
        scene.connects(notify);
        scene.gives(Input::Open(Some(OTHER)));
        scene.gives(Input::Focus(true));
        scene
    }

    fn connects(&mut self, notify: Notify) {
        self.gives(Input::Connect);
        let at = |id, head| RoomHead {
            room: Room {
                id,
                name: RoomName::kept("r".into()),
                visibility: Visibility::Private,
                topic: None,
                people: Vec::new(),
            },
            head: Seq::new(head),
            marks: Marks::at(Seq::new(10)),
            prefs: RoomPrefs { notify },
            unread: 0,
            last_at: None,
        };
        let rooms = vec![at(LOBBY, self.heads[0]), at(OTHER, self.heads[1])];
        let you = Me { person: person(7, "alice"), admin: false, receipts: true, notices: NoticePrefs::default() };
        let (epoch, head) = (Epoch::new("e"), Seq::new(self.own));
        self.hears(&FromServer::Hello {
            protocol: 1,
            epoch,
            you,
            head,
            rooms,
            regards: Vec::new(),
            limits: Limits::HERE,
        });
    }

    fn gives(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.client.step(self.now_ms, input);
        effects.into_iter().filter(|e| matches!(e, Effect::Notify { .. } | Effect::Withdraw(_))).collect()
    }

    fn hears(&mut self, frame: &FromServer) -> Vec<Effect> {
        self.gives(Input::Frame(encode(frame)))
    }

    fn happens(&mut self, room: RoomId, change: Change) -> Vec<Effect> {
        let head = &mut self.heads[usize::from(room == OTHER)];
        *head += 1;
        let (stream, seq) = (Stream::Room(room), Seq::new(*head));
        self.hears(&FromServer::Event(Event { stream, seq, at: Timestamp::from_ms(1), change }))
    }

    fn tells(&mut self, change: Change) -> Vec<Effect> {
        self.own += 1;
        let (stream, seq) = (Stream::User(UserId::new(7)), Seq::new(self.own));
        self.hears(&FromServer::Event(Event { stream, seq, at: Timestamp::from_ms(1), change }))
    }

    fn says(&mut self, room: RoomId, who: i64, text: &str, mentions: Vec<Mention>) {
        let key = ClientKey::parse(&format!("k{}-{}", room.number(), self.heads[0] + self.heads[1])).unwrap();
        let said = Said { mentions, ..Said::new(person(who, "bob"), key, Body::parse(text).unwrap()) };
        assert_eq!(self.happens(room, Change::MessagePosted(Box::new(said))), [], "not before a moment has passed");
    }

    fn bob_says(&mut self, text: &str) {
        self.says(LOBBY, 8, text, Vec::new());
    }

    fn waits(&mut self) -> Vec<Effect> {
        self.now_ms += WHILE_MS;
        self.gives(Input::Tick)
    }

    fn reads(&mut self, seq: u64) -> Vec<Effect> {
        let (read, head) = (Seq::new(seq), Seq::new(self.heads[0]));
        self.tells(Change::RoomRead { room: LOBBY, read, unread: 0, head })
    }
}

fn notice(seq: u64, text: &str) -> Effect {
    Effect::Notify { room: LOBBY, seq: Seq::new(seq), author: person(8, "bob"), text: text.into() }
}

#[test]
fn a_message_is_told_of_after_a_moment_and_taken_away_when_it_is_read() {
    let mut scene = Scene::new(Notify::All);
    scene.bob_says("**Hello**, ||secret|| `you`");
    let wake = scene.client.wake_at().unwrap();
    assert!((1_000..=scene.now_ms + WHILE_MS).contains(&wake), "{wake}");
    let told = scene.waits();
    let [Effect::Notify { seq, text, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert!(*seq == Seq::new(11) && text.starts_with("Hello, ") && text.ends_with(" you"), "{text}");
    assert!(!text.contains("secret"), "{text}");
    assert_eq!(scene.waits(), [], "once");
    assert_eq!(scene.reads(10), []);
    assert_eq!(scene.reads(11), [Effect::Withdraw(LOBBY)]);
}

#[test]
fn what_is_read_elsewhere_in_that_moment_is_not_told_of() {
    let mut scene = Scene::new(Notify::All);
    scene.bob_says("hello");
    assert_eq!(scene.reads(11), []);
    assert_eq!(scene.waits(), []);
}

#[test]
fn of_many_in_a_row_the_last_is_told_of_and_a_long_one_is_cut() {
    let mut scene = Scene::new(Notify::All);
    scene.bob_says("one");
    scene.now_ms += 100;
    scene.bob_says(&"two ".repeat(200));
    let told = scene.waits();
    let [Effect::Notify { seq, text, .. }] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(*seq, Seq::new(12));
    assert!(text.chars().count() <= 120 && text.ends_with('…'), "{text}");
}

#[test]
fn who_looks_at_the_room_is_not_told_and_who_looked_away_is() {
    let mut scene = Scene::new(Notify::All);
    scene.says(OTHER, 8, "seen", Vec::new());
    assert_eq!(scene.waits(), []);
    scene.gives(Input::Focus(false));
    scene.says(OTHER, 8, "unseen", Vec::new());
    assert!(matches!(scene.waits()[..], [Effect::Notify { room: OTHER, .. }]));
    scene.gives(Input::Focus(true));
    let seq = Seq::new(12);
    assert_eq!(scene.gives(Input::Saw { room: OTHER, seq }), [Effect::Withdraw(OTHER)]);
    scene.bob_says("and who comes to look in that moment");
    scene.gives(Input::Open(Some(LOBBY)));
    assert_eq!(scene.waits(), []);
}

#[test]
fn ones_own_words_from_another_device_are_no_news() {
    let mut scene = Scene::new(Notify::All);
    scene.says(LOBBY, 7, "mine", Vec::new());
    assert_eq!(scene.waits(), []);
}

#[test]
fn a_room_of_which_only_mentions_are_wanted_tells_of_those() {
    let mut scene = Scene::new(Notify::Mentions);
    scene.bob_says("nothing to you");
    assert_eq!(scene.waits(), []);
    for (who, told) in [(Some(person(9, "carol")), false), (Some(person(7, "alice")), true), (None, true)] {
        scene.says(LOBBY, 8, "@x", vec![Mention { word: "x".into(), person: who }]);
        assert_eq!(!scene.waits().is_empty(), told);
    }
    scene.tells(Change::RoomPrefsSet { room: LOBBY, prefs: RoomPrefs { notify: Notify::Nothing } });
    assert_eq!(scene.client.room(LOBBY).unwrap().prefs().notify, Notify::Nothing);
    scene.says(LOBBY, 8, "@x", vec![Mention { word: "x".into(), person: None }]);
    assert_eq!(scene.waits(), []);
}

#[test]
fn what_was_taken_back_is_neither_told_of_nor_left_standing() {
    let mut scene = Scene::new(Notify::All);
    scene.bob_says("oh");
    scene.happens(LOBBY, Change::MessageDeleted { message: Seq::new(11) });
    assert_eq!(scene.waits(), []);
    scene.bob_says("no");
    assert_eq!(scene.waits(), [notice(13, "no")]);
    assert_eq!(scene.happens(LOBBY, Change::MessageDeleted { message: Seq::new(13) }), [Effect::Withdraw(LOBBY)]);
}

#[test]
fn of_what_was_missed_only_that_of_a_short_while_is_told() {
    for (gone_ms, told) in [(60_000, true), (60 * 60_000, false)] {
        let mut scene = Scene::new(Notify::All);
        scene.gives(Input::SocketClosed { code: 1006 });
        scene.now_ms += gone_ms;
        scene.heads[0] += 1;
        scene.connects(Notify::All);
        scene.heads[0] -= 1;
        scene.bob_says("while you were away");
        assert_eq!(!scene.waits().is_empty(), told, "after {gone_ms} ms");
        scene.bob_says("now");
        assert_eq!(scene.waits(), [notice(12, "now")]);
    }
}

#[test]
fn of_somebody_who_is_ignored_nothing_is_told_and_what_they_say_is_covered() {
    let mut scene = Scene::new(Notify::All);
    let regards = |regard| Change::RegardSet(Regarded { person: person(8, "bob"), regard });
    scene.tells(regards(Regard::Ignored));
    scene.bob_says("hello");
    assert_eq!(scene.waits(), []);
    let covered = |scene: &Scene| scene.client.rows(LOBBY).map(|row| row.covered).collect::<Vec<_>>();
    assert_eq!(covered(&scene), [true]);
    scene.hears(&FromServer::Signal { signal: Signal::Typing { room: LOBBY, person: person(8, "bob") } });
    assert_eq!(scene.client.typists(LOBBY).count(), 0);
    scene.tells(regards(Regard::Open));
    assert_eq!(covered(&scene), [false]);
    assert_eq!(scene.client.typists(LOBBY).count(), 1);
}
