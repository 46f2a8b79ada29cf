//! Whichever door somebody takes, the same thing is refused in the same words, and nothing of it is kept.

use model::{Cursor, Epoch, RoomId, Seq};
use protocol::{
    Amendment, Code, FromClient, FromServer,
    http::{HookMade, Problem},
};
use serde_json::{Value, json};
use testkit::cast::{Answer, Guest, JSON, Line, send};

use crate::house::Running;

/// A refusal, as somebody reads it.
type Words = (Code, String);

fn read(answer: &Answer) -> Words {
    let problem: Problem = serde_json::from_str(&answer.text).unwrap_or_else(|e| panic!("{e}: {}", answer.text));
    (problem.error.code, problem.error.message)
}

fn hears(line: &mut Line, frame: &FromClient) -> Words {
    line.says(frame);
    let refused = line.hears_refusal();
    (refused.code, refused.message)
}

fn frame(room: RoomId, text: &str) -> FromClient {
    let (key, text) = ("k".to_owned(), text.to_owned());
    FromClient::Post { room, key, text, files: Vec::new(), reply: None, forward: None }
}

#[test]
fn every_door_refuses_the_same_in_the_same_words() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let lobby = alice.joins("lobby");
    let den = bob.makes_private("den");
    let said = alice.posts(lobby, "first", "first").unwrap().seq;
    let rook = alice.sends("POST", "bots", &json!({ "username": "rook" })).value::<Value>()["id"].clone();
    alice.sends("POST", &format!("rooms/{lobby}/members"), &json!({ "username": "rook" }));
    let hook = json!({ "kind": "incoming", "room": lobby });
    let hook: HookMade = alice.sends("POST", &format!("bots/{rook}/hooks"), &hook).value();
    let hook = house.url(&hook.url.unwrap());

    let mut lines = [alice.connects(), Line::polls(&alice), Line::events(&alice)];
    let long = "x".repeat(8_001);
    for (text, code) in [
        ("", Code::BodyBlank),
        (" \n", Code::BodyBlank),
        ("a\u{0}b", Code::BodyInvalid),
        ("a\u{1b}[31m", Code::BodyInvalid),
        (long.as_str(), Code::BodyTooLong),
    ] {
        let post = json!({ "key": "k", "text": text });
        let words = read(&alice.sends("POST", &format!("rooms/{lobby}/messages"), &post));
        assert_eq!(words.0, code, "{text:?}");
        for line in &mut lines {
            assert_eq!(hears(line, &frame(lobby, text)), words, "{text:?}");
        }
        assert_eq!(read(&send("POST", &hook, &[JSON], Some(&json!({ "text": text }).to_string()))), words, "{text:?}");
    }

    // A room that one may not know of, and one that there is not; and what one may not do to a message.
    for room in [den, RoomId::new(4_711)] {
        let words = read(&alice.sends("POST", &format!("rooms/{room}/messages"), &json!({ "key": "k", "text": "x" })));
        assert_eq!(words.0, Code::NotFound);
        assert_eq!(read(&alice.gets(&format!("rooms/{room}/messages"))), words);
        for line in &mut lines {
            assert_eq!(hears(line, &frame(room, "x")), words);
            assert_eq!(hears(line, &FromClient::Subscribe { room, since: None }), words);
        }
    }
    bob.joins("lobby");
    let words =
        read(&bob.sends("PATCH", &format!("rooms/{lobby}/messages/{said}"), &json!({ "edits": 0, "text": "x" })));
    assert_eq!(words.0, Code::NotAllowed);
    for mut line in [bob.connects(), Line::polls(&bob), Line::events(&bob)] {
        let what = Amendment::Edit { edits: 0, text: "x".into() };
        let amend = FromClient::Amend { room: lobby, message: said, key: "k".into(), what };
        assert_eq!(hears(&mut line, &amend), words);
    }
    assert_eq!(alice.reads_all(lobby).len(), 1, "nothing of it was kept");
}

