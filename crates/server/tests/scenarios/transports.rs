//! Whatever carries the frames: they are the same, in the same order, each once.

use crate::house::Running;
use model::{Cursor, Event, RoomId, Seq, Signal};
use protocol::{Amendment, FromClient, FromServer, http::Polled};
use testkit::cast::{Guest, Line};

/// Opens a connection of one kind.
type Way = fn(&Guest) -> Line;

const WAYS: [(&str, Way); 3] = [("sockets", Guest::connects), ("polls", Line::polls), ("events", Line::events)];

/// Everything that happens in a room up to a place, by one connection after another: each is dropped in the middle of what it hears.
fn follows(guest: &Guest, room: RoomId, last: Seq, ways: &[Way]) -> Vec<Event> {
    let mut heard: Vec<Event> = Vec::new();
    for way in ways.iter().cycle() {
        let mut line = way(guest);
        let Some(FromServer::Hello { epoch, .. }) = line.hello.clone() else { panic!("no hello") };
        let since = Cursor { epoch, seq: heard.last().map_or(Seq::ZERO, |event| event.seq) };
        line.subscribes(room, Some(since)).unwrap();
        for _ in 0..7 {
            let event = line.hears_event();
            let end = event.seq == last;
            heard.push(event);
            if end {
                return heard;
            }
        }
    }
    heard
}

/// Talks for a while: messages, changes, reactions, deletions. Gives the last place.
fn talks(alice: &Guest, bob: &Guest, room: RoomId) -> Seq {
    let mut line = alice.connects();
    for n in 0..12 {
        let by = if n % 2 == 0 { alice } else { bob };
        let seq = by.posts(room, &format!("k{n}"), &format!("message {n}")).unwrap().seq;
        if n % 4 == 0 {
            line.amends(room, seq, Amendment::Edit { edits: 0, text: format!("changed {n}") }).unwrap();
        }
        if n % 6 == 0 {
            line.amends(room, seq, Amendment::Delete {}).unwrap();
        }
    }
    alice.posts(room, "last", "last").unwrap().seq
}

#[test]
fn one_story_is_the_same_by_each_way_and_by_all_in_turn() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.joins("lobby");
    bob.joins("lobby");
    let last = talks(&alice, &bob, room);
    let all: Vec<Event> = follows(&bob, room, last, &[Guest::connects]);
    assert!(all.iter().map(|event| event.seq).eq((1..=last.number()).map(Seq::new)), "nothing is missing or twice");
    for (name, way) in WAYS {
        assert_eq!(follows(&bob, room, last, &[way]), all, "{name}");
    }
    assert_eq!(follows(&bob, room, last, &WAYS.map(|(_, way)| way)), all, "each in turn");
}

#[test]
fn what_is_done_by_any_way_is_heard_at_once_by_all() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.joins("lobby");
    bob.joins("lobby");
    let mut lines = WAYS.map(|(_, way)| way(&bob));
    for line in &mut lines {
        line.subscribes(room, None).unwrap();
    }
    for (name, way) in WAYS {
        let mut speaker = way(&alice);
        speaker.subscribes(room, None).unwrap();
        assert_eq!(speaker.posts(room, name, name).unwrap().key.as_str(), name);
        speaker.says(&FromClient::Typing { room });
        for line in &mut lines {
            // What is not kept may overtake what is.
            let (mut text, mut typing) = (false, false);
            while !(text && typing) {
                let frame = line.hears();
                if let FromServer::Event(event) = &frame {
                    text |= event.message().is_some_and(|message| message.said.text.as_str() == name);
                }
                typing |= matches!(frame, FromServer::Signal { signal: Signal::Typing { .. } });
            }
        }
    }
}

#[test]
fn a_poll_says_little_when_nothing_happens_and_is_refused_in_the_usual_words() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let line: protocol::http::LineOpened = alice.asks("POST", "events", Some("")).value();
    let path = format!("events/{}", line.line);
    let hello = alice.gets(&format!("{path}?wait_ms=5000"));
    let first: Polled = hello.value();
    assert!(matches!(first.frames.as_slice(), [FromServer::Hello { .. }]) && first.last == 1);
    assert_eq!(hello.header("etag"), Some("\"1\""));
    assert_eq!(alice.gets(&format!("{path}?after=1")).status, 204);
    let unchanged = alice.fetches_with(&path, &[("if-none-match", "\"1\"")]);
    assert_eq!((unchanged.status, unchanged.bytes.len()), (304, 0));

    // What has not come yet, nobody has; and another's line is nobody's.
    assert_eq!(alice.gets(&format!("{path}?after=2")).status, 400);
    assert_eq!(alice.gets(&format!("{path}?before=2")).status, 400);
    assert_eq!(alice.gets(&format!("{path}?after=-1")).status, 400);
    for (who, path) in
        [(&bob, path.as_str()), (&alice, "events/00000000000000000000000000000000"), (&alice, "events/x")]
    {
        assert_eq!(who.gets(path).status, 404, "{path}");
        assert_eq!(who.asks("POST", path, Some(r#"{"type":"pong"}"#)).status, 404, "{path}");
        assert_eq!(who.asks("DELETE", path, None).status, 404, "{path}");
    }
    assert_eq!(alice.asks("POST", &path, Some("{")).status, 400);
    assert_eq!(alice.asks("POST", &path, Some(r#"{"type":"nonsense"}"#)).status, 400);
    assert_eq!(alice.asks("POST", &path, Some(r#"{"type":"unsubscribe","room":99}"#)).status, 202);
    let post = r#"{"type":"post","room":99,"key":"k","text":"t"}"#;
    assert_eq!(alice.asks("POST", &path, Some(post)).status, 202);
    let refused: Polled = alice.gets(&format!("{path}?after=1&wait_ms=5000")).value();
    let [FromServer::Refused(refused)] = refused.frames.as_slice() else { panic!("{refused:?}") };
    assert_eq!((refused.code, refused.key.as_deref()), (protocol::Code::NotFound, Some("k")));

    assert_eq!(alice.asks("DELETE", &path, None).status, 204);
    let ended = testkit::wait::wait_until("the end", std::time::Duration::from_secs(10), || {
        let answer = alice.gets(&format!("{path}?after=2"));
        (answer.status != 204).then_some(answer)
    });
    assert!(ended.status == 404 || ended.value::<Polled>().ended.is_some_and(|ended| ended.code == 1000));
}
