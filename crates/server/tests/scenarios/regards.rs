//! Whom people ignore and block.

use crate::house::Running;
use model::{Change, Cursor, Epoch, Marks, MemberMarks, Presence, Regard, Regarded, Seq, UserId};
use protocol::{Code, FromClient, FromServer};
use serde_json::json;
use testkit::cast::{Guest, Line};

fn regards(line: &Line) -> Vec<Regarded> {
    let Some(FromServer::Hello { regards, .. }) = &line.hello else { panic!("no hello") };
    regards.clone()
}

fn two(house: &Running) -> (Guest, Guest) {
    (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"))
}

#[test]
fn who_is_blocked_says_nothing_to_the_other_alone_and_nothing_is_said_to_them() {
    let house = Running::start();
    let (alice, bob) = two(&house);
    let pair = alice.opens_direct(&[&bob]).id;
    let first = bob.posts(pair, "k1", "hello").unwrap().seq;
    let mut phone = alice.connects();
    alice.regards(&bob, Regard::Blocked);
    let blocked = Regarded { person: bob.person.clone(), regard: Regard::Blocked };
    assert_eq!(phone.hears_event().change, Change::RegardSet(blocked.clone()));
    assert_eq!(regards(&alice.connects()), [blocked]);
    assert_eq!(regards(&bob.connects()), [], "who is blocked is not told");

    for (who, key) in [(&bob, "k2"), (&alice, "k3")] {
        assert_eq!(who.posts(pair, key, "are you there?"), Err(Code::Blocked));
        let at = format!("rooms/{pair}/messages/{first}");
        assert_eq!(who.sends("PUT", &format!("{at}/pin"), &json!({})).code(), Code::Blocked);
        assert_eq!(who.asks("PUT", &format!("{at}/reactions/👍"), None).code(), Code::Blocked);
    }
    let edit = json!({ "text": "you there?", "edits": 0 });
    let own = format!("rooms/{pair}/messages/{first}");
    assert_eq!(bob.sends("PATCH", &own, &edit).code(), Code::Blocked);
    assert_eq!(bob.posts(pair, "k1", "hello").unwrap().seq, first, "what was kept before is kept");
    assert!(bob.asks("DELETE", &own, None).status < 300, "one may always take one's own back");

    // Nor is she brought anywhere by him.
    let room = bob.makes_private("lair");
    let bring = json!({ "username": "alice" });
    assert_eq!(bob.sends("POST", &format!("rooms/{room}/members"), &bring).code(), Code::Blocked);
    let carol = Guest::signs_up(&house.base, "carol");
    let three = json!({ "people": [alice.person.id, carol.person.id] });
    assert_eq!(bob.sends("POST", "directs", &three).code(), Code::Blocked);

    alice.regards(&bob, Regard::Ignored);
    bob.posts(pair, "k4", "again").unwrap();
    alice.regards(&bob, Regard::Open);
    assert_eq!(regards(&alice.connects()), []);
}

#[test]
fn in_a_room_the_blocked_name_nobody_who_blocks_them_and_their_receipts_and_typing_do_not_arrive() {
    let house = Running::start();
    let (alice, bob) = two(&house);
    let lobby = alice.joins("lobby");
    bob.joins("lobby");
    alice.regards(&bob, Regard::Blocked);
    let (mut a, mut b) = (alice.connects(), bob.connects());
    let start = a.subscribes(lobby, None).unwrap();
    b.subscribes(lobby, None).unwrap();

    bob.posts(lobby, "k1", "Hey @alice, @room").unwrap();
    let Change::MessagePosted(said) = a.hears_event().change else { panic!("not a message") };
    assert!(said.mentions.iter().all(|mention| mention.person.is_none()), "{:?}", said.mentions);
    b.hears_event();
    b.marks(lobby, 9, 9);
    b.says(&FromClient::Typing { room: lobby });
    assert_eq!(a.hears_event().change, Change::Withheld {});
    let moved = MemberMarks { member: bob.person.id, marks: Marks::at(start.next()) };
    assert_eq!(alice.asks_marks(lobby), []);
    // Who was away gets no more by coming back; and whoever blocks nobody sees it.
    let since = Some(Cursor { epoch: Epoch::new("test"), seq: start.next() });
    let mut late = alice.connects();
    late.subscribes(lobby, since.clone()).unwrap();
    assert_eq!(late.hears_event().change, Change::Withheld {});

    // From then on that she does not block him, all of it arrives. Typing that was withheld never does: the next word on the line is this.
    alice.regards(&bob, Regard::Open);
    assert!(matches!(a.hears_event().change, Change::RegardSet(_)));
    assert_eq!(alice.asks_marks(lobby), [moved]);
    let mut late = alice.connects();
    late.subscribes(lobby, since).unwrap();
    assert_eq!(late.hears_event().change, Change::MarksMoved(moved));
    alice.posts(lobby, "k2", "back").unwrap();
    assert_eq!(a.hears_texts(1), ["back"]);
    b.marks(lobby, 20, 20);
    assert!(matches!(a.hears_event().change, Change::MarksMoved(_)));
}

#[test]
fn who_is_blocked_does_not_see_the_other_come_and_go() {
    let house = Running::start();
    let (alice, bob) = two(&house);
    alice.opens_direct(&[&bob]);
    let _there = alice.connects();
    let presence = |who: &Guest| {
        let found = who.finds_people("alice").people;
        (found[0].presence, who.gets(&format!("people/{}", alice.person.id)).status)
    };
    assert_eq!(presence(&bob), (Some(Presence::Online), 200));
    alice.regards(&bob, Regard::Blocked);
    assert_eq!(presence(&bob), (None, 200));
    assert_eq!(bob.finds_people("bob").people.len(), 1);
}

#[test]
fn nobody_regards_themselves_or_nobody() {
    let house = Running::start();
    let (alice, bob) = two(&house);
    let path = |id: UserId| format!("people/{id}/regard");
    assert_eq!(alice.sends("PUT", &path(alice.person.id), &json!({ "regard": "blocked" })).code(), Code::NotAllowed);
    assert_eq!(alice.sends("PUT", &path(UserId::new(999)), &json!({ "regard": "blocked" })).code(), Code::NotFound);
    for bad in [json!({}), json!({ "regard": "hated" }), json!({ "regard": "open", "more": 1 })] {
        assert_eq!(alice.sends("PUT", &path(bob.person.id), &bad).status, 400, "{bad}");
    }
    assert_eq!(regards(&alice.connects()), []);
    assert_eq!(alice.connects().stood(model::RoomId::new(999)).map(|room| room.head), None::<Seq>);
}