#[test]
fn a_cursor_that_is_none_is_told_so_by_every_door() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let (lobby, quarry) = (alice.joins("lobby"), alice.joins("quarry"));
    for n in 0..9 {
        alice.posts(quarry, &format!("q{n}"), "stone").unwrap();
    }
    let head = alice.reads(lobby).head;
    let of_quarry = alice.reads(quarry).head;
    assert!(of_quarry > head);
    let cursor = |epoch: &str, seq| Some(Cursor { epoch: Epoch::new(epoch), seq });
    for mut line in [alice.connects(), Line::polls(&alice), Line::events(&alice)] {
        for since in [cursor("test", of_quarry), cursor("test", Seq::new((1 << 53) - 1)), cursor("other", head)] {
            line.says(&FromClient::Subscribe { room: lobby, since });
            let told = line.hears();
            assert!(
                matches!(&told, FromServer::Reset { room, head: at, .. } if *room == lobby && *at == head),
                "{told:?}"
            );
        }
    }
    // Polls from the future, another's line, and what is no number.
    let line: Value = alice.asks("POST", "events", None).value();
    let line = format!("events/{}", line["line"].as_str().unwrap());
    for after in ["4711", "9007199254740991"] {
        assert_eq!(alice.gets(&format!("{line}?after={after}")).code(), Code::Malformed, "{after}");
    }
    for after in ["-1", "x", "1.5", "99999999999999999999"] {
        assert_eq!(alice.gets(&format!("{line}?after={after}")).code(), Code::Malformed, "{after}");
        assert_eq!(alice.gets(&format!("rooms/{lobby}/messages?after={after}")).code(), Code::Malformed, "{after}");
        assert_eq!(alice.gets(&format!("rooms/{lobby}/messages?before={after}")).code(), Code::Malformed, "{after}");
    }
    for after in ["x", "1.5", "99999999999999999999"] {
        for page in [format!("rooms/{lobby}/members"), "people".into()] {
            assert_eq!(alice.gets(&format!("{page}?after={after}")).code(), Code::Malformed, "{page} {after}");
        }
    }
    for cursor in ["x", "1.5", "99999999999999999999999"] {
        for page in ["search?q=stone", "me/saved?limit=1", "me/mentions?limit=1"] {
            assert_eq!(alice.gets(&format!("{page}&cursor={cursor}")).code(), Code::Malformed, "{page} {cursor}");
        }
    }
    assert_eq!(bob.gets(&line).code(), Code::NotFound);
    // A place that is still to come is a page without messages, and no mistake: a client may ask what came after what it has.
    let page = alice.gets(&format!("rooms/{lobby}/messages?after={of_quarry}"));
    assert_eq!((page.status, page.value::<Value>()["messages"].as_array().unwrap().len()), (200, 0));
}

#[test]
fn a_list_of_fields_is_no_object_also_inside_one() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    for (method, path, body) in [
        ("PUT", "me/profile", r#"{"status":[]}"#.to_owned()),
        ("PUT", "me/profile", r#"{"status":["at lunch","","9"]}"#.to_owned()),
        ("PUT", "me/notices", r#"{"quiet":[1,2,"Europe/Vienna"]}"#.to_owned()),
        ("POST", &format!("rooms/{lobby}/messages"), format!(r#"{{"key":"k","text":"","forward":[{lobby},1]}}"#)),
        ("POST", "session", r#"["alice","x"]"#.to_owned()),
    ] {
        assert_eq!(alice.asks(method, path, Some(&body)).code(), Code::Malformed, "{method} {path} {body}");
    }
    let mut line = alice.connects();
    for frame in [
        format!(r#"{{"type":"subscribe","room":{lobby},"since":["test",1]}}"#),
        format!(r#"{{"type":"amend","room":{lobby},"message":1,"key":"k","what":["delete"]}}"#),
        r#"["pong"]"#.to_owned(),
    ] {
        line.sends(tungstenite::Message::text(frame.clone()));
        assert_eq!(line.hears_refusal().code, Code::Malformed, "{frame}");
    }
}
