//! Messages are pushed to those who have no page open, and to nobody else.

use crate::house::{Running, Wish};
use model::{Change, NoticePrefs, Notify, PushId, Quiet, Regard, RoomId, Seq};
use protocol::{
    Code, FromClient, FromServer,
    http::{PushDevice, PushTried, Pushed, Pushes},
};
use serde_json::json;
use testkit::{
    cast::{Guest, Line},
    push::{Device, Service},
};

/// A house that pushes by a service on this machine.
fn house() -> (Running, Service) {
    let service = Service::start();
    let own_hosts = vec![service.address.to_string()];
    (Running::with(Wish { own_hosts, ..Wish::default() }), service)
}

/// Alice and Bob in a direct chat, and Bob's telephone.
struct Pair {
    house: Running,
    service: Service,
    alice: Guest,
    bob: Guest,
    room: RoomId,
    phone: Device,
    id: PushId,
}

impl Pair {
    fn new() -> Self {
        let (house, service) = house();
        let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
        let room = alice.opens_direct(&[&bob]).id;
        let phone = Device::new();
        let id = service.subscribes(&bob, "phone", &phone);
        Self { house, service, alice, bob, room, phone, id }
    }

    /// Alice says something, and gives its place.
    fn says(&self, text: &str) -> Seq {
        says(&self.alice, self.room, text)
    }

    /// What comes next to Bob's telephone.
    fn hears(&self) -> Pushed {
        self.service.hears_for("phone", &self.phone)
    }

    fn message(&self, seq: Seq, text: &str) -> Pushed {
        let (title, text) = (Some("alice".to_owned()), Some(text.to_owned()));
        Pushed::Message { device: self.id, room: self.room, seq, title, text }
    }

    /// Waits until the server has noted something of Bob's only device.
    fn notes(&self, noted: impl Fn(&PushDevice) -> bool) -> PushDevice {
        testkit::wait::wait_until("a note about the device", std::time::Duration::from_secs(10), || {
            devices(&self.bob).into_iter().next().filter(&noted)
        })
    }
}

/// Somebody says something in a room, which they have not said before, and gives its place.
fn says(guest: &Guest, room: RoomId, text: &str) -> Seq {
    let key: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    guest.posts(room, &key, text).unwrap().seq
}

fn devices(guest: &Guest) -> Vec<PushDevice> {
    guest.gets("push").value::<Pushes>().devices
}

#[test]
fn a_message_goes_to_the_device_sealed_and_signed_and_the_device_confirms() {
    let pair = Pair::new();
    let key = pair.bob.gets("push").value::<Pushes>().key.unwrap();
    let seq = pair.says("**hello** there");
    let came = pair.service.hears();
    let (pusher, claims) = came.claims();
    assert_eq!(pusher, key, "the server's own key signed");
    assert_eq!(claims["aud"], format!("http://{}", pair.service.address));
    assert_eq!(claims["sub"], "mailto:admin@example.org");
    // By the house's clock, twelve hours on.
    assert_eq!(claims["exp"], 1_795_000_000 + 12 * 60 * 60);
    assert_eq!([came.header("content-encoding"), came.header("urgency")], ["aes128gcm", "high"]);
    assert_eq!((came.header("ttl"), came.header("topic").len()), ("43200", 32));
    assert!(!String::from_utf8_lossy(&came.body).contains("hello"));
    let opened = protocol::decode::<Pushed>(&pair.phone.opens(&came.body).unwrap()).unwrap();
    assert_eq!(opened, pair.message(seq, "hello there"));

    let device = pair.notes(|device| device.sent_at.is_some());
    assert_eq!((device.arrived_at, device.here, device.service.as_str()), (None, true, "127.0.0.1"));
    pair.house.pass_ms(5);
    let arrivals = format!("push/devices/{}/arrivals", pair.id);
    assert_eq!(pair.alice.asks("POST", &arrivals, Some("{}")).status, 404, "it is not hers");
    assert_eq!(pair.bob.asks("POST", &arrivals, Some("{}")).status, 204);
    assert!(devices(&pair.bob)[0].arrived_at > device.sent_at);
    // Another of Bob's sessions sees the device and cannot confirm for it.
    let desk = Guest::logs_in(&pair.house.base, "bob");
    assert_eq!(devices(&desk).iter().map(|device| device.here).collect::<Vec<_>>(), [false]);
    assert_eq!(desk.asks("POST", &arrivals, Some("{}")).status, 404);
    assert_eq!(devices(&pair.alice), []);
}

