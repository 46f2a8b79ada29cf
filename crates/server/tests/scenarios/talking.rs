//! People talk: by socket and by HTTP, across restarts, in rooms open and closed.

use crate::house::{Running, Wish};
use model::{Change, Cursor, Epoch, Seq, limits};
use protocol::{Close, Code, FromClient, FromServer};
use testkit::cast::{Guest, Line};

fn cursor(seq: u64) -> Cursor {
    Cursor { epoch: Epoch::new("test"), seq: Seq::new(seq) }
}

#[test]
fn two_people_hear_each_other_in_one_order() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let lobby = alice.joins("lobby");
    assert_eq!(bob.joins("LOBBY"), lobby, "a name is one room in any case");
    let (mut a, mut b) = (alice.connects(), bob.connects());
    a.subscribes(lobby, None).unwrap();
    b.subscribes(lobby, None).unwrap();
    for n in 0..20 {
        let line = if n % 2 == 0 { &mut a } else { &mut b };
        line.says(&FromClient::Post {
            room: lobby,
            key: format!("k{n}"),
            text: format!("message {n}"),
            files: Vec::new(),
            reply: None,
            forward: None,
        });
    }
    let (heard_a, heard_b) = (a.hears_texts(20), b.hears_texts(20));
    assert_eq!(heard_a, heard_b);
    let kept: Vec<_> = alice.reads(lobby).messages.into_iter().map(|m| m.said.text.as_str().to_owned()).collect();
    assert_eq!(kept, heard_a);
}

#[test]
fn a_new_person_finds_rooms_and_sits_in_the_first() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let directory: protocol::http::Directory = alice.gets("rooms").value();
    let rooms: Vec<_> = directory.rooms.iter().map(|r| (r.room.name.as_str(), r.joined)).collect();
    assert_eq!(rooms, [("friends", false), ("general", true), ("office", false)]);
    let Some(FromServer::Hello { rooms, you, .. }) = alice.connects().hello else { panic!("no hello") };
    assert_eq!(you.person, alice.person);
    assert_eq!(rooms.iter().map(|r| r.room.name.as_str()).collect::<Vec<_>>(), ["general"]);
}

#[test]
fn a_repeat_gets_the_first_receipt_also_after_a_restart() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let first = alice.connects().posts(lobby, "k", "once").unwrap();
    house.pass_ms(60_000);
    assert_eq!(alice.posts(lobby, "k", "once"), Ok(first.clone()));
    assert_eq!(alice.connects().posts(lobby, "k", "once"), Ok(first.clone()));
    assert_eq!(alice.posts(lobby, "k", "other"), Err(Code::KeyReused));
    let annex = alice.joins("annex");
    assert_eq!(alice.posts(annex, "k", "once"), Err(Code::KeyReused));
    let house = house.restart();
    let alice = Guest::logs_in(&house.base, "alice");
    assert_eq!(alice.posts(lobby, "k", "once"), Ok(first));
    assert_eq!(alice.reads(lobby).messages.len(), 1);
}

#[test]
fn who_was_away_gets_what_they_lack_and_nothing_twice() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let lobby = alice.joins("lobby");
    bob.joins("lobby");
    for n in 0..250 {
        alice.posts(lobby, &format!("k{n}"), &format!("{n}")).unwrap();
    }
    // Two joined: the first message has place 3.
    let mut b = bob.connects();
    assert_eq!(b.subscribes(lobby, Some(cursor(12))), Ok(Seq::new(252)));
    alice.posts(lobby, "live", "live").unwrap();
    let expected: Vec<_> = (10..250).map(|n| n.to_string()).chain(["live".to_owned()]).collect();
    assert_eq!(b.hears_texts(241), expected);
}

#[test]
fn a_cursor_that_means_nothing_is_reset() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let head = alice.posts(lobby, "k", "hello").unwrap().seq;
    let mut line = alice.connects();
    assert_eq!(line.subscribes(lobby, Some(cursor(head.number() + 1))), Err(head), "a cursor from the future");
    let elsewhere = Cursor { epoch: Epoch::new("restored"), seq: Seq::new(1) };
    assert_eq!(line.subscribes(lobby, Some(elsewhere)), Err(head), "a cursor of another epoch");
    alice.posts(lobby, "k2", "after").unwrap();
    assert_eq!(line.hears_texts(1), ["after"], "listening goes on from the head");
}

