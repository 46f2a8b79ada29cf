//! Direct chats: between those who are in them, and nobody else.

use crate::house::Running;
use model::{Change, Membership, Seq, Visibility, limits};
use protocol::{Code, FromClient, FromServer, http::Directory};
use testkit::cast::Guest;

fn cast(house: &Running) -> [Guest; 3] {
    ["alice", "bob", "mallory"].map(|name| Guest::signs_up(&house.base, name))
}

#[test]
fn the_same_people_get_the_same_direct_chat() {
    let house = Running::start();
    let [alice, bob, carol] = cast(&house);
    let mut b = bob.connects();
    let pair = alice.opens_direct(&[&bob]);
    assert_eq!((pair.name.as_str(), pair.visibility), ("alice, bob", Visibility::Direct));
    assert_eq!(pair.people, [alice.person.clone(), bob.person.clone()]);
    assert_eq!(b.hears_event().change, Change::RoomJoined { room: pair.clone(), head: Seq::ZERO });
    // Whoever asks, however often, and with oneself and others twice among them.
    assert_eq!(bob.opens_direct(&[&alice]), pair);
    assert_eq!(alice.opens_direct(&[&bob, &alice, &bob]), pair);
    let notes = alice.opens_direct(&[]);
    assert_eq!((notes.name.as_str(), alice.opens_direct(&[&alice]).id), ("alice", notes.id));
    let three = carol.opens_direct(&[&alice, &bob]);
    assert!(three.id != pair.id && three.people.len() == 3);
    // They talk, and it stands in the hello.
    b.subscribes(pair.id, None).unwrap();
    assert_eq!(alice.posts(pair.id, "k", "psst").unwrap().seq, Seq::new(1));
    assert_eq!(b.hears_texts(1), ["psst"]);
    let stood = bob.connects().stood(pair.id).unwrap();
    assert_eq!((stood.room, stood.unread, stood.last_at.is_some()), (pair.clone(), 1, true));
    assert_eq!(alice.gets(&format!("rooms/{}", pair.id)).value::<model::Room>(), pair);
}

#[test]
fn a_direct_chat_has_a_bounded_number_of_people_who_exist() {
    let house = Running::start();
    let [alice, bob, _] = cast(&house);
    let opens = |people: Vec<i64>| alice.sends("POST", "directs", &serde_json::json!({ "people": people }));
    let bob = bob.person.id.number();
    assert_eq!(opens(vec![bob, 999_999]).code(), Code::NotFound);
    let many = (1..=limits::DIRECT_PEOPLE_MAX).map(|n| 1_000 + i64::try_from(n).unwrap()).collect();
    let refused = opens(many);
    assert_eq!((refused.status, refused.code()), (409, Code::TooManyPeople));
    assert_eq!(alice.asks("POST", "directs", Some(r#"{"people":"bob"}"#)).code(), Code::Malformed);
    // A direct chat is not made as a room is.
    let by_name = alice.asks("POST", "rooms", Some(r#"{"name":"cave","visibility":"direct"}"#));
    assert_eq!((by_name.status, by_name.code()), (403, Code::NotAllowed));
}

#[test]
fn a_direct_chat_is_nothing_to_an_outsider() {
    let house = Running::start();
    let [alice, bob, mallory] = cast(&house);
    let pair = alice.opens_direct(&[&bob]).id;
    alice.posts(pair, "k", "secret").unwrap();
    let doors: [(&str, &str, Option<&str>); 9] = [
        ("GET", "", None),
        ("GET", "/members", None),
        ("POST", "/members", Some(r#"{"username":"mallory"}"#)),
        ("PUT", "/members/me", None),
        ("DELETE", "/members/me", None),
        ("GET", "/messages", None),
        ("POST", "/messages", Some(r#"{"key":"m","text":"let me in"}"#)),
        ("GET", "/marks", None),
        ("PUT", "/marks", Some(r#"{"read":1}"#)),
    ];
    for (method, door, body) in doors {
        let [hidden, missing] =
            [pair, model::RoomId::new(999_999)].map(|room| mallory.asks(method, &format!("rooms/{room}{door}"), body));
        assert_eq!((hidden.status, hidden.code()), (404, Code::NotFound), "{method} {door}");
        assert_eq!((missing.status, missing.code()), (404, Code::NotFound), "{method} {door}");
    }
    let mut line = mallory.connects();
    assert_eq!(line.stood(pair), None);
    line.says(&FromClient::Subscribe { room: pair, since: None });
    let refused = line.hears_refusal();
    assert_eq!((refused.code, refused.frame.as_deref(), refused.room), (Code::NotFound, Some("subscribe"), Some(pair)));
    line.marks(pair, 1, 1);
    let refused = line.hears_refusal();
    assert_eq!((refused.code, refused.frame.as_deref(), refused.room), (Code::NotFound, Some("mark"), Some(pair)));
    assert_eq!(line.posts(pair, "m2", "hello?"), Err(Code::NotFound));
    for guest in [&alice, &bob, &mallory] {
        for query in ["rooms", "rooms?q=alice", "rooms?q=al"] {
            let listed: Directory = guest.gets(query).value();
            assert!(listed.rooms.iter().all(|entry| entry.room.id != pair), "{query}");
        }
    }
}

#[test]
fn nobody_comes_into_a_direct_chat_or_goes() {
    let house = Running::start();
    let [alice, bob, mallory] = cast(&house);
    let pair = alice.opens_direct(&[&bob]).id;
    let added = alice.asks("POST", &format!("rooms/{pair}/members"), Some(r#"{"username":"mallory"}"#));
    assert_eq!((added.status, added.code()), (403, Code::NotAllowed));
    assert_eq!(bob.leaves(pair).code(), Code::NotAllowed);
    // Who is in it may say that they join: nothing happens.
    assert_eq!(bob.asks("PUT", &format!("rooms/{pair}/members/me"), None).status, 200);
    let members: protocol::http::Members = alice.gets(&format!("rooms/{pair}/members")).value();
    assert_eq!(members.members, [alice.person.clone(), bob.person]);
    assert!(mallory.connects().stood(pair).is_none());
    let Some(FromServer::Hello { rooms, .. }) = alice.connects().hello else { panic!("no hello") };
    assert_eq!(rooms.iter().filter(|head| head.room.id == pair).count(), 1);
    let seen =
        model::rules::may_see(rooms.iter().find(|h| h.room.id == pair).map(|h| h.room.clone()), Membership::Outsider);
    assert_eq!(seen, Err(model::Refusal::NotFound));
}
