//! What rooms are about.

use crate::house::Running;
use model::{Change, Cursor, Epoch, Line, Seq};
use protocol::{Code, http::Directory};
use serde_json::json;
use testkit::cast::Guest;

fn says(who: &Guest, room: model::RoomId, topic: &str) -> u16 {
    who.sends("PUT", &format!("rooms/{room}/topic"), &json!({ "topic": topic })).status
}

#[test]
fn a_topic_is_told_to_all_and_known_to_whoever_comes_later() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let lobby = alice.joins("lobby");
    let mut a = alice.connects();
    let since = Cursor { epoch: Epoch::new("test"), seq: a.subscribes(lobby, None).unwrap() };
    bob.joins("lobby");
    a.hears_event();
    assert_eq!(says(&bob, lobby, "  Stones "), 204);
    let stones = || Some(Line::kept("Stones".into()));
    let set = Change::TopicSet { by: bob.person.clone(), topic: stones() };
    assert_eq!(a.hears_event().change, set);
    assert_eq!(says(&alice, lobby, "Stones"), 204);
    assert_eq!(says(&alice, lobby, "Pebbles"), 204);
    assert!(
        matches!(a.hears_event().change, Change::TopicSet { topic, .. } if topic == Some(Line::kept("Pebbles".into())))
    );
    // The log keeps no texts: what is read again says what the room is about by now.
    let mut late = alice.connects();
    assert_eq!(late.stood(lobby).unwrap().room.topic, Some(Line::kept("Pebbles".into())));
    late.subscribes(lobby, Some(since)).unwrap();
    late.hears_event();
    assert!(
        matches!(late.hears_event().change, Change::TopicSet { topic, .. } if topic == Some(Line::kept("Pebbles".into())))
    );
    let listed = alice.gets("rooms?q=lobby").value::<Directory>();
    assert_eq!(listed.rooms[0].room.topic, Some(Line::kept("Pebbles".into())));
    assert_eq!(says(&alice, lobby, " "), 204);
    assert_eq!(alice.connects().stood(lobby).unwrap().room.topic, None);
    assert!(alice.connects().stood(lobby).unwrap().head > Seq::ZERO);
}

#[test]
fn members_say_what_a_room_is_about_and_nobody_of_a_direct_chat() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let (den, lobby) = (alice.makes_private("den"), alice.joins("lobby"));
    let pair = alice.opens_direct(&[&bob]).id;
    let code = |who: &Guest, room, topic: &str| {
        who.sends("PUT", &format!("rooms/{room}/topic"), &json!({ "topic": topic })).code()
    };
    assert_eq!(code(&bob, den, "x"), Code::NotFound);
    assert_eq!(code(&bob, lobby, "x"), Code::NotAMember);
    assert_eq!(code(&alice, pair, "x"), Code::NotAllowed);
    for bad in ["a\u{202E}b".to_owned(), "x".repeat(251), "a\u{0}b".to_owned()] {
        assert_eq!(code(&alice, lobby, &bad), Code::TopicInvalid, "{bad:?}");
    }
    // Runs of white space, line breaks too, become one space.
    assert_eq!(says(&alice, lobby, "one\ntwo"), 204);
}
