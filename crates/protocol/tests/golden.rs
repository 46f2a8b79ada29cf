//! Every frame has one golden file, which PROTOCOL.md shows. A frame is written as its file says, and read back the same.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use model::{
    Body, Change, ClientKey, Cursor, Edited, Emoji, Epoch, Event, File, FileId, FileKind, FileName, Forwarded, Line,
    Look, Marks, MemberMarks, Mention, Message, NoticePrefs, Notify, Person, Posted, Presence, Quiet, Quote, Reaction,
    Regard, Regarded, Reply, Room, RoomId, RoomName, RoomPrefs, Said, Seen, Seq, SessionId, Signal, Source, Stream,
    Timestamp, UserId, Username, Visibility,
};
use protocol::{
    Amendment, Code, FromClient, FromServer, Limits, Me, Refused, RoomHead, decode, encode,
    http::{FoundMessage, FoundMessages, Gathered, History, Placed},
    instant::{Note, Sender},
};

/// One of the answers of the HTTP API that have a file.
const FOUND: &str = "http_search";
const GATHERED: &str = "http_gathered";
/// The other.
const HISTORY: &str = "http_history";

fn golden(name: &str) -> (PathBuf, String) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing", path.display()));
    (path, text.trim_end().to_owned())
}

fn check<T>(name: &str, frame: &T)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let (path, text) = golden(name);
    assert_eq!(encode(frame), text, "{}", path.display());
    assert_eq!(decode::<T>(&text).as_ref(), Ok(frame), "{}", path.display());
}

fn epoch() -> Epoch {
    Epoch::new("7f3a91c25e08b6d4")
}

fn alice() -> Person {
    Person::new(UserId::new(7), Username::kept("alice".into()))
}

fn lobby() -> Room {
    Room {
        id: RoomId::new(5),
        name: RoomName::kept("lobby".into()),
        visibility: Visibility::Public,
        topic: None,
        people: Vec::new(),
    }
}

fn bob() -> Person {
    Person::new(UserId::new(8), Username::kept("bob".into()))
}

/// Alice, who told something else of herself twice.
fn renamed() -> Person {
    Person { display: Some(Line::kept("Alice Liddell".into())), version: 2, ..alice() }
}

fn direct() -> Room {
    let name = RoomName::kept("alice, bob".into());
    Room { id: RoomId::new(6), name, visibility: Visibility::Direct, topic: None, people: vec![alice(), bob()] }
}

fn key() -> ClientKey {
    ClientKey::parse("k-3f2a").unwrap()
}

fn picture() -> File {
    File {
        id: FileId::new(0x9f3c_21d8_0b7e_4a65_c1f2_88d0_3e97_5ab4),
        name: FileName::clean("stonechat.jpg"),
        size: 181_240,
        kind: FileKind::Picture,
        media_type: "image/jpeg".into(),
        look: Some(Look {
            width: 1_600,
            height: 1_200,
            thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI".into(),
            animated: false,
        }),
    }
}

fn document() -> File {
    File {
        id: FileId::new(0x0d41_7ce2_95ab_3f08_6b1d_a0f7_52c9_e834),
        name: FileName::clean("minutes.pdf"),
        size: 20_480,
        kind: FileKind::Other,
        media_type: "application/pdf".into(),
        look: None,
    }
}

fn event(stream: Stream, change: Change) -> FromServer {
    FromServer::Event(Event { stream, seq: Seq::new(43), at: Timestamp::from_ms(1_795_000_000_123), change })
}

fn in_room(change: Change) -> FromServer {
    event(Stream::Room(RoomId::new(5)), change)
}

fn for_alice(change: Change) -> FromServer {
    event(Stream::User(UserId::new(7)), change)
}

fn said(text: &str) -> Said {
    Said::new(alice(), key(), Body::try_from(text.to_owned()).unwrap())
}

fn thumb() -> Emoji {
    Emoji::parse("👍").unwrap()
}

/// Bob's answer to Alice's message, which names her.
fn answer() -> Said {
    let to = Quote { seq: Seq::new(42), author: alice(), text: "Who is there?".into(), deleted: false };
    let text = Body::parse("Me, @alice").unwrap();
    let mentions = vec![Mention { word: "alice".into(), person: Some(alice()) }];
    let reply = Some(Box::new(Reply { to, thread: Seq::new(42), replies: 1 }));
    Said { mentions, reply, ..Said::new(bob(), key(), text) }
}

