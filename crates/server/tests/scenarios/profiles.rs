//! What people tell of themselves: who hears of it at once, who may know what, and what is refused.

use model::{Change, Line};
use protocol::{Code, FromServer, http::PersonCard};
use serde_json::json;
use testkit::cast::{Answer, Guest, Line as Socket};

use crate::house::Running;

fn sets(who: &Guest, profile: &serde_json::Value) -> Answer {
    who.sends("PUT", "me/profile", profile)
}

fn hears_change(socket: &mut Socket) -> Change {
    socket.hears_event().change
}

fn card(asker: &Guest, who: &Guest) -> PersonCard {
    asker.gets(&format!("people/{}", who.person.id)).value()
}

#[test]
fn a_change_is_heard_by_those_who_share_a_room() {
    let house = Running::start();
    let [alice, bob, mallory] = ["alice", "bob", "mallory"].map(|name| Guest::signs_up(&house.base, name));
    // Everybody begins in a first room.
    let Some(FromServer::Hello { rooms, .. }) = mallory.connects().hello else { panic!("no hello") };
    for at in &rooms {
        assert_eq!(mallory.leaves(at.room.id).status, 204);
    }
    let room = alice.joins("stones");
    bob.joins("stones");
    let (mut a, mut b) = (alice.connects(), bob.connects());
    b.subscribes(room, None).unwrap();
    let profile = json!({
        "username": "liddell", "display": "Alice  Liddell", "about": "curiouser", "time_zone": "Europe/Vienna",
        "status": {"text": "On holiday", "emoji": "🏝️", "until": 9_000_000_000_000_i64},
    });
    assert_eq!(sets(&alice, &profile).status, 204);
    let Change::ProfileSet { person } = hears_change(&mut b) else { panic!("another change") };
    assert_eq!((person.id, person.name.as_str(), person.version), (alice.person.id, "liddell", 1));
    assert_eq!(person.display.as_ref().map(Line::as_str), Some("Alice Liddell"));
    assert_eq!(hears_change(&mut a), Change::ProfileSet { person: person.clone() });

    // An open socket's next word is already under the new name.
    a.subscribes(room, None).unwrap();
    a.posts(room, "k1", "hello").unwrap();
    let Change::MessagePosted(said) = hears_change(&mut b) else { panic!("another change") };
    let author = said.author;
    assert_eq!(author, person);
    let Some(FromServer::Hello { you, .. }) = alice.connects().hello else { panic!("no hello") };
    assert_eq!(you.person, person);
    // She logs in by it, and by the former one no more.
    assert_eq!(Guest::logs_in(&house.base, "liddell").person, person);

    // Who shares a room knows all of it, who does not the names.
    let (near, far) = (card(&bob, &alice), card(&mallory, &alice));
    assert_eq!(near.profile.status.as_ref().unwrap().text.as_str(), "On holiday");
    assert_eq!((near.profile.about.unwrap().as_str(), near.entry.presence.is_some()), ("curiouser", true));
    assert_eq!((far.entry.person, far.profile), (person, model::Profile::default()));
    assert_eq!(far.entry.presence, None);

    // A status that is over is nobody's any more.
    assert_eq!(sets(&alice, &json!({"status": {"text": "out", "until": 1}})).status, 204);
    assert_eq!(card(&bob, &alice).profile, model::Profile::default());
}

#[test]
fn what_cannot_be_shown_is_refused() {
    let house = Running::start();
    let [alice, bob] = ["alice", "bob"].map(|name| Guest::signs_up(&house.base, name));
    for profile in [
        json!({"display": "al\u{202e}ice"}),
        json!({"display": "x".repeat(49)}),
        json!({"about": "x".repeat(161)}),
        json!({"status": {"text": "a\u{200b}b"}}),
        json!({"status": {"text": "out", "emoji": "admin"}}),
        json!({"time_zone": "<b>"}),
    ] {
        assert_eq!(sets(&alice, &profile).code(), Code::ProfileInvalid, "{profile}");
    }
    assert_eq!(sets(&alice, &json!({"username": "a b"})).code(), Code::UsernameInvalid);
    assert_eq!(sets(&alice, &json!({"username": "BOB"})).code(), Code::UsernameTaken);
    assert_eq!(sets(&alice, &json!({"display": "Bob"})).code(), Code::UsernameTaken);
    assert_eq!(sets(&alice, &json!({"name": "alice"})).code(), Code::Malformed);
    assert_eq!(bob.gets("people/999").code(), Code::NotFound);
    assert_eq!(card(&bob, &alice).entry.person, alice.person, "nothing was changed");
    // Each change is written into all of one's rooms: not without end.
    let answers: Vec<Answer> = (0..12).map(|n| sets(&alice, &json!({"about": format!("{n}")}))).collect();
    assert_eq!(answers.last().unwrap().code(), Code::TooFast);
}
