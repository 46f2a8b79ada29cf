//! People look for what was said, and find what they may read; whatever they type, they get an answer.

use std::{
    thread,
    time::{Duration, Instant},
};

use protocol::{Code, http::FoundMessages};
use testkit::cast::{Answer, Guest};

use crate::house::{Running, Wish};

/// Asks for what somebody typed.
fn asks(guest: &Guest, typed: &[u8], rest: &str) -> Answer {
    let spelled = |byte: &u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    let q = typed.iter().map(spelled).collect::<Vec<_>>().concat();
    guest.gets(&format!("search?q={q}{rest}"))
}

fn finds(guest: &Guest, typed: &str) -> FoundMessages {
    asks(guest, typed.as_bytes(), "").value()
}

fn texts(guest: &Guest, typed: &str) -> Vec<String> {
    finds(guest, typed).found.into_iter().map(|found| found.message.said.text.as_str().to_owned()).collect()
}

#[test]
fn what_was_said_is_found_with_its_room_and_where_it_stands() {
    let house = Running::start();
    let [alice, bob] = ["alice", "bob"].map(|name| Guest::signs_up(&house.base, name));
    let lobby = alice.joins("lobby");
    bob.joins("lobby");
    let first = alice.posts(lobby, "k1", "Ein Café am Fluss").unwrap();
    bob.posts(lobby, "k2", "kein café, nirgends").unwrap();
    let found = finds(&bob, "cafe ");
    assert!(found.complete && found.next.is_none());
    assert_eq!(found.rooms.iter().map(|room| room.name.as_str()).collect::<Vec<_>>(), ["lobby"]);
    let hits: Vec<_> = found
        .found
        .iter()
        .map(|hit| (hit.room, hit.message.said.author.name.as_str(), hit.places.as_slice()))
        .collect();
    assert_eq!(hits, [(lobby, "bob", [(5, 9)].as_slice()), (lobby, "alice", [(4, 8)].as_slice())]);
    assert_eq!(found.found[1].message, alice.reads(lobby).messages[0]);
    assert_eq!(texts(&alice, "caf"), ["kein café, nirgends", "Ein Café am Fluss"]);
    assert_eq!(alice.deletes(lobby, first.seq).status, 204);
    assert_eq!(texts(&bob, "caf"), ["kein café, nirgends"]);
}

#[test]
fn operators_take_names_of_people_and_rooms() {
    let house = Running::start();
    let [alice, bob] = ["alice", "bob"].map(|name| Guest::signs_up(&house.base, name));
    let (lobby, club) = (alice.joins("lobby"), alice.makes_private("Book Club"));
    bob.joins("lobby");
    let pair = alice.opens_direct(&[&bob]);
    alice.posts(lobby, "k1", "stone one").unwrap();
    bob.posts(lobby, "k2", "stone two").unwrap();
    alice.posts(club, "k3", "stone three").unwrap();
    bob.posts(pair.id, "k4", "stone four").unwrap();
    let file = alice.uploads(lobby, "stone.txt", b"as text\n").unwrap();
    alice.posts_files(lobby, "k5", "see https://example.org", &[file.id]).unwrap();
    for (typed, expected) in [
        ("stone", vec!["stone four", "stone three", "stone two", "stone one"]),
        ("stone from:bob", vec!["stone four", "stone two"]),
        ("stone from:me", vec!["stone three", "stone one"]),
        ("stone from:@BOB in:lobby", vec!["stone two"]),
        ("stone in:\"book club\"", vec!["stone three"]),
        ("stone in:#lobby in:@bob", vec!["stone four", "stone two", "stone one"]),
        ("stone -in:lobby -from:bob", vec!["stone three"]),
        ("stone from:nobody", vec![]),
        ("stone in:nowhere", vec![]),
        ("stone -from:nobody", vec!["stone four", "stone three", "stone two", "stone one"]),
        ("has:file", vec!["see https://example.org"]),
        ("has:link from:alice", vec!["see https://example.org"]),
        ("has:image", vec![]),
    ] {
        assert_eq!(texts(&alice, typed), expected, "{typed:?}");
    }
    assert_eq!(texts(&alice, &format!("stone in:{lobby}")), ["stone two", "stone one"]);
    assert_eq!(texts(&bob, "stone in:\"book club\""), Vec::<String>::new());
    assert_eq!(texts(&bob, &format!("stone in:{club}")), Vec::<String>::new());
    assert_eq!(texts(&bob, "three"), Vec::<String>::new());
}

#[test]
fn days_are_those_of_the_asker_and_pages_follow_one_another() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    for n in 0..5 {
        alice.posts(lobby, &format!("k{n}"), &format!("stone {n}")).unwrap();
        house.pass_ms(24 * 60 * 60 * 1_000);
    }
    let first = alice.reads(lobby).messages[0].at.as_ms();
    let days = first / (24 * 60 * 60 * 1_000);
    // 2026-11-18 is day 20,775; the house's clock begins on some day near it.
    assert_eq!(days, 20_775, "the clock of the house begins on another day: write the days below anew");
    assert_eq!(texts(&alice, "before:2026-11-19"), ["stone 0"]);
    assert_eq!(texts(&alice, "on:2026-11-19"), ["stone 1"]);
    assert_eq!(texts(&alice, "after:2026-11-20"), ["stone 4", "stone 3"]);
    let shifted: FoundMessages = asks(&alice, b"on:2026-11-19", "&offset_min=1440").value();
    assert_eq!(shifted.found[0].message.said.text.as_str(), "stone 0");
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page: FoundMessages = asks(&alice, b"stone", &format!("&limit=2{cursor}")).value();
        seen.extend(page.found.into_iter().map(|hit| hit.message.seq));
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted_by(|a, b| a > b));
}