/// The answer to a search for "hello", which found one message and may find more.
fn found() -> FoundMessages {
    let message = Message::new(Seq::new(43), Timestamp::from_ms(1_795_000_000_123), said("Hello, stone."));
    FoundMessages {
        epoch: epoch(),
        rooms: vec![lobby()],
        found: vec![FoundMessage { room: RoomId::new(5), message, places: vec![(0, 5)] }],
        next: Some("1882193920128974848".into()),
        complete: true,
    }
}

fn topic() -> Line {
    Line::topic("Stones, and where they lie").unwrap().unwrap()
}

/// What Alice saved: one message, and there are more.
fn gathered() -> Gathered {
    let message = Message::new(Seq::new(43), Timestamp::from_ms(1_795_000_000_123), said("Hello, stone."));
    let messages = vec![Placed { room: RoomId::new(5), message }];
    Gathered { epoch: epoch(), rooms: vec![lobby()], messages, next: Some("41".into()) }
}

fn at_night() -> NoticePrefs {
    NoticePrefs { hidden: true, quiet: Quiet::between(22 * 60, 7 * 60, Line::kept("Europe/Vienna".into())) }
}

fn mentions_only() -> RoomPrefs {
    RoomPrefs { notify: Notify::Mentions, favourite: true, unread_from: Some(Seq::new(39)) }
}

/// The file of a frame. A new variant does not compile until it has one.
fn client_file(frame: &FromClient) -> &'static str {
    match frame {
        FromClient::Subscribe { since: None, .. } => "client_subscribe_now",
        FromClient::Subscribe { since: Some(_), .. } => "client_subscribe_since",
        FromClient::Unsubscribe { .. } => "client_unsubscribe",
        FromClient::Post { forward: Some(_), .. } => "client_post_forward",
        FromClient::Post { reply: Some(_), .. } => "client_post_reply",
        FromClient::Post { files, .. } if files.is_empty() => "client_post",
        FromClient::Post { .. } => "client_post_files",
        FromClient::Amend { what: Amendment::Edit { .. }, .. } => "client_amend_edit",
        FromClient::Amend { what: Amendment::Delete {}, .. } => "client_amend_delete",
        FromClient::Amend { what: Amendment::React { .. }, .. } => "client_amend_react",
        FromClient::Amend { what: Amendment::Pin { .. }, .. } => "client_amend_pin",
        FromClient::Amend { what: Amendment::Save { .. }, .. } => "client_amend_save",
        FromClient::Amend { what: Amendment::Unread { .. }, .. } => "client_amend_unread",
        FromClient::Mark { .. } => "client_mark",
        FromClient::Typing { .. } => "client_typing",
        FromClient::Here { .. } => "client_here",
        FromClient::Watch { .. } => "client_watch",
        FromClient::Pong {} => "client_pong",
    }
}

fn server_file(frame: &FromServer) -> &'static str {
    match frame {
        FromServer::Hello { .. } => "server_hello",
        FromServer::Subscribed { .. } => "server_subscribed",
        FromServer::Reset { .. } => "server_reset",
        FromServer::Event(event) => match &event.change {
            Change::MessagePosted(said) if !said.files.is_empty() => "server_event_message_posted_files",
            Change::MessagePosted(said) if said.forward.is_some() => "server_event_message_posted_forward",
            Change::MessagePosted(said) if said.reply.is_some() => "server_event_message_posted_reply",
            Change::MessagePosted(_) => "server_event_message_posted",
            Change::MessageEdited(_) => "server_event_message_edited",
            Change::MessageDeleted { .. } => "server_event_message_deleted",
            Change::ReactionSet { .. } => "server_event_reaction_set",
            Change::PinSet { .. } => "server_event_pin_set",
            Change::TopicSet { .. } => "server_event_topic_set",
            Change::MemberJoined { .. } => "server_event_member_joined",
            Change::MemberLeft { .. } => "server_event_member_left",
            Change::MarksMoved(_) => "server_event_marks_moved",
            Change::ProfileSet { .. } => "server_event_profile_set",
            Change::Withheld {} => "server_event_withheld",
            Change::RoomJoined { .. } => "server_event_room_joined",
            Change::RoomLeft { .. } => "server_event_room_left",
            Change::RoomRead { .. } => "server_event_room_read",
            Change::RoomPrefsSet { .. } => "server_event_room_prefs_set",
            Change::Reminded { .. } => "server_event_reminded",
            Change::RegardSet(_) => "server_event_regard_set",
            Change::SavedSet { .. } => "server_event_saved_set",
            Change::NoticePrefsSet(_) => "server_event_notice_prefs_set",
            Change::ReceiptsSet { .. } => "server_event_receipts_set",
            Change::SessionClosed { .. } => "server_event_session_closed",
        },
        FromServer::Signal { signal: Signal::Typing { .. } } => "server_signal_typing",
        FromServer::Signal { signal: Signal::Presence { .. } } => "server_signal_presence",
        FromServer::Posted(_) => "server_posted",
        FromServer::Amended { .. } => "server_amended",
        FromServer::Refused(_) => "server_refused",
        FromServer::Behind {} => "server_behind",
        FromServer::Ping { .. } => "server_ping",
    }
}

