//! Rooms that keep nothing: who hears what, and what is refused while other rooms feel nothing of it.

use model::limits::{FRAME_BYTES_MAX, INSTANT_MEMBERS_MAX, INSTANT_ROOMS_PER_ADDRESS_MAX};
use protocol::{
    Close, Code,
    instant::{Id, Note, Sender},
};
use server::InstantRooms;
use testkit::cast::{Guest, Visitor, envelope, send};
use tungstenite::Message;

use crate::house::{Running, Wish};

const ROOM: Id = Id::new([7; 16]);

/// Two people in a room of their own, who talk while others misbehave.
struct Neighbours([Visitor; 2], u32);

impl Neighbours {
    fn of(house: &Running) -> Self {
        let id = Id::new([9; 16]);
        let mut one = Visitor::enters(&house.base, id);
        let other = Visitor::enters(&house.base, id);
        one.hears_note(Note::Members { count: 2 });
        Self([one, other], 0)
    }

    fn talk(&mut self) {
        self.1 += 1;
        let Self([one, other], counter) = self;
        one.says(1, *counter);
        assert_eq!(other.hears_envelope(), envelope(1, *counter));
        other.says(2, *counter);
        assert_eq!(one.hears_envelope(), envelope(2, *counter));
    }
}

#[test]
fn an_envelope_goes_to_the_others_as_it_is() {
    let house = Running::start();
    let mut alice = Visitor::enters(&house.base, ROOM);
    alice.hears_note(Note::Members { count: 1 });
    let mut bob = Visitor::enters(&house.base, ROOM);
    alice.hears_note(Note::Joined {});
    alice.hears_note(Note::Members { count: 2 });
    let mut carol = Visitor::enters(&house.base, ROOM);
    carol.hears_note(Note::Members { count: 3 });
    alice.says(0xa, 1);
    for other in [&mut bob, &mut carol] {
        assert_eq!(other.hears_envelope(), envelope(0xa, 1));
    }
    bob.says(0xb, 1);
    assert_eq!(alice.hears_envelope(), envelope(0xb, 1), "and not her own");
    drop(alice);
    bob.hears_note(Note::Left { sender: Sender::new(0xa_u64.to_be_bytes()) });
    bob.hears_note(Note::Members { count: 2 });
}

#[test]
fn a_plain_room_speaks_the_frames_of_seed_004() {
    let house = Running::start();
    let mut alice = Visitor::enters_plain(&house.base, "India");
    let said = r#"{"message": "<b>hello</b>", "sender":"Anonymous",  "userid":"0b8f"}"#;
    alice.sends(Message::text(said));
    assert_eq!(alice.hears_text(), said, "the sender hears it, too");
    let mut bob = Visitor::enters_plain(&house.base, "India");
    let mut other = Visitor::enters_plain(&house.base, "india");
    bob.sends(Message::text("no JSON, and that is all right"));
    for visitor in [&mut alice, &mut bob] {
        assert_eq!(visitor.hears_text(), "no JSON, and that is all right");
    }
    other.sends(Message::text("elsewhere"));
    assert_eq!(other.hears_text(), "elsewhere");
}

#[test]
fn whoever_is_in_hears_all_from_the_first_moment_on() {
    let house = Running::start();
    let mut alice = Visitor::enters_plain(&house.base, "tea");
    for n in 0..50 {
        let mut bob = Visitor::enters_plain(&house.base, "tea");
        alice.sends(Message::text(n.to_string()));
        assert_eq!(bob.hears_text(), n.to_string());
        assert_eq!(alice.hears_text(), n.to_string());
    }
}

#[test]
fn who_is_late_or_reloads_finds_an_empty_room() {
    let house = Running::start();
    let mut alice = Visitor::enters_plain(&house.base, "tea%20room");
    alice.sends(Message::text("before"));
    assert_eq!(alice.hears_text(), "before");
    let mut bob = Visitor::enters_plain(&house.base, "tea%20room");
    drop(alice);
    bob.sends(Message::text("after"));
    assert_eq!(bob.hears_text(), "after");
}