#[test]
fn who_is_there_or_has_read_or_wants_none_is_left_alone() {
    let pair = Pair::new();
    let carol = Guest::signs_up(&pair.house.base, "carol");
    let lobby = pair.alice.joins("lobby");
    let (pocket, here) = (Device::new(), Device::new());
    pair.bob.joins("lobby");
    carol.joins("lobby");
    pair.service.subscribes(&carol, "pocket", &pocket);
    pair.service.subscribes(&pair.alice, "alice", &here);
    let says = |text: &str| says(&pair.alice, lobby, text);
    let only_carol = |text: &str, seq: Seq| {
        let Pushed::Message { seq: told, title, .. } = pair.service.hears_for("pocket", &pocket) else {
            panic!("no message")
        };
        assert_eq!((told, title.as_deref()), (seq, Some("alice · lobby")), "{text}");
        // The author is not told, either.
        assert!(pair.service.has_heard_nothing(), "{text}");
    };
    // Bob sits at a desk where he is logged in as well.
    let desk = Guest::logs_in(&pair.house.base, "bob");
    let line = desk.connects();
    only_carol("bob is there", says("bob is there"));
    drop(line);
    // He goes, and has not read it: now he is told, after all.
    let second = pair.hears();
    assert!(matches!(second, Pushed::Message { room, .. } if room == lobby), "{second:?}");

    let seq = says("read elsewhere");
    assert_eq!(desk.has_read(lobby, seq).status, 204);
    only_carol("read elsewhere", seq);
    pair.bob.wants_of(lobby, Notify::Nothing);
    only_carol("muted", says("muted"));
    pair.bob.wants_of(lobby, Notify::Mentions);
    only_carol("not named", says("not named"));
    // What names him is told, though it was not the last that was said.
    pair.alice.posts(lobby, "named", "@bob look").unwrap();
    let seq = says("and more");
    let mut told: Vec<_> = (0..2).map(|_| pair.service.hears()).collect();
    told.sort_by(|a, b| a.path.cmp(&b.path));
    let texts: Vec<_> =
        told.iter().zip([&pair.phone, &pocket]).map(|(came, device)| device.opens(&came.body)).collect();
    assert!(texts[0].as_ref().unwrap().contains("@bob look"), "{texts:?}");
    assert!(texts[1].as_ref().unwrap().contains(&format!("\"seq\":{seq}")), "{texts:?}");
}

#[test]
fn who_is_away_is_told_but_not_where_a_page_is_open() {
    let pair = Pair::new();
    let desk = Guest::logs_in(&pair.house.base, "bob");
    let screen = Device::new();
    pair.service.subscribes(&desk, "screen", &screen);
    let mut line = desk.connects();
    line.says(&FromClient::Here { away: true });
    // What it says next is heard after that.
    line.subscribes(pair.room, None).unwrap();
    let seq = pair.says("are you there?");
    assert_eq!(pair.hears(), pair.message(seq, "are you there?"));
    assert!(pair.service.has_heard_nothing(), "the page at the desk tells it");
}

#[test]
fn what_is_hidden_is_not_said_and_in_quiet_hours_nothing_is() {
    let pair = Pair::new();
    let mut line = pair.alice.connects();
    // The house's clock: 2026-11-18, 12:06 in Vienna.
    let quiet = |from: u16, to: u16| json!({ "from_min": from, "to_min": to, "time_zone": "Europe/Vienna" });
    let sets = |body: serde_json::Value| pair.bob.sends("PUT", "me/notices", &body).status;
    assert_eq!(sets(json!({ "hidden": true })), 204);
    let seq = pair.says("a secret");
    let bare = Pushed::Message { device: pair.id, room: pair.room, seq, title: None, text: None };
    assert_eq!(pair.hears(), bare);

    let minute = 12 * 60 + 6;
    assert_eq!(sets(json!({ "quiet": quiet(minute, minute + 1) })), 204);
    let carol = Guest::signs_up(&pair.house.base, "carol");
    let pocket = Device::new();
    pair.service.subscribes(&carol, "pocket", &pocket);
    let all = pair.alice.opens_direct(&[&pair.bob, &carol]).id;
    pair.alice.posts(all, "quiet", "quiet").unwrap();
    let Pushed::Message { title, .. } = pair.service.hears_for("pocket", &pocket) else { panic!("no message") };
    assert_eq!(title.as_deref(), Some("alice · alice, bob"));
    assert!(pair.service.has_heard_nothing(), "bob has his quiet");
    assert_eq!(sets(json!({ "quiet": quiet(minute + 1, minute) })), 204);
    let seq = pair.says("loud again");
    assert_eq!(pair.hears(), pair.message(seq, "loud again"));

    // All devices of his hear what he wants, and nobody else does.
    let prefs = NoticePrefs { hidden: false, quiet: Some(wanted(minute)) };
    let Some(FromServer::Hello { you, .. }) = pair.bob.connects().hello else { panic!("no hello") };
    assert_eq!(you.notices, prefs);
    assert!(matches!(line_event(&mut line), Change::RoomJoined { .. }), "alice hears of her new chat alone");
    for bad in [quiet(5, 5), quiet(0, 1440), json!({}), json!({ "from_min": 1, "to_min": 2, "time_zone": "No/Where" })]
    {
        assert!([400, 422].contains(&sets(json!({ "quiet": bad }))), "{bad}");
    }
}