#[test]
fn history_has_pages_in_both_directions() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    for n in 0..120 {
        alice.posts(lobby, &format!("k{n}"), &format!("{n}")).unwrap();
    }
    let page = |query: &str| {
        let page: protocol::http::History = alice.gets(&format!("rooms/{lobby}/messages{query}")).value();
        let texts: Vec<_> = page.messages.iter().map(|m| m.said.text.as_str().parse::<u32>().unwrap()).collect();
        (texts.first().copied(), texts.last().copied(), texts.len(), page.older, page.newer)
    };
    // Alice's joining has place 1, so message n has place n + 2.
    assert_eq!(page(""), (Some(70), Some(119), 50, true, false));
    assert_eq!(page("?before=72"), (Some(20), Some(69), 50, true, true));
    assert_eq!(page("?before=22"), (Some(0), Some(19), 20, false, true));
    assert_eq!(page("?after=71"), (Some(70), Some(119), 50, true, false));
    assert_eq!(page("?after=1&limit=3"), (Some(0), Some(2), 3, false, true));
    assert_eq!(page("?after=121"), (None, None, 0, true, false));
    assert_eq!(page("?limit=100000"), (Some(70), Some(119), 50, true, false));
    for wrong in ["?before=1&after=1", "?before=x", "?before=-1", "?page=2"] {
        assert_eq!(alice.gets(&format!("rooms/{lobby}/messages{wrong}")).code(), Code::Malformed, "{wrong}");
    }
}

