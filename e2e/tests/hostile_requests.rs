//! Hostile texts in addresses, messages and searches: refused or answered, quickly, and never given back as markup. What a browser makes of
//! them in every field is tried by `cargo test -p stonechat-e2e --test hostile`, which takes its time.

#[path = "hostile/strings.rs"]
mod strings;

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    time::{Duration, Instant},
};

use e2e::Server;
use serde_json::Value;
use testkit::cast::{Guest, send};

#[test]
fn there_are_enough_of_them_and_none_twice() {
    let all = strings::all();
    let different: BTreeSet<&String> = all.iter().collect();
    assert!(all.len() >= 200 && different.len() == all.len(), "{}, of which {} different", all.len(), different.len());
    assert!(!strings::BROKEN.is_empty());
}

/// A text as a part of an address, cut where a server would not read on.
fn escaped(text: &str) -> String {
    text.bytes().take(1_000).fold(String::new(), |mut escaped, byte| {
        let _ = write!(escaped, "%{byte:02X}");
        escaped
    })
}

#[test]
fn what_stands_in_an_address_is_answered_quickly_and_never_given_back_as_markup() {
    let server = Server::start();
    let alice = Guest::signs_up(&server.base, "alice");
    let room = alice.joins("quarry");
    let bearer = format!("Bearer {}", alice.token);
    let paths = [
        "/",
        "/?group=TEXT&user=TEXT",
        "/?TEXT=TEXT",
        "/assets/",
        "/invite/",
        "/setup/",
        "/i/",
        "/login?next=",
        "/rooms/",
        &format!("/rooms/{room}/messages/"),
        "/api/v1/",
        "/api/v1/files/",
        "/api/v1/rooms?q=",
        "/api/v1/people?q=",
        "/api/v1/people/",
        &format!("/api/v1/rooms/{room}/messages?before="),
        &format!("/api/v1/rooms/{room}/messages/1/reactions/"),
    ];
    let (mut wrong, mut slowest) = (Vec::new(), Duration::ZERO);
    for text in strings::all() {
        let escaped = escaped(&text);
        for path in paths {
            let path = if path.contains("TEXT") { path.replace("TEXT", &escaped) } else { format!("{path}{escaped}") };
            let method = if path.contains("reactions") { "PUT" } else { "GET" };
            let began = Instant::now();
            let answer = send(method, &format!("{}{path}", server.base), &[("authorization", &bearer)], None);
            slowest = slowest.max(began.elapsed());
            let html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
            if answer.status >= 500 || html && text.contains('<') && answer.text.contains(&text) {
                wrong.push(format!("{} {path:.200}", answer.status));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(slowest < Duration::from_secs(2), "somebody waited for {slowest:?}");
}

#[test]
fn whatever_is_looked_for_is_answered_in_about_the_time_of_a_word() {
    let server = Server::start();
    let looks = |guest: &Guest, text: &str| {
        let began = Instant::now();
        let answer = guest.gets(&format!("search?q={}", escaped(text)));
        (answer.status, began.elapsed())
    };
    let texts = strings::all();
    // One person may look for forty things at once.
    for (turn, some) in texts.chunks(30).enumerate() {
        let guest = Guest::signs_up(&server.base, &format!("person{turn}"));
        let room = guest.joins("quarry");
        for (n, text) in some.iter().enumerate() {
            drop(guest.posts(room, &format!("k{n}"), text));
        }
        let (status, word) = looks(&guest, "stones");
        assert_eq!(status, 200);
        for text in some {
            let (status, time) = looks(&guest, text);
            let told = if text.chars().count() > 256 { vec![422] } else { vec![200, 422] };
            assert!(told.contains(&status), "{status} for {text:.60}");
            assert!(time < word * 20 + Duration::from_millis(500), "{text:.60} takes {time:?}, a word {word:?}");
        }
        for long in
            ["x".repeat(10_240), "a ".repeat(5_120), "\"".repeat(10_240), "(".repeat(10_240), "-\"a\" ".repeat(2_048)]
        {
            let answer: Value =
                serde_json::from_str(&guest.gets(&format!("search?q={long}").replace([' ', '"'], "+")).text).unwrap();
            assert_eq!(answer["error"]["code"], "search_too_long");
        }
    }
}