#[test]
fn what_does_not_belong_in_a_room_closes_with_its_number_and_the_neighbours_feel_nothing() {
    let house = Running::start();
    let mut neighbours = Neighbours::of(&house);
    let large = FRAME_BYTES_MAX + 1;
    let short = envelope(1, 1).into_iter().take(13 + 15).collect::<Vec<_>>();
    let mut version = envelope(1, 1);
    version[0] = 2;
    let encrypted = [
        (Message::binary(vec![0; large]), Close::TooLarge),
        (Message::binary(short), Close::BadEnvelope),
        (Message::binary(version), Close::BadEnvelope),
        (Message::binary(Vec::new()), Close::BadEnvelope),
        (Message::binary(envelope(1, 0)), Close::BadEnvelope),
        (Message::text("hello"), Close::NotBinary),
    ];
    for (message, close) in encrypted {
        let mut mallory = Visitor::enters(&house.base, ROOM);
        mallory.tries_to_send(message);
        assert_eq!(mallory.hears_the_end(), Some(close.number()), "{close:?}");
        neighbours.talk();
    }
    let plain =
        [(Message::text("x".repeat(large)), Close::TooLarge), (Message::binary(envelope(1, 1)), Close::NotText)];
    for (message, close) in plain {
        let mut mallory = Visitor::enters_plain(&house.base, "tea");
        mallory.tries_to_send(message);
        assert_eq!(mallory.hears_the_end(), Some(close.number()), "{close:?}");
        neighbours.talk();
    }
}

#[test]
fn nobody_speaks_under_another_s_sender_and_no_envelope_comes_twice() {
    let house = Running::start();
    let mut alice = Visitor::enters(&house.base, ROOM);
    let mut bob = Visitor::enters(&house.base, ROOM);
    alice.says(0xa, 5);
    assert_eq!(bob.hears_envelope(), envelope(0xa, 5));
    let wrong: [&[(u64, u32)]; 4] = [&[(0xa, 6)], &[(0xc, 1), (0xc, 1)], &[(0xc, 2), (0xc, 1)], &[(0xc, 1), (0xd, 2)]];
    for says in wrong {
        let mut mallory = Visitor::enters(&house.base, ROOM);
        for (sender, counter) in says {
            mallory.says(*sender, *counter);
        }
        assert_eq!(mallory.hears_the_end(), Some(Close::BadEnvelope.number()), "{says:?}");
    }
    alice.says(0xa, 6);
    loop {
        let heard = bob.hears_envelope();
        assert_ne!((heard[8], heard[12]), (0xd, 2), "a second sender of one connection was passed on");
        if heard == envelope(0xa, 6) {
            break;
        }
    }
}

#[test]
fn a_room_and_an_address_have_their_fill() {
    let house = Running::start();
    let mut neighbours = Neighbours::of(&house);
    let members: Vec<_> = (0..INSTANT_MEMBERS_MAX).map(|_| Visitor::enters(&house.base, ROOM)).collect();
    assert_eq!(Visitor::enters(&house.base, ROOM).hears_the_end(), Some(Close::RoomFull.number()));
    drop(members);
    // One room is the neighbours'; that of the members may not be gone yet.
    let enter = |n: u32| Visitor::enters_plain(&house.base, &format!("room{n}"));
    let rooms: Vec<_> = (0..INSTANT_ROOMS_PER_ADDRESS_MAX - 2).map(enter).collect();
    let more: Vec<_> = (1_000..1_003).map(enter).collect();
    let mut closed = more.into_iter().rev().map(|mut visitor| visitor.hears_the_end());
    assert_eq!(closed.next(), Some(Some(Close::TooManyRooms.number())));
    drop((rooms, closed));
    neighbours.talk();
}

#[test]
fn a_flood_is_slowed_down_and_then_ended_and_the_neighbours_feel_nothing() {
    let house = Running::start();
    let mut neighbours = Neighbours::of(&house);
    let mut mallory = Visitor::enters_plain(&house.base, "tea");
    let flood = std::thread::spawn(move || {
        for _ in 0..200_000 {
            if !mallory.tries_to_send(Message::Ping(vec![0; 100].into())) {
                break;
            }
        }
        mallory.hears_the_end()
    });
    for _ in 0..50 {
        neighbours.talk();
    }
    // The reason may be lost on its way to somebody who goes on pushing.
    let end = flood.join().unwrap();
    assert!(end.is_none_or(|number| number == Close::Flood.number()), "{end:?}");
    neighbours.talk();
}

#[test]
fn somebody_who_takes_nothing_is_closed_and_the_room_goes_on() {
    let house = Running::start();
    let [mut alice, mut bob] = [(); 2].map(|()| Visitor::enters_plain(&house.base, "tea"));
    let mut sleeper = Visitor::enters_plain(&house.base, "tea");
    // More than the kernel's buffers and the queue hold for the one who does not read.
    let long = "x".repeat(60_000);
    for n in 0..300 {
        alice.sends(Message::text(format!("{n} {long}")));
        for visitor in [&mut alice, &mut bob] {
            assert!(visitor.hears_text().starts_with(&n.to_string()));
        }
    }
    let end = sleeper.hears_the_end();
    assert!(end.is_none_or(|number| number == Close::TooSlow.number()), "{end:?}");
}

