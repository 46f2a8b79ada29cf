//! Custom emoji at the door: who may add them and under which names. Their pictures are in `e2e`, where there is a program that looks
//! into them.

use model::limits::EMOJI_PICTURE_BYTES_MAX;
use protocol::{Amendment, Code, http::CustomEmojis};
use testkit::cast::{Guest, PASSWORD, send};

use crate::house::Running;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The first administrator.
fn administrator(house: &Running, name: &str) -> Guest {
    let form = format!("username={name}&password={PASSWORD}&password_again={PASSWORD}").replace(' ', "+");
    assert_eq!(send("POST", &house.url(&format!("/setup/{}", house.set_up)), &[FORM], Some(&form)).status, 303);
    Guest::logs_in(&house.base, name)
}

#[test]
fn administrators_alone_add_emoji_and_remove_them() {
    let house = Running::start();
    let bob = Guest::signs_up(&house.base, "bob");
    for (method, path) in [("PUT", "emoji/stone"), ("DELETE", "emoji/stone"), ("PUT", "emoji/Not_A_Name")] {
        assert_eq!(bob.asks(method, path, None).code(), Code::NotAllowed, "{method} {path}");
    }
    for path in ["emoji", "emoji/stone/picture"] {
        assert_eq!(send("GET", &house.url(&format!("/api/v1/{path}")), &[], None).code(), Code::NotSignedIn);
    }
    let alice = administrator(&house, "alice");
    assert_eq!(alice.asks("DELETE", "emoji/stone", None).code(), Code::NotFound);
    assert_eq!(bob.gets("emoji/stone/picture").code(), Code::NotFound);
    assert_eq!(bob.gets("emoji/..%2F..%2Fetc/picture").code(), Code::NotFound);
}

#[test]
fn a_name_is_a_name_and_a_picture_is_no_larger_than_is_taken() {
    let house = Running::start();
    let alice = administrator(&house, "alice");
    for name in ["a", "Stone", "_so", "so.so", "%3Astone%3A", "st%20one", "%E2%9D%A4", "%3Cb%3E", &"a".repeat(33)] {
        assert_eq!(alice.asks("PUT", &format!("emoji/{name}"), None).code(), Code::EmojiNameInvalid, "{name}");
    }
    let large = vec![0; usize::try_from(EMOJI_PICTURE_BYTES_MAX).unwrap() + 1];
    assert_eq!(alice.tries("PUT", "emoji/stone", &[], &large), Some(413));
}

#[test]
fn the_list_is_told_once_while_it_stands() {
    let house = Running::start();
    let bob = Guest::signs_up(&house.base, "bob");
    let list = bob.gets("emoji");
    assert_eq!(list.value::<CustomEmojis>().emoji, []);
    assert_eq!(list.header("cache-control"), Some("private, no-cache"));
    let again = bob.fetches_with("emoji", &[("if-none-match", list.header("etag").unwrap())]);
    assert_eq!((again.status, again.bytes.len()), (304, 0));
    assert_eq!(bob.fetches_with("emoji", &[("if-none-match", "\"other\"")]).status, 200);
}

#[test]
fn nobody_reacts_with_an_emoji_that_there_is_not() {
    let house = Running::start();
    let bob = Guest::signs_up(&house.base, "bob");
    let room = bob.joins("stones");
    let posted = bob.posts(room, "k1", "look").unwrap();
    let mut line = bob.connects();
    for (emoji, on) in [(":stone:", true), (":Stone:", true), (":Stone:", false), ("stone", true), (":a:", true)] {
        let react = Amendment::React { emoji: emoji.into(), on };
        assert_eq!(line.amends(room, posted.seq, react), Err(Code::EmojiInvalid), "{emoji} {on}");
    }
    // What is not there can be taken back, as it can be after the emoji was removed.
    let react = Amendment::React { emoji: ":stone:".into(), on: false };
    assert!(line.amends(room, posted.seq, react).is_ok());
    let path = format!("rooms/{room}/messages/{}/reactions/%3Astone%3A", posted.seq);
    assert_eq!(bob.asks("PUT", &path, None).code(), Code::EmojiInvalid);
    assert!(bob.asks("DELETE", &path, None).status < 300);
}
