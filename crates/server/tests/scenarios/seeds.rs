//! Clients that speak the frames of the small programs before this one talk with each other, and with everybody else.

use crate::house::Running;
use model::Seq;
use protocol::FromClient;
use serde_json::{Value, json};
use testkit::cast::{Guest, Visitor};
use tungstenite::Message;

/// Opens an address of theirs.
fn enters(house: &Running, guest: &Guest, path: &str) -> Result<Visitor, u16> {
    Visitor::tries(&house.base, path, &[("authorization", &format!("Bearer {}", guest.token))])
}

fn says(visitor: &mut Visitor, text: &str) {
    visitor.sends(Message::text(json!({ "message": text }).to_string()));
}

fn hears(visitor: &mut Visitor) -> Value {
    serde_json::from_str(&visitor.hears_text()).unwrap()
}

#[test]
fn a_room_by_its_name_speaks_the_frames_of_seed_000() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.joins("quarry");
    let mut a = enters(&house, &alice, "/ws/chat/quarry/").unwrap();
    let mut b = enters(&house, &bob, "/ws/chat/Quarry/").unwrap();
    let mut native = bob.connects();
    native.subscribes(room, None).unwrap();
    // What is said before somebody listens is not told; so each says something until it is heard.
    says(&mut a, "hello");
    assert_eq!(hears(&mut a), json!({ "type": "chat_message", "message": "hello", "username": "alice" }));
    says(&mut b, "there");
    let heard = std::iter::repeat_with(|| hears(&mut b)).find(|frame| frame["message"] == "there").unwrap();
    assert_eq!(heard, json!({ "type": "chat_message", "message": "there", "username": "bob" }));
    assert_eq!(hears(&mut a)["message"], "there");
    assert_eq!(native.hears_texts(2), ["hello", "there"]);
    native.posts(room, "k", "from the app").unwrap();
    assert_eq!([hears(&mut a), hears(&mut b)].map(|frame| frame["message"].clone()), ["from the app", "from the app"]);
    // It is kept, as everything is.
    let kept: Vec<_> = alice.reads(room).messages.into_iter().map(|m| m.said.text.as_str().to_owned()).collect();
    assert_eq!(kept, ["hello", "there", "from the app"]);

    // What is blank is not said, what is no frame is refused, and the talk goes on.
    says(&mut a, "  ");
    for strange in ["nonsense", "{}", r#"{"text":"x"}"#, r#"{"type":"post","room":1,"key":"k","text":"t"}"#] {
        a.sends(Message::text(strange));
        let refused = hears(&mut a);
        assert_eq!([&refused["type"], &refused["code"]], ["error", "malformed"], "{strange}");
    }
    says(&mut a, &"x".repeat(8_001));
    assert_eq!(hears(&mut a)["code"], "body_too_long");
    says(&mut a, "still here");
    assert_eq!(hears(&mut a)["message"], "still here");
}

#[test]
fn somebody_by_their_number_speaks_the_frames_of_seed_001() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.opens_direct(&[&bob]).id;
    alice.posts(room, "k", "before you came").unwrap();
    let mut a = enters(&house, &alice, &format!("/ws/chat/{}/", bob.person.id)).unwrap();
    says(&mut a, "hello");
    let hello = hears(&mut a);
    let (id, number) = (hello["message_id"].clone(), alice.person.id.number());
    assert_eq!(
        [&hello["type"], &hello["message"], &hello["is_delivered"]],
        [&json!("message"), &json!("hello"), &json!(false)]
    );
    assert_eq!(hello["sender_id"], number);
    assert!(hello["timestamp"].as_str().is_some_and(|at| at.len() == 5 && at.contains(':')));

    // He comes: what waited has been delivered, and she is told.
    let mut b = enters(&house, &bob, &format!("/ws/chat/{number}/")).unwrap();
    assert_eq!(hears(&mut a), json!({ "type": "delivered", "message_id": id }));
    says(&mut a, "are you there?");
    let asked = hears(&mut b);
    assert_eq!([&asked["message"], &asked["sender_id"]], [&json!("are you there?"), &json!(number)]);
    assert_eq!(hears(&mut a)["message"], "are you there?");
    assert_eq!(hears(&mut a), json!({ "type": "delivered", "message_id": asked["message_id"] }));

    // He reads it with the app.
    let read = Seq::new(asked["message_id"].as_u64().unwrap());
    bob.connects().says(&FromClient::Mark { room, delivered: read, read });
    assert_eq!(
        [hears(&mut a), hears(&mut a)].map(|frame| frame["message_id"].clone()),
        [id, asked["message_id"].clone()]
    );
}

#[test]
fn what_is_no_address_or_not_for_this_person_is_refused_at_the_door() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    alice.makes_private("secret");
    let refused = |path: &str| enters(&house, &bob, path).err();
    for nowhere in
        ["/ws/chat/nowhere/", "/ws/chat/secret/", "/ws/chat/99/", "/ws/chat/99999999999999999999/", "/ws/chat/%20/"]
    {
        assert_eq!(refused(nowhere), Some(404), "{nowhere}");
    }
    assert_eq!(Visitor::tries(&house.base, "/ws/chat/general/", &[]).err(), Some(401));
    // Without the slash it is a room that keeps nothing, for everybody.
    assert!(Visitor::tries(&house.base, "/ws/chat/general", &[]).is_ok());
}