#[test]
fn what_the_ignored_and_the_blocked_say_is_pushed_to_others_alone() {
    let pair = Pair::new();
    let [carol, dora] = ["carol", "dora"].map(|name| Guest::signs_up(&pair.house.base, name));
    let lobby = pair.alice.joins("lobby");
    for guest in [&pair.bob, &carol, &dora] {
        guest.joins("lobby");
    }
    let pocket = Device::new();
    pair.service.subscribes(&carol, "pocket", &pocket);
    // The next push to Bob and the next to Carol, in whichever order they come, are of these messages.
    let both_hear = |bob: Seq, carol: Seq| {
        let mut told: Vec<_> = (0..2).map(|_| pair.service.hears()).collect();
        told.sort_by(|a, b| a.path.cmp(&b.path));
        for (came, (device, seq)) in told.iter().zip([(&pair.phone, bob), (&pocket, carol)]) {
            let opened = protocol::decode::<Pushed>(&device.opens(&came.body).unwrap()).unwrap();
            assert!(
                matches!(opened, Pushed::Message { room, seq: told, .. } if room == lobby && told == seq),
                "{opened:?}"
            );
        }
        assert!(pair.service.has_heard_nothing(), "each is told once");
    };
    let only_carol = |seq: Seq| {
        let Pushed::Message { seq: told, .. } = pair.service.hears_for("pocket", &pocket) else { panic!("no message") };
        assert_eq!(told, seq);
    };
    for (turn, regard) in [Regard::Ignored, Regard::Blocked].into_iter().enumerate() {
        pair.bob.regards(&pair.alice, regard);
        only_carol(says(&pair.alice, lobby, &format!("buy my stones {turn}")));
        only_carol(says(&pair.alice, lobby, &format!("@bob, look {turn}")));
        // Bob is pushed what somebody else says, and it is the first that comes to him since.
        let heard = says(&dora, lobby, &format!("are they good? {turn}"));
        both_hear(heard, heard);
        // Of two at once he is told of the one that he heeds, although it was not the last.
        let heard = says(&dora, lobby, &format!("@bob? {turn}"));
        let last = says(&pair.alice, lobby, &format!("the best {turn}"));
        both_hear(heard, last);
    }
    pair.bob.regards(&pair.alice, Regard::Open);
    let seq = says(&pair.alice, lobby, "sorry");
    both_hear(seq, seq);
}

fn wanted(minute: u16) -> Quiet {
    Quiet::between(minute + 1, minute, model::Line::kept("Europe/Vienna".into())).unwrap()
}

fn line_event(line: &mut Line) -> Change {
    line.hears_event().change
}

#[test]
fn a_push_that_is_not_taken_is_tried_again_and_a_device_that_is_gone_is_forgotten() {
    let pair = Pair::new();
    for (status, after) in [(429, Some(0)), (503, None), (500, None)] {
        pair.service.answers(status, after);
    }
    let seq = pair.says("again and again");
    for _ in 0..4 {
        assert_eq!(pair.hears(), pair.message(seq, "again and again"));
    }
    let device = pair.notes(|device| device.sent_at.is_some());
    assert_eq!(device.failure, None);
    // Refused for good: that can be seen, and the next one is tried all the same.
    pair.service.answers(403, None);
    pair.says("no");
    pair.hears();
    assert_eq!(pair.notes(|device| device.failed_at.is_some()).failure, Some(403));
    let told: PushTried = pair.bob.asks("POST", &format!("push/devices/{}/test", pair.id), Some("{}")).value();
    assert_eq!(told, PushTried { taken: true, status: 201 });
    assert_eq!(pair.hears(), Pushed::Test { device: pair.id });
    assert_eq!(pair.notes(|device| device.failed_at.is_none()).failure, None);
    // Asked to wait too long, it gives up; and what was read meanwhile is not tried again.
    pair.service.answers(429, Some(100_000));
    pair.says("not today");
    pair.hears();
    assert_eq!(pair.notes(|device| device.failed_at.is_some()).failure, Some(429));

    pair.service.answers(410, None);
    pair.says("gone");
    pair.hears();
    testkit::wait::wait_until("nobody to push to", std::time::Duration::from_secs(10), || {
        devices(&pair.bob).is_empty().then_some(())
    });
    assert_eq!(pair.bob.asks("POST", &format!("push/devices/{}/test", pair.id), Some("{}")).status, 404);
}