fn note_file(note: &Note) -> &'static str {
    match note {
        Note::Members { .. } => "instant_members",
        Note::Joined {} => "instant_joined",
        Note::Left { .. } => "instant_left",
    }
}

fn notes() -> [Note; 3] {
    let sender = Sender::new(0x5b1f_3a90_c2d4_e677_u64.to_be_bytes());
    [Note::Members { count: 3 }, Note::Joined {}, Note::Left { sender }]
}

fn amend(what: Amendment) -> FromClient {
    FromClient::Amend { room: RoomId::new(5), message: Seq::new(43), key: "k-3f2d".into(), what }
}

fn client_frames() -> Vec<FromClient> {
    let room = RoomId::new(5);
    vec![
        FromClient::Subscribe { room, since: None },
        FromClient::Subscribe { room, since: Some(Cursor { epoch: epoch(), seq: Seq::new(42) }) },
        FromClient::Unsubscribe { room },
        FromClient::Post {
            room,
            key: "k-3f2a".into(),
            text: "Hello, stone.".into(),
            files: Vec::new(),
            reply: None,
            forward: None,
        },
        FromClient::Post {
            room,
            key: "k-3f2b".into(),
            text: String::new(),
            files: vec![picture().id, document().id],
            reply: None,
            forward: None,
        },
        FromClient::Post {
            room,
            key: "k-3f2c".into(),
            text: "Me, @alice".into(),
            files: Vec::new(),
            reply: Some(Seq::new(42)),
            forward: None,
        },
        FromClient::Post {
            room,
            key: "k-3f2e".into(),
            text: String::new(),
            files: Vec::new(),
            reply: None,
            forward: Some(Source { room: RoomId::new(6), message: Seq::new(17) }),
        },
        amend(Amendment::Edit { edits: 0, text: "Hello, stones.".into() }),
        amend(Amendment::Delete {}),
        amend(Amendment::React { emoji: "👍".into(), on: true }),
        amend(Amendment::Pin { on: true }),
        amend(Amendment::Save { on: true }),
        amend(Amendment::Unread { on: true }),
        FromClient::mark(room, Marks { delivered: Seq::new(43), read: Seq::new(41) }),
        FromClient::Typing { room },
        FromClient::Here { away: true },
        FromClient::Watch { people: vec![UserId::new(8), UserId::new(9)] },
        FromClient::Pong {},
    ]
}