#[test]
fn a_private_room_is_nothing_to_an_outsider() {
    let house = Running::start();
    let (alice, mallory) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "mallory"));
    let vault = alice.makes_private("vault");
    alice.posts(vault, "k", "secret").unwrap();
    let absent = model::RoomId::new(999_999);
    let doors: [(&str, &str, Option<&str>); 7] = [
        ("GET", "", None),
        ("GET", "/members", None),
        ("POST", "/members", Some(r#"{"username":"mallory"}"#)),
        ("PUT", "/members/me", None),
        ("DELETE", "/members/me", None),
        ("GET", "/messages", None),
        ("POST", "/messages", Some(r#"{"key":"m","text":"let me in"}"#)),
    ];
    for (method, door, body) in doors {
        let [hidden, missing] = [vault, absent].map(|room| mallory.asks(method, &format!("rooms/{room}{door}"), body));
        assert_eq!((hidden.status, hidden.code()), (404, Code::NotFound), "{method} {door}");
        assert_eq!((missing.status, missing.code()), (404, Code::NotFound), "{method} {door}");
    }
    let mut line = mallory.connects();
    line.says(&FromClient::Subscribe { room: vault, since: None });
    assert!(matches!(line.hears(), FromServer::Refused(refused) if refused.code == Code::NotFound));
    assert_eq!(line.posts(vault, "m2", "hello?"), Err(Code::NotFound));
    // Typing the hidden room's name makes another room, and tells nothing.
    let namesake = mallory.joins("vault");
    assert_ne!(namesake, vault);
    assert!(matches!(line.hears_event().change, Change::RoomJoined { room, .. } if room.id == namesake));
    let listed: protocol::http::Directory = mallory.gets("rooms?q=vault").value();
    assert!(listed.rooms.iter().all(|entry| entry.room.id != vault));

    let added = alice.asks("POST", &format!("rooms/{vault}/members"), Some(r#"{"username":"Mallory"}"#));
    assert_eq!(added.status, 200);
    let told = line.hears_event();
    assert!(matches!(told.change, Change::RoomJoined { room, .. } if room.id == vault));
    assert_eq!(mallory.reads(vault).messages.len(), 1);
}

#[test]
fn who_leaves_hears_nothing_more() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let lobby = alice.joins("lobby");
    bob.joins("lobby");
    let (mut b, mut elsewhere) = (bob.connects(), bob.connects());
    b.subscribes(lobby, None).unwrap();
    assert_eq!(bob.leaves(lobby).status, 204);
    alice.posts(lobby, "k", "behind his back").unwrap();
    assert!(matches!(b.hears_event().change, Change::MemberLeft { member } if member == bob.person));
    assert!(matches!(b.hears_event().change, Change::RoomLeft { room } if room == lobby));
    // Whatever comes next, it is not of that room.
    let annex = bob.joins("annex");
    assert!(matches!(b.hears_event().change, Change::RoomJoined { room, .. } if room.id == annex));
    assert!(matches!(elsewhere.hears_event().change, Change::RoomLeft { .. }));
    assert_eq!(bob.gets(&format!("rooms/{lobby}/messages")).code(), Code::NotAMember);
    assert_eq!(bob.posts(lobby, "k", "me too"), Err(Code::NotAMember));
    assert_eq!(bob.leaves(lobby).code(), Code::NotAMember);
    b.says(&FromClient::Subscribe { room: lobby, since: Some(cursor(1)) });
    assert!(matches!(b.hears(), FromServer::Refused(refused) if refused.code == Code::NotAMember));
}

#[test]
fn logging_out_closes_the_sockets_of_that_session_alone() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let other = Guest::logs_in(&house.base, "alice");
    let (mut gone, mut stays) = (alice.connects(), other.connects());
    assert_eq!(alice.asks("DELETE", "session", None).status, 204);
    assert_eq!(gone.hears_the_end(), Some(Close::SessionEnded.number()));
    assert!(matches!(stays.hears_event().change, Change::SessionClosed { .. }));
    assert_eq!(alice.gets("session").code(), Code::NotSignedIn);
    assert_eq!(other.gets("session").status, 200);
}

#[test]
fn a_person_has_a_bounded_number_of_sockets() {
    let house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let mut lines: Vec<_> = (0..limits::SOCKETS_PER_USER_MAX).map(|_| alice.connects()).collect();
    let bearer = format!("Bearer {}", alice.token);
    let mut one_more = Line::open(&house.base, &[("authorization", &bearer)]).unwrap();
    assert_eq!(one_more.hears_the_end(), Some(Close::TooManySockets.number()));
    assert!(lines.iter_mut().all(|line| line.hello.is_some()));
}

#[test]
fn a_stopping_server_says_good_bye_and_keeps_what_it_acknowledged() {
    let mut house = Running::start();
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let mut line = alice.connects();
    line.posts(lobby, "k", "before the end").unwrap();
    house.begin_stop();
    assert_eq!(line.hears_the_end(), Some(Close::GoingAway.number()));
    let house = house.restart();
    let alice = Guest::logs_in(&house.base, "alice");
    assert_eq!(alice.reads(lobby).messages[0].said.text.as_str(), "before the end");
}

#[test]
fn whoever_posts_too_fast_is_told_and_then_closed() {
    let house = Running::with(Wish { posts_burst: 3, ..Wish::default() });
    let alice = Guest::signs_up(&house.base, "alice");
    let lobby = alice.joins("lobby");
    let mut line = alice.connects();
    for n in 0..3 {
        line.posts(lobby, &format!("k{n}"), "x").unwrap();
    }
    line.says(&FromClient::Post {
        room: lobby,
        key: "k3".into(),
        text: "x".into(),
        files: Vec::new(),
        reply: None,
        forward: None,
    });
    let FromServer::Refused(refused) = line.hears() else { panic!("not refused") };
    assert_eq!((refused.code, refused.key.as_deref()), (Code::TooFast, Some("k3")));
    assert!(refused.retry_after_ms.is_some_and(|ms| (1..=1_000).contains(&ms)));
    for n in 0..25 {
        line.says(&FromClient::Post {
            room: lobby,
            key: format!("f{n}"),
            text: "x".into(),
            files: Vec::new(),
            reply: None,
            forward: None,
        });
    }
    assert_eq!(line.hears_the_end(), Some(Close::Flood.number()));
    let other = Guest::signs_up(&house.base, "bob");
    other.joins("lobby");
    assert!(other.posts(lobby, "k", "undisturbed").is_ok());
}