#[test]
fn a_subscription_is_its_session_s_and_ends_with_it() {
    let pair = Pair::new();
    let path = format!("push/devices/{}", pair.id);
    for verb in ["test", "arrivals"] {
        assert_eq!(pair.alice.asks("POST", &format!("{path}/{verb}"), Some("{}")).status, 404);
    }
    assert_eq!(pair.alice.asks("DELETE", &path, None).status, 404);
    // The same again is the same; the browser's next person has it instead.
    assert_eq!(pair.service.subscribes(&pair.bob, "phone", &pair.phone), pair.id);
    let hers = pair.service.subscribes(&pair.alice, "phone", &pair.phone);
    assert_eq!((devices(&pair.bob).len(), devices(&pair.alice)[0].id), (0, hers));
    let desk = Guest::logs_in(&pair.house.base, "bob");
    pair.service.subscribes(&desk, "desk", &Device::new());
    assert_eq!(devices(&pair.bob).len(), 1);
    assert_eq!(desk.asks("DELETE", "session", None).status, 204);
    assert_eq!(devices(&pair.bob), []);
    assert_eq!(pair.alice.asks("DELETE", &format!("push/devices/{hers}"), None).status, 204);
    assert_eq!(devices(&pair.alice), []);
}

#[test]
fn where_a_push_may_not_go_no_subscription_is_taken() {
    let (house, service) = house();
    let bob = Guest::signs_up(&house.base, "bob");
    let device = Device::new();
    let tries = |endpoint: &str| bob.sends("POST", "push/devices", &device.subscription(endpoint));
    for endpoint in [
        "https://127.0.0.1/x",
        "https://127.0.0.1:22/x",
        "http://127.0.0.1:1/x",
        "https://localhost/x",
        "http://push.example/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://elsewhere.example/x",
        "https://push.example.elsewhere.example/x",
        "https://notpush.example/x",
        "https://user@push.example/x",
        "gopher://push.example/x",
        "/x",
        "",
        &format!("https://push.example/{}", "x".repeat(2_000)),
    ] {
        assert_eq!(tries(endpoint).code(), Code::PushInvalid, "{endpoint}");
    }
    let good = device.subscription(&service.endpoint("x"));
    for (field, value) in [("p256dh", ""), ("p256dh", "BAAA"), ("p256dh", "!"), ("auth", "AAAA"), ("auth", "")] {
        let mut bad = good.clone();
        bad[field] = json!(value);
        assert_eq!(bob.sends("POST", "push/devices", &bad).code(), Code::PushInvalid, "{field} {value}");
    }
    assert_eq!(devices(&bob), []);
    assert!(service.has_heard_nothing());
    // A server that pushes nothing says so.
    let quiet = Running::start();
    let carol = Guest::signs_up(&quiet.base, "carol");
    assert_eq!(carol.gets("push").value::<Pushes>(), Pushes { key: None, devices: Vec::new(), server: None });
    assert_eq!(carol.sends("POST", "push/devices", &good).status, 404);
}

#[test]
fn a_reminder_is_pushed_to_who_is_not_there() {
    let pair = Pair::new();
    let notes = pair.bob.opens_direct(&[]).id;
    let at = 1_795_000_000_000_i64 + 60 * 60 * 1_000;
    let body = json!({ "text": "call the *plumber*", "at": at, "remind": true });
    assert_eq!(pair.bob.sends("PUT", &format!("rooms/{notes}/scheduled/later-1"), &body).status, 204);
    pair.house.pass_ms(60 * 60 * 1_000);
    let Pushed::Message { device, room, title, text, .. } = pair.hears() else { panic!("not a reminder") };
    assert_eq!((device, room), (pair.id, notes));
    assert_eq!((title.as_deref(), text.as_deref()), (Some("Reminder"), Some("call the plumber")));
}
