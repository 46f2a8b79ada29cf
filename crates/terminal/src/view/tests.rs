//! What is on the screen, at sizes that people have, and at those that they should not.

use model::{Body, ClientKey, FileKind, FileName, Line, Marks, Quote, Reply, RoomName, Said, Seq, Signal, UserId};
use protocol::FromServer;
use ratatui::{Terminal, backend::TestBackend};

use super::*;
use crate::{
    desk::Key,
    scene::{DIRECT, LOBBY, QUARRY, Scene, person, posted, rooms},
};

fn shows(scene: &Scene, expected: &str) {
    let screen = scene.screen();
    assert_eq!(screen, expected.trim_start_matches('\n'), "\n{screen}\n");
}

/// Alice in the lobby, where bob said something.
fn lobby(size: (u16, u16)) -> Scene {
    let mut scene = Scene::new(size);
    scene.goes(LOBBY);
    scene.bob_says(LOBBY, 1, "Hello, did anybody see the stones that lay here? They were three, and round.");
    scene.bob_says(LOBBY, 2, "石はどこにありますか 👩\u{200D}🚀");
    scene.bob_says(QUARRY, 1, "come here");
    scene.says(LOBBY, 3, (person(7, "alice"), "own"), "/me looks around");
    scene.hears(&FromServer::Signal { signal: Signal::Typing { room: LOBBY, person: person(8, "bob") } });
    scene.types("They were he");
    scene
}

#[test]
fn a_room_at_80_by_24() {
    shows(
        &lobby((80, 24)),
        "
 Rooms             │ #lobby  Stones, and where they lie                alice ●
 @bob              │
 #lobby            │
 +quarry         1 │
                   │
                   │
                   │
                   │
                   │
                   │
                   │
                   │
                   │
                   │
                   │
                   │ Here the room begins.
                   │ ── Friday, 20 November 2026 ───────────────────────────────
                   │ 14:06 bob  Hello, did anybody see the stones that lay here?
                   │       They were three, and round.
                   │ 14:07 bob  石はどこにありますか 👩\u{200D}🚀
                   │ 14:08 * alice looks around  ○
                   │ ─ bob is writing … ────────────────────────────────────────
                   │ > They were he
 PgUp/PgDn scroll  Alt+↑/↓ rooms  Alt+A unread  /join name  /help  /quit",
    );
}

#[test]
fn the_same_room_at_40_by_10() {
    shows(
        &lobby((40, 10)),
        "
#lobby (+1)  Stones, and wher… alice ●
── Friday, 20 November 2026 ────────────
14:06 bob  Hello, did anybody see the
      stones that lay here? They were
      three, and round.
14:07 bob  石はどこにありますか 👩\u{200D}🚀
14:08 * alice looks around  ○
─ bob is writing … ─────────────────────
> They were he
 PgUp/PgDn scroll  Alt+↑/↓ rooms  Alt+A",
    );
}

#[test]
fn ticks_say_how_far_a_message_has_come() {
    let mut scene = Scene::new((80, 24));
    scene.goes(DIRECT);
    let mark = |member, delivered, read| {
        let marks = Marks { delivered: Seq::new(delivered), read: Seq::new(read) };
        model::Change::MarksMoved(model::MemberMarks { member: UserId::new(member), marks })
    };
    for n in 1..4 {
        scene.says(DIRECT, n, (person(7, "alice"), &format!("own{n}")), &format!("say {n}"));
    }
    let (stream, at) = (model::Stream::Room(DIRECT), model::Timestamp::from_ms(0));
    let change = mark(8, 2, 1);
    scene.hears(&FromServer::Event(model::Event { stream, seq: Seq::new(4), at, change }));
    scene.types("say 4");
    scene.press(Key::Enter);
    let screen = scene.screen();
    for line in ["alice  say 1  ✓✓\n", "alice  say 2  ✓\n", "alice  say 3  ○\n", "alice  say 4  …\n"] {
        assert!(screen.contains(line), "{line} {screen}");
    }
}

#[test]
fn words_of_others_do_not_drive_the_terminal() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202E}\u{2066}\r\u{8}x";
    let mut rooms = rooms();
    for head in &mut rooms {
        head.room.name = RoomName::kept(format!("room{evil}"));
        head.room.topic = Some(Line::kept(evil.into()));
    }
    let mut scene = Scene::with((80, 24), rooms);
    scene.goes(LOBBY);
    let mut author = person(8, &format!("bob{evil}"));
    author.display = Some(Line::kept(evil.into()));
    let text = Body::parse("turned \u{202E}around\u{2066}\u{200F} and on").unwrap();
    let mut said = Said::new(author.clone(), ClientKey::parse("k").unwrap(), text);
    let to = Quote { seq: Seq::new(1), author: author.clone(), text: evil.to_owned(), deleted: false };
    said.reply = Some(Box::new(Reply { to, thread: Seq::new(1), replies: 1 }));
    let file = r#"{"id":"00000000000000000000000000000001","name":"x","size":7,"kind":"other","type":"a/b"}"#;
    let mut file: model::File = protocol::decode(file).unwrap();
    (file.name, file.kind) = (FileName::kept(evil.into()), FileKind::Other);
    said.files.push(file);
    scene.hears(&posted(LOBBY, 1, said));
    scene.hears(&FromServer::Signal { signal: Signal::Typing { room: LOBBY, person: author } });
    scene.desk.tell(evil);

    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| view(frame, &scene.client, &scene.desk)).unwrap();
    let cells: String = terminal.backend().buffer().content.iter().map(ratatui::buffer::Cell::symbol).collect();
    assert!(cells.contains("turned around and on") && cells.contains("[2J"), "{cells}");
    let obeyed = |c: char| {
        c.is_control() || matches!(c, '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(cells.chars().find(|c| obeyed(*c)), None, "{cells}");
}

#[test]
fn no_size_is_too_small() {
    for columns in [1, 2, 5, 16, 19, 20, 59, 60, 61, 200] {
        for rows in [1, 2, 3, 4, 5, 6, 50] {
            let mut scene = lobby((columns, rows));
            scene.screen();
            scene.types(&"word ".repeat(40));
            scene.screen();
            scene.press(Key::PageUp);
            scene.screen();
            scene.desk.help = true;
            scene.screen();
        }
    }
}

#[test]
fn without_a_room_the_screen_says_how_to_come_into_one() {
    let mut scene = Scene::with((80, 24), Vec::new());
    assert!(scene.screen().contains("/join name enters a room, or makes it."));
    scene.types("hello");
    scene.press(Key::Enter);
    assert!(scene.screen().contains("You are in no room."), "{}", scene.screen());
    assert!(scene.screen().contains("> hello"), "what was typed is kept");
}
