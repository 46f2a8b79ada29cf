//! Who is there, and who is writing: told to those who share a room, and kept by nobody.

use crate::house::Running;
use model::{Presence, Seen, Signal, UserId, limits};
use protocol::{Code, FromClient, FromServer};
use testkit::cast::Guest;
use tungstenite::Message;

fn seen(guest: &Guest, presence: Presence) -> Seen {
    Seen { person: guest.person.id, presence, last_seen: None }
}

/// Somebody who has left the first room, so that they share none.
fn stranger(house: &Running, name: &str) -> Guest {
    let guest = Guest::signs_up(&house.base, name);
    let general = guest.joins("general");
    assert_eq!(guest.leaves(general).status, 204);
    guest
}

#[test]
fn who_watches_is_told_of_those_who_share_a_room_alone() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let mallory = stranger(&house, "mallory");
    let (mut a, mut m) = (alice.connects(), mallory.connects());
    let everybody = [alice.person.id, bob.person.id, bob.person.id, mallory.person.id, UserId::new(999_999)];
    assert_eq!(a.watches(&everybody), [seen(&alice, Presence::Online), seen(&bob, Presence::Offline)]);
    // Nobody whom Mallory may know of: then there is no answer, as is seen at the end.
    m.says(&FromClient::Watch { people: everybody.to_vec() });

    let mut phone = bob.connects();
    assert_eq!(a.hears_presence(), [seen(&bob, Presence::Online)]);
    phone.says(&FromClient::Here { away: true });
    assert_eq!(a.hears_presence(), [seen(&bob, Presence::Away)]);
    let desk = bob.connects();
    assert_eq!(a.hears_presence(), [seen(&bob, Presence::Online)]);
    // One of two goes: he is there still, away from the other. The second goes, and some time later he is offline.
    drop(desk);
    assert_eq!(a.hears_presence(), [seen(&bob, Presence::Away)]);
    drop(phone);
    let offline = loop {
        let news = a.hears_presence();
        if news[0].presence == Presence::Offline {
            break news;
        }
    };
    let last_seen = offline[0].last_seen;
    assert!(last_seen.is_some());
    // Kept, for those who ask later; Mallory is told of nobody.
    let listed = |guest: &Guest, name: &str| {
        let found = guest.finds_people(name).people;
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].presence, found[0].last_seen)
    };
    testkit::wait::wait_until("the note of it", std::time::Duration::from_secs(10), || {
        (listed(&alice, "bob") == (Some(Presence::Offline), last_seen)).then_some(())
    });
    assert_eq!(a.watches(&[bob.person.id]), offline);
    assert_eq!(listed(&alice, "ALICE"), (Some(Presence::Online), None));
    assert_eq!(listed(&alice, "mallory"), (None, None));
    assert_eq!(listed(&mallory, "bob"), (None, None));
    // Whatever Mallory hears next, it is not of Bob.
    let mut back = bob.connects();
    back.says(&FromClient::Here { away: true });
    mallory.opens_direct(&[]);
    assert!(matches!(m.hears(), FromServer::Event(_)));
}

#[test]
fn who_was_there_when_the_server_stopped_was_seen_then() {
    let mut house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let mut line = bob.connects();
    house.pass_ms(60_000);
    house.begin_stop();
    line.hears_the_end();
    let house = house.restart();
    let found = Guest::logs_in(&house.base, "alice").finds_people("bob").people.remove(0);
    assert_eq!(found.person, bob.person);
    assert_eq!(found.last_seen.map(model::Timestamp::as_ms), Some(1_795_000_060_000));
    drop(alice);
}

#[test]
fn people_are_listed_by_pages() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let bob = Guest::signs_up(&house.base, "bob");
    let all = alice.finds_people("");
    assert_eq!(all.people.iter().map(|entry| &entry.person).collect::<Vec<_>>(), [&alice.person, &bob.person]);
    assert_eq!(all.next, None);
    let rest: protocol::http::People = alice.gets(&format!("people?after={}", alice.person.id)).value();
    assert_eq!(rest.people.len(), 1);
    assert_eq!(alice.finds_people("%00").people, []);
    assert_eq!(alice.gets("people?page=2").code(), Code::Malformed);
}

#[test]
fn typing_reaches_the_others_in_the_room_and_nobody_else() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let mallory = stranger(&house, "mallory");
    let pair = alice.opens_direct(&[&bob]).id;
    let (mut a, mut b, mut m) = (alice.connects(), bob.connects(), mallory.connects());
    a.subscribes(pair, None).unwrap();
    b.subscribes(pair, None).unwrap();
    // Neither refused nor told: whoever does not listen there says nothing.
    m.says(&FromClient::Typing { room: pair });
    for _ in 0..3 {
        a.says(&FromClient::Typing { room: pair });
    }
    assert_eq!(b.hears_signal(), Signal::Typing { room: pair, person: alice.person.clone() });
    b.says(&FromClient::Typing { room: pair });
    assert_eq!(a.hears(), FromServer::Signal { signal: Signal::Typing { room: pair, person: bob.person.clone() } });
    // What Alice said too soon after was not passed on, and nobody heard themselves.
    alice.posts(pair, "k", "done").unwrap();
    assert!(matches!(b.hears(), FromServer::Event(_)));
    assert!(matches!(a.hears(), FromServer::Event(_)));
    mallory.opens_direct(&[]);
    assert!(matches!(m.hears(), FromServer::Event(_)));
}

#[test]
fn a_refusal_names_the_frame_that_it_answers() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let mut line = alice.connects();
    let too_many: Vec<_> = (1..=i64::try_from(limits::WATCHED_MAX).unwrap() + 1).map(UserId::new).collect();
    let cases = [
        (protocol::encode(&FromClient::Watch { people: too_many }), Code::TooManyPeople, Some("watch")),
        (r#"{"type":"mark","room":999999,"read":1}"#.to_owned(), Code::NotFound, Some("mark")),
        (r#"{"type":"subscribe","room":999999}"#.to_owned(), Code::NotFound, Some("subscribe")),
        (format!(r#"{{"type":"post","room":{lobby},"key":"k","text":" "}}"#), Code::BodyBlank, Some("post")),
        (r#"{"type":"mark","room":5,"read":-1}"#.to_owned(), Code::Malformed, None),
        (r#"{"type":"mark","room":5,"seen":1}"#.to_owned(), Code::Malformed, None),
        (r#"{"type":"typing"}"#.to_owned(), Code::Malformed, None),
        (r#"{"type":"typing","room":5,"text":"hel"}"#.to_owned(), Code::Malformed, None),
        (r#"{"type":"here","away":"no"}"#.to_owned(), Code::Malformed, None),
        (r#"{"type":"watch","people":["8"]}"#.to_owned(), Code::Malformed, None),
    ];
    for (frame, code, name) in cases {
        line.sends(Message::text(frame.clone()));
        let refused = line.hears_refusal();
        assert_eq!((refused.code, refused.frame.as_deref()), (code, name), "{frame}");
    }
    // Also one that came too soon can be said again: it is named by its room and key.
    for n in 0..250 {
        line.says(&FromClient::Post {
            room: lobby,
            key: format!("f{n}"),
            text: " ".into(),
            files: Vec::new(),
            reply: None,
            forward: None,
        });
    }
    let too_fast = loop {
        let refused = line.hears_refusal();
        if refused.code == Code::TooFast {
            break refused;
        }
    };
    assert_eq!((too_fast.frame.as_deref(), too_fast.room), (Some("post"), Some(lobby)));
    assert!(too_fast.key.is_some_and(|key| key.starts_with('f')));
}