#[test]
fn what_is_no_room_is_refused_in_words() {
    let house = Running::start();
    let code = |path: &str| {
        let answer = send("GET", &house.url(path), &[], None);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        answer.code()
    };
    assert_eq!(code("/api/v1/instant/short"), Code::NotFound);
    assert_eq!(code("/api/v1/instant/BwcHBwcHBwcHBwcHBwcHBx"), Code::NotFound, "bits that mean nothing");
    assert_eq!(code("/ws/chat/a%00b"), Code::RoomNameInvalid);
    assert_eq!(code(&format!("/ws/chat/{}", "x".repeat(65))), Code::RoomNameInvalid);
    for path in ["/ws/chat/", "/ws/chat/a%FF", "/ws/chat/a/b"] {
        assert_eq!(Visitor::tries(&house.base, path, &[]).err(), Some(404), "{path}");
    }
}

#[test]
fn another_site_s_page_does_not_come_in_and_programs_do() {
    let house = Running::start();
    let path = "/ws/chat/tea";
    for foreign in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        assert_eq!(Visitor::tries(&house.base, path, &[("origin", foreign)]).err(), Some(403), "{foreign}");
    }
    assert!(Visitor::tries(&house.base, path, &[("origin", &house.base)]).is_ok());
    let cookie = format!("stonechat_sid={}", Guest::signs_up(&house.base, "alice").token);
    assert!(Visitor::tries(&house.base, path, &[("cookie", &cookie)]).is_ok());
}

#[test]
fn where_they_are_off_or_unsafe_nobody_comes_in() {
    for (instant, code, status) in
        [(InstantRooms::Off, Code::NotFound, 404), (InstantRooms::Unsafe, Code::InstantClosed, 503)]
    {
        let house = Running::with(Wish { instant, ..Wish::default() });
        for path in [format!("/api/v1/instant/{}", ROOM.text()), "/ws/chat/tea".into()] {
            assert_eq!(Visitor::tries(&house.base, &path, &[]).err(), Some(status));
            assert_eq!(send("GET", &house.url(&path), &[], None).code(), code, "a page can read why");
        }
        for path in ["/i", "/i/tea", "/"] {
            let page = send("GET", &house.url(path), &[], None);
            assert_eq!(page.status, if path == "/" { 200 } else { 503 });
            assert!(
                page.text.contains("nstant rooms are ") && !page.text.contains("New instant room"),
                "{}",
                page.text
            );
        }
    }
}

#[test]
fn a_stop_says_good_bye_to_the_rooms() {
    let mut house = Running::start();
    let mut alice = Visitor::enters(&house.base, ROOM);
    alice.hears_note(Note::Members { count: 1 });
    house.begin_stop();
    assert_eq!(alice.hears_the_end(), Some(Close::GoingAway.number()));
    drop(alice);
    house.stop();
}

#[test]
fn their_page_is_for_everybody_and_kept_by_nobody() {
    let house = Running::start();
    let page = send("GET", &house.url("/i"), &[], None);
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")));
    assert!(page.text.contains("/assets/instant-1.js") && !page.text.contains("data-room"), "{}", page.text);
    let plain = send("GET", &house.url("/i/%3Cb%3Etea"), &[], None);
    assert!(plain.text.contains("data-room=\"&#60;b&#62;tea\""), "{}", plain.text);
    assert_eq!(send("GET", &house.url("/i/%00"), &[], None).status, 422);
    // With a name, the first page leads to the room, for members, too.
    let token = Guest::signs_up(&house.base, "alice").token;
    let cookie = format!("stonechat_sid={token}");
    for headers in [&[][..], &[("cookie", cookie.as_str())]] {
        let way = send("GET", &house.url("/?group=tea+room&user=Ada&userid=7"), headers, None);
        assert_eq!((way.status, way.header("location")), (303, Some("/i/tea%20room#Ada")));
    }
    let member = send("GET", &house.url("/i"), &[("cookie", &cookie)], None);
    assert!(member.text.contains("data-person=\"alice\""), "{}", member.text);
}

#[test]
fn a_page_that_makes_an_account_is_signed_in_and_a_program_has_a_token() {
    let house = Running::start();
    let sign_up = |name: &str, origin: &[(&str, &str)]| {
        let body = format!(r#"{{"username":"{name}","password":"two stones struck together"}}"#);
        let headers = [&[("content-type", "application/json")], origin].concat();
        send("POST", &house.url("/api/v1/accounts"), &headers, Some(&body))
    };
    let program = sign_up("alice", &[]);
    assert_eq!((program.status, program.header("set-cookie")), (201, None));
    let page = sign_up("bob", &[("origin", &house.base)]);
    assert_eq!(page.status, 201);
    assert!(page.header("set-cookie").is_some_and(|cookie| cookie.contains("HttpOnly")));
}