fn server_frames() -> Vec<FromServer> {
    let room = RoomId::new(5);
    let mut frames = vec![
        FromServer::Hello {
            protocol: 1,
            epoch: epoch(),
            you: Me { person: alice(), admin: false, receipts: true, notices: NoticePrefs::default() },
            head: Seq::new(3),
            rooms: vec![RoomHead {
                room: direct(),
                head: Seq::new(42),
                marks: Marks { delivered: Seq::new(42), read: Seq::new(40) },
                unread: 2,
                prefs: mentions_only(),
                saved: vec![Seq::new(17), Seq::new(40)],
                last_at: Some(Timestamp::from_ms(1_795_000_000_123)),
            }],
            regards: vec![Regarded { person: bob(), regard: Regard::Ignored }],
            limits: Limits::with_files(26_214_400, 1_073_741_824),
        },
        FromServer::Subscribed { room, head: Seq::new(42) },
        FromServer::Reset {
            room,
            epoch: epoch(),
            head: Seq::new(42),
            marks: Marks::at(Seq::new(40)),
            unread: 2,
            topic: Some(topic()),
        },
        in_room(Change::MessagePosted(Box::new(said("Hello, stone.")))),
        in_room(Change::MessagePosted(Box::new(Said { files: vec![picture(), document()], ..said("") }))),
        in_room(Change::MessagePosted(Box::new(answer()))),
        in_room(Change::MessagePosted(Box::new(Said {
            forward: Some(Box::new(Forwarded { author: bob(), at: Timestamp::from_ms(1_794_000_000_000) })),
            ..said("Hello, stone.")
        }))),
        in_room(Change::MessageEdited(Box::new(Edited {
            message: Seq::new(42),
            text: Body::parse("Hello, stones.").unwrap(),
            mentions: Vec::new(),
            edits: 1,
        }))),
        in_room(Change::MessageDeleted { message: Seq::new(42) }),
        in_room(Change::ReactionSet { message: Seq::new(42), by: bob(), emoji: thumb(), on: true }),
        in_room(Change::PinSet { message: Seq::new(42), by: bob(), on: true }),
        in_room(Change::TopicSet { by: bob(), topic: Some(topic()) }),
        in_room(Change::MemberJoined { member: alice() }),
        in_room(Change::MemberLeft { member: alice() }),
        in_room(Change::MarksMoved(MemberMarks {
            member: UserId::new(8),
            marks: Marks { delivered: Seq::new(42), read: Seq::new(41) },
        })),
        in_room(Change::ProfileSet { person: renamed() }),
        in_room(Change::Withheld {}),
    ];
    frames.extend(own_frames());
    frames.extend(answers());
    frames
}

/// What only Alice hears.
fn own_frames() -> Vec<FromServer> {
    let room = RoomId::new(5);
    vec![
        for_alice(Change::RoomJoined { room: lobby(), head: Seq::new(42) }),
        for_alice(Change::RoomLeft { room }),
        for_alice(Change::RoomRead { room, read: Seq::new(42), unread: 0, head: Seq::new(42) }),
        for_alice(Change::RoomPrefsSet { room, prefs: mentions_only() }),
        for_alice(Change::Reminded { room, message: Seq::new(42) }),
        for_alice(Change::RegardSet(Regarded { person: bob(), regard: Regard::Blocked })),
        for_alice(Change::SavedSet { room, message: Seq::new(42), on: true }),
        for_alice(Change::NoticePrefsSet(at_night())),
        for_alice(Change::ReceiptsSet { on: false }),
        for_alice(Change::SessionClosed { session: SessionId::new(9) }),
    ]
}

/// What is no event.
fn answers() -> Vec<FromServer> {
    let room = RoomId::new(5);
    vec![
        FromServer::Posted(Posted { room, key: key(), seq: Seq::new(43), at: Timestamp::from_ms(1_795_000_000_123) }),
        FromServer::Amended { room, key: "k-3f2d".into(), seq: Seq::new(44) },
        FromServer::Refused(Refused {
            retry_after_ms: Some(800),
            frame: Some("post".into()),
            key: Some("k-3f2a".into()),
            room: Some(room),
            ..Refused::new(Code::TooFast, "That was a lot at once. Wait a moment.")
        }),
        FromServer::Signal { signal: Signal::Typing { room, person: bob() } },
        FromServer::Signal {
            signal: Signal::Presence {
                people: vec![Seen {
                    person: UserId::new(8),
                    presence: Presence::Offline,
                    last_seen: Some(Timestamp::from_ms(1_795_000_000_123)),
                }],
            },
        },
        FromServer::Behind {},
        FromServer::Ping {
            heads: BTreeMap::from([(Stream::Room(room), Seq::new(43)), (Stream::User(UserId::new(7)), Seq::new(3))]),
        },
    ]
}

/// A page of history with all that can stand beside a message.
fn history() -> History {
    let first = Message {
        edits: 1,
        reactions: vec![Reaction { by: UserId::new(8), emoji: thumb() }],
        pinned: true,
        replies: 1,
        ..Message::new(Seq::new(42), Timestamp::from_ms(1_795_000_000_000), said("Who is there?"))
    };
    let second = Message::new(Seq::new(43), Timestamp::from_ms(1_795_000_000_123), answer());
    let (room, people) = (RoomId::new(5), vec![bob()]);
    let messages = vec![first, second];
    History { room, epoch: epoch(), head: Seq::new(47), messages, older: true, newer: false, people }
}