#[test]
fn whatever_is_typed_gets_an_answer() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    alice.posts(lobby, "k", "plain words").unwrap();
    let long = "a".repeat(10_240);
    let many = (0..1_000).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    for (typed, code) in [(long.as_str(), Code::SearchTooLong), (&many, Code::SearchTooLong)] {
        let answer = asks(&alice, typed.as_bytes(), "");
        assert_eq!((answer.status, answer.code()), (422, code));
    }
    let hostile: [&[u8]; 25] = [
        b"",
        b" ",
        b"\" OR * NEAR( {",
        b"NEAR(a b)",
        b"terms:plain",
        b"a AND",
        b"NOT",
        b"^plain",
        b"'; drop table messages; --",
        b"a & !b",
        b"<->",
        b"a:*",
        b"\\",
        b"%",
        b"_any",
        b"_r1",
        b"\0",
        b"a\0b",
        b"\x1b[2J",
        b"((((",
        b"from: in: has: on:",
        "\u{202E}\u{FFFD}".as_bytes(),
        b"<script>alert(1)</script>",
        b"-\"-\"-",
        b"\xFF",
    ];
    for typed in hostile {
        let answer = asks(&alice, typed, "");
        assert_eq!(answer.status, 200, "{:?} {}", String::from_utf8_lossy(typed), answer.text);
    }
    for wrong in ["search", "search?q=a&limit=-1", "search?q=a&cursor=x", "search?q=a&page=2"] {
        assert_eq!(alice.gets(wrong).status, 400, "{wrong}");
    }
    for odd in ["&cursor=-5", "&cursor=9223372036854775807", "&limit=0", "&limit=99999", "&offset_min=-2147483648"] {
        assert_eq!(asks(&alice, b"plain before:9999-12-31", odd).status, 200, "{odd}");
    }
}

#[test]
fn whoever_searches_too_fast_is_told_to_wait() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let codes: Vec<_> = (0..100).map(|_| asks(&alice, b"x", "")).filter(|answer| answer.status != 200).collect();
    assert!(!codes.is_empty());
    assert!(codes.iter().all(|answer| answer.status == 429 && answer.header("retry-after").is_some()));
}

/// A text that holds its words so often, and a search for them in an order in which they are nowhere: the longest way to nothing.
fn much() -> [String; 2] {
    [format!("{}b", "a ".repeat(3_999)), format!("\"{}b a\"", "a ".repeat(120))]
}

#[test]
fn a_search_that_takes_too_long_is_ended_and_refused() {
    let house = Running::with(Wish { search: Duration::from_millis(5), ..Wish::default() });
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let [text, nowhere] = much();
    for n in 0..40 {
        alice.posts(lobby, &format!("k{n}"), &text).unwrap();
    }
    let answer = asks(&alice, nowhere.as_bytes(), "");
    assert_eq!((answer.status, answer.code()), (503, Code::SearchTooBroad), "{}", answer.text);
    assert!(answer.text.contains("Add a word"), "it says what to do: {}", answer.text);
    assert_eq!(texts(&alice, "b ").len(), 20);
}

#[test]
fn those_who_search_for_long_keep_themselves_waiting_and_not_the_others() {
    let house = Running::with(Wish { search: Duration::from_millis(500), ..Wish::default() });
    let [alice, bob] = ["alice", "bob"].map(|name| Guest::signs_up(&house.base, name));
    let (lobby, den) = (alice.joins("lobby"), bob.joins("den"));
    bob.posts(den, "k", "a small stone").unwrap();
    let [text, nowhere] = much();
    for n in 0..200 {
        alice.posts(lobby, &format!("k{n}"), &text).unwrap();
    }
    let began = Instant::now();
    assert!([200, 503].contains(&asks(&alice, nowhere.as_bytes(), "").status));
    let long = began.elapsed();
    let mut times = Vec::new();
    thread::scope(|scope| {
        let many: Vec<_> = (0..12).map(|_| scope.spawn(|| asks(&alice, nowhere.as_bytes(), ""))).collect();
        // One person may search forty times at once.
        while many.iter().any(|one| !one.is_finished()) && times.len() < 30 {
            let began = Instant::now();
            assert_eq!(texts(&bob, "small"), ["a small stone"]);
            assert_eq!(bob.reads(den).messages.len(), 1);
            times.push(began.elapsed());
        }
        let answers = many.into_iter().map(|one| one.join().unwrap());
        let busy = answers.filter(|one| one.status == 503 && one.code() == Code::Busy).count();
        assert!(busy >= 6, "of twelve at once {busy} were told to come back");
    });
    times.sort_unstable();
    let half = times[times.len() / 2];
    assert!(half < long, "a long one takes {long:?}, and half of what others ask meanwhile takes {half:?}");
}
