//! What keys bring about, and which lines are on the screen after.

use client::Connection;
use model::{Marks, Seq};

use super::*;
use crate::scene::{DIRECT, LOBBY, QUARRY, Scene, before, page, rooms};

/// The first and the last message on the screen.
fn ends(scene: &Scene) -> (String, String) {
    let screen = scene.screen();
    let said: Vec<&str> = screen.lines().filter_map(|line| Some(line.split_once("said ")?.1.trim())).collect();
    (said.first().map_or("", |first| first).to_owned(), said.last().map_or("", |last| last).to_owned())
}

/// The lobby, in which bob said 100 things, of which alice has read so many.
fn lobby(read: u64) -> Scene {
    let mut rooms = rooms();
    rooms[0].head = Seq::new(100);
    rooms[0].marks = Marks::at(Seq::new(read));
    rooms[0].unread = u32::try_from(100 - read).unwrap();
    let mut scene = Scene::with((80, 24), rooms);
    scene.goes(LOBBY);
    scene.answers(page(LOBBY, 51..=100, (100, true)));
    scene
}

fn pair(first: u64, last: u64) -> (String, String) {
    (first.to_string(), last.to_string())
}

#[test]
fn one_scrolls_back_into_history_and_on_again() {
    let mut scene = lobby(100);
    assert_eq!(ends(&scene), pair(81, 100));
    scene.press(Key::PageUp);
    assert_eq!(ends(&scene), pair(62, 81));
    scene.press(Key::Down);
    assert_eq!(ends(&scene), pair(63, 82));
    scene.press(Key::Up);
    // What is said meanwhile moves nothing.
    scene.bob_says(LOBBY, 101, "said 101");
    assert_eq!(ends(&scene), pair(62, 81));
    scene.press(Key::PageUp);
    assert_eq!((ends(&scene).0, before(&scene)), ("51".to_owned(), Some(51)));
    let here = ends(&scene).1;
    scene.answers(page(LOBBY, 1..=50, (101, false)));
    // The line that said the day is gone from the top: it stands further back now.
    assert_eq!(ends(&scene), ("50".to_owned(), here.clone()));
    scene.press(Key::PageUp);
    assert_eq!(ends(&scene), pair(31, 50));
    scene.press(Key::PageDown);
    assert_eq!(ends(&scene), ("50".to_owned(), here));
    scene.press(Key::Escape);
    assert_eq!(ends(&scene).1, "101");
    for _ in 0..20 {
        scene.press(Key::PageUp);
    }
    assert_eq!(ends(&scene).0, "1");
    for _ in 0..20 {
        scene.press(Key::PageDown);
    }
    assert_eq!((ends(&scene).1.as_str(), &scene.desk.scroll), ("101", &Scroll::End));
}

#[test]
fn one_scrolls_through_a_message_that_is_longer_than_the_screen() {
    let mut scene = lobby(100);
    let long: Vec<String> = (1..=100).map(|n| format!("said line {n}")).collect();
    scene.bob_says(LOBBY, 101, &long.join("\n"));
    let line = |n: u32| format!("line {n}");
    assert_eq!(ends(&scene), (line(81), line(100)));
    for n in 1..=5 {
        scene.press(Key::PageUp);
        assert_eq!(ends(&scene).1, line(100 - n * 19));
    }
    assert_eq!(ends(&scene).0, "87", "and what stands before it, and the day");
    for n in (0..5).rev() {
        scene.press(Key::PageDown);
        assert_eq!(ends(&scene).1, line(100 - n * 19));
    }
}

#[test]
fn whoever_comes_into_a_room_begins_at_what_is_new_and_has_read_what_was_before_them() {
    let mut scene = lobby(60);
    assert_eq!(ends(&scene), pair(61, 79), "{}", scene.screen());
    assert!(scene.screen().contains("── new ──"));
    let read = |scene: &Scene| scene.client.room(LOBBY).unwrap().marks().read.number();
    assert_eq!(read(&scene), 79);
    scene.desk.focused = false;
    scene.press(Key::PageDown);
    assert_eq!(read(&scene), 79, "nobody is there");
    scene.desk.focused = true;
    scene.press(Key::Escape);
    assert_eq!((ends(&scene).1.as_str(), read(&scene)), ("100", 100));
}

#[test]
fn rooms_are_gone_through_in_the_order_of_the_list() {
    let mut scene = Scene::new((80, 24));
    assert_eq!(scene.client.open(), Some(LOBBY), "where something was said last");
    scene.types("half a word");
    for expected in [QUARRY, DIRECT, LOBBY] {
        scene.press(Key::NextRoom);
        assert_eq!(scene.client.open(), Some(expected));
    }
    assert_eq!(scene.desk.composer.text(), "half a word", "each room has its own");
    scene.press(Key::FormerRoom);
    assert_eq!((scene.client.open(), scene.desk.composer.text()), (Some(DIRECT), ""));
    scene.bob_says(QUARRY, 1, "come here");
    scene.press(Key::NextUnread);
    assert_eq!(scene.client.open(), Some(QUARRY));
    scene.press(Key::NextUnread);
    assert_eq!(scene.desk.notice.as_deref(), Some("Nothing is unread."));
}

#[test]
fn enter_says_or_does_what_stands_in_the_composer() {
    let mut scene = Scene::new((80, 24));
    scene.types("hello");
    scene.press(Key::Enter);
    let pending = |scene: &Scene| scene.client.room(LOBBY).unwrap().pending().count();
    assert_eq!((pending(&scene), scene.desk.composer.text()), (1, ""));
    scene.press(Key::Enter);
    scene.types(&"x".repeat(8_001));
    scene.press(Key::Enter);
    assert_eq!((pending(&scene), scene.desk.composer.text().len()), (1, 8_001), "too long to be said");
    scene.press(Key::Edit(Edit::DropStart));
    for command in ["/join #pit", "/msg bob", "/leave"] {
        scene.types(command);
        scene.press(Key::Enter);
    }
    let wished = format!("{:?}", scene.wished);
    assert_eq!(wished, r#"[Join("pit"), Direct("bob"), Leave(RoomId(5))]"#);
}

#[test]
fn whoever_goes_is_told_first_what_was_not_sent() {
    let mut scene = Scene::new((80, 24));
    scene.give(Input::SocketClosed { code: 1006 });
    assert!(matches!(scene.client.connection(), Connection::Offline { .. }));
    scene.types("too late");
    scene.press(Key::Enter);
    scene.press(Key::Quit);
    assert!(scene.wished.is_empty() && scene.desk.notice.is_some());
    scene.types("x");
    scene.press(Key::Quit);
    assert!(scene.wished.is_empty(), "a key between takes it back");
    scene.press(Key::Quit);
    assert!(matches!(scene.wished.as_slice(), [Wish::Quit]));
}