#[test]
fn every_frame_is_as_its_file_says() {
    let mut files = Vec::new();
    for frame in client_frames() {
        check(client_file(&frame), &frame);
        files.push(client_file(&frame));
    }
    for frame in server_frames() {
        check(server_file(&frame), &frame);
        files.push(server_file(&frame));
    }
    for note in notes() {
        check(note_file(&note), &note);
        files.push(note_file(&note));
    }
    check(FOUND, &found());
    files.push(FOUND);
    check(HISTORY, &history());
    files.push(HISTORY);
    check(GATHERED, &gathered());
    files.push(GATHERED);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let kept = fs::read_dir(folder).unwrap().count();
    files.sort_unstable();
    files.dedup();
    assert_eq!(kept, files.len(), "a golden file belongs to no frame, or two frames share one");
}

#[test]
fn protocol_md_shows_every_golden_file_and_every_code() {
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../PROTOCOL.md")).unwrap();
    for frame in client_frames() {
        assert!(text.contains(&golden(client_file(&frame)).1), "PROTOCOL.md lacks {}", client_file(&frame));
    }
    for frame in server_frames() {
        assert!(text.contains(&golden(server_file(&frame)).1), "PROTOCOL.md lacks {}", server_file(&frame));
    }
    for note in notes() {
        assert!(text.contains(&golden(note_file(&note)).1), "PROTOCOL.md lacks {}", note_file(&note));
    }
    assert!(text.contains(&golden(FOUND).1), "PROTOCOL.md lacks {FOUND}");
    assert!(text.contains(&golden(GATHERED).1), "PROTOCOL.md lacks {GATHERED}");
    for code in Code::ALL {
        assert!(text.contains(&format!("`{code}`")), "PROTOCOL.md lacks the code {code}");
    }
    for close in protocol::Close::ALL {
        assert!(text.contains(&close.number().to_string()), "PROTOCOL.md lacks the close code {}", close.number());
    }
}

#[test]
fn what_a_client_must_not_say_is_malformed() {
    let cases = [
        "",
        "null",
        "[]",
        "{}",
        r#"{"type":"shout"}"#,
        r#"{"type":"pong","extra":1}"#,
        r#"{"type":"post","room":5,"key":"k"}"#,
        r#"{"type":"post","room":"5","key":"k","text":"x"}"#,
        r#"{"type":"post","room":5,"key":"k","text":"x","text":"y"}"#,
        r#"{"type":"post","room":5,"key":"k","text":"x","as":"admin"}"#,
        r#"{"type":"subscribe","room":5,"since":{"epoch":"e","seq":-1}}"#,
        r#"{"type":"subscribe","room":5,"since":{"epoch":"e","seq":1,"x":1}}"#,
        r#"{"type":"post","room":5,"key":"k","text":"x","files":["../etc"]}"#,
        r#"{"type":"delete","room":5}"#,
        r#"{"type":"mark","room":5,"read":-1}"#,
        r#"{"type":"mark","room":5,"seen":1}"#,
        r#"{"type":"typing"}"#,
        r#"{"type":"here","away":"no"}"#,
        r#"{"type":"watch","people":["8"]}"#,
        r#"{"type":"pong"} {"type":"pong"}"#,
        r#"["post",5,"k","x"]"#,
    ];
    for case in cases {
        assert!(decode::<FromClient>(case).is_err(), "{case}");
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(decode::<FromClient>(&deep).is_err());
}

#[test]
fn a_client_passes_over_what_it_does_not_know() {
    let text = r#"{"type":"subscribed","room":5,"head":42,"later":true}"#;
    assert_eq!(decode(text), Ok(FromServer::Subscribed { room: RoomId::new(5), head: Seq::new(42) }));
}

#[test]
fn an_explanation_of_a_hostile_frame_is_short_and_plain() {
    let name = "\\u001b[2J".repeat(1_000);
    let malformed = decode::<FromClient>(&format!(r#"{{"type":"pong","{name}":1}}"#)).unwrap_err();
    assert!(malformed.what.chars().count() <= 200);
    assert!(!malformed.what.chars().any(char::is_control));
}
