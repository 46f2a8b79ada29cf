//! What people keep for themselves, and the ways to what was said.

use model::{Change, Posted, RoomPrefs, Seq};
use protocol::{
    Amendment, Code,
    http::{Gathered, History, ProfileBody},
};
use serde_json::json;
use testkit::cast::Guest;

use crate::house::{Running, Wish};

fn texts(page: &Gathered) -> Vec<&str> {
    page.messages.iter().map(|one| one.message.said.text.as_str()).collect()
}

#[test]
fn what_is_saved_on_one_device_is_saved_on_all_and_seen_by_nobody_else() {
    let house = Running::with(Wish { posts_burst: 5_000, ..Wish::default() });
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.joins("lobby");
    bob.joins("lobby");
    let (one, two) = (alice.posts(room, "1", "one").unwrap().seq, alice.posts(room, "2", "two").unwrap().seq);
    let (mut desk, mut phone) = (bob.connects(), bob.connects());
    let head = desk.amends(room, one, Amendment::Save { on: true }).unwrap();
    let event = phone.hears_event();
    assert_eq!((event.seq, event.change), (head, Change::SavedSet { room, message: one, on: true }));
    assert_eq!(desk.amends(room, one, Amendment::Save { on: true }), Ok(head), "it is so already");
    assert_eq!(bob.asks("PUT", &format!("rooms/{room}/messages/{two}/saved"), None).status, 204);
    assert_eq!(bob.connects().stood(room).unwrap().saved, [one, two]);
    assert!(alice.connects().stood(room).unwrap().saved.is_empty(), "that is nobody else's business");
    let page: Gathered = bob.gets("me/saved?limit=1").value();
    assert_eq!((texts(&page), page.rooms.len()), (vec!["two"], 1));
    let rest: Gathered = bob.gets(&format!("me/saved?limit=1&cursor={}", page.next.unwrap())).value();
    assert_eq!((texts(&rest), &rest.next), (vec!["one"], &None));

    // Deleted, let go of, or in a room that one left: it is not there.
    assert!(alice.connects().amends(room, two, Amendment::Delete {}).is_ok());
    assert_eq!(texts(&bob.gets("me/saved").value()), ["one"]);
    assert_eq!(desk.amends(room, two, Amendment::Save { on: true }), Err(Code::NotFound));
    assert_eq!(bob.leaves(room).status, 204);
    assert!(bob.gets("me/saved").value::<Gathered>().messages.is_empty());
    assert!(desk.amends(room, one, Amendment::Save { on: true }).is_err());
    assert_eq!(bob.gets("me/saved?cursor=x").status, 400);
}

#[test]
fn a_person_saves_so_many_and_no_more() {
    let house = Running::with(Wish { posts_burst: 5_000, ..Wish::default() });
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let saved = |method: &str, seq: Seq| alice.asks(method, &format!("rooms/{room}/messages/{seq}/saved"), None);
    let mut last = Seq::ZERO;
    for n in 0..=model::limits::SAVED_MAX {
        last = alice.posts(room, &format!("k{n}"), "stone").unwrap().seq;
        let answer = saved("PUT", last);
        if n < model::limits::SAVED_MAX {
            assert_eq!(answer.status, 204, "{n}");
        } else {
            assert_eq!(answer.code(), Code::TooManySaved);
        }
    }
    let first: Gathered = alice.gets("me/saved?limit=1").value();
    assert_eq!(saved("DELETE", first.messages[0].message.seq).status, 204);
    assert_eq!(saved("PUT", last).status, 204);
}

#[test]
fn unread_from_here_is_told_to_ones_own_devices_and_marks_stay() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let pair = alice.opens_direct(&[&bob]).id;
    let seq = alice.posts(pair, "1", "one").unwrap().seq;
    assert_eq!(bob.has_read(pair, seq).status, 204);
    let (mut desk, mut phone) = (bob.connects(), bob.connects());
    let marks = alice.asks_marks(pair);
    let head = desk.amends(pair, seq, Amendment::Unread { on: true }).unwrap();
    let prefs = RoomPrefs { unread_from: Some(seq), ..RoomPrefs::default() };
    let event = phone.hears_event();
    assert_eq!((event.seq, event.change), (head, Change::RoomPrefsSet { room: pair, prefs }));
    let stood = bob.connects().stood(pair).unwrap();
    assert_eq!((stood.prefs, stood.unread, stood.marks.read), (prefs, 0, seq));
    assert_eq!(alice.asks_marks(pair), marks, "what was read stays read");
    // Only whoever knows of this mark takes it away.
    assert_eq!(phone.amends(pair, Seq::new(99), Amendment::Unread { on: false }), Ok(head));
    assert_eq!(bob.connects().stood(pair).unwrap().prefs, prefs);
    assert_eq!(bob.asks("DELETE", &format!("rooms/{pair}/messages/{seq}/unread"), None).status, 204);
    assert_eq!(bob.connects().stood(pair).unwrap().prefs, RoomPrefs::default());
    assert_eq!(desk.amends(pair, Seq::new(999), Amendment::Unread { on: true }), Err(Code::NotFound));
    let carol = Guest::signs_up(&house.base, "carol");
    assert_eq!(carol.asks("PUT", &format!("rooms/{pair}/messages/{seq}/unread"), None).status, 404);
}

#[test]
fn who_is_named_finds_it_after_a_new_name_and_only_where_they_are() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.joins("lobby");
    bob.joins("lobby");
    let secret = alice.makes_private("vault");
    alice.posts(secret, "1", "@bob is not here").unwrap();
    alice.posts(room, "2", "@bob, look").unwrap();
    alice.posts(room, "3", "nobody").unwrap();
    bob.posts(room, "4", "@room and @bob, by Bob").unwrap();
    let body = ProfileBody { username: Some("robert".into()), ..Default::default() };
    assert_eq!(bob.sends("PUT", "me/profile", &body).status, 204);
    alice.posts(room, "5", "@robert and @room").unwrap();
    let page: Gathered = bob.gets("me/mentions?limit=1").value();
    assert_eq!(texts(&page), ["@robert and @room"]);
    let rest: Gathered = bob.gets(&format!("me/mentions?cursor={}", page.next.unwrap())).value();
    assert_eq!((texts(&rest), &rest.next), (vec!["@bob, look"], &None));
    assert_eq!(texts(&alice.gets("me/mentions").value()), ["@room and @bob, by Bob"]);
    for bad in ["me/mentions?cursor=", "me/mentions?cursor=1.2", "me/mentions?cursor=a.b.c", "me/mentions?x=1"] {
        assert_eq!(bob.gets(bad).status, 400, "{bad}");
    }
}

#[test]
fn a_moment_is_a_place_in_a_room() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.makes_private("vault");
    for n in 0..9 {
        alice.posts(room, &format!("k{n}"), &format!("{n}")).unwrap();
    }
    let all = alice.reads(room).messages;
    let at = all[5].at.as_ms();
    let page: History = alice.gets(&format!("rooms/{room}/messages?at={at}&limit=1")).value();
    assert!(page.messages[0].at.as_ms() == at && page.messages[0].seq <= all[5].seq);
    let page: History = alice.gets(&format!("rooms/{room}/messages?at=0&limit=4")).value();
    assert_eq!((page.messages.as_slice(), page.older, page.newer), (&all[..4], false, true));
    let page: History = alice.gets(&format!("rooms/{room}/messages?at={}&limit=4", i64::MAX)).value();
    assert_eq!((page.messages.as_slice(), page.older, page.newer), (&all[7..], true, false));
    assert_eq!(alice.gets(&format!("rooms/{room}/messages?at=1&before=2")).status, 400);
    assert_eq!(bob.gets(&format!("rooms/{room}/messages?at=0")).status, 404);
}

#[test]
fn what_is_passed_on_says_whose_words_it_is_and_not_where_they_were_said() {
    let house = Running::start();
    let (alice, bob, carol) = (
        Guest::signs_up(&house.base, "alice"),
        Guest::signs_up(&house.base, "bob"),
        Guest::signs_up(&house.base, "carol"),
    );
    let (secret, lobby) = (alice.makes_private("vault of secrets"), alice.joins("lobby"));
    let pair = alice.opens_direct(&[&bob]).id;
    bob.joins("lobby");
    let said = bob.posts(pair, "1", "@alice: the *stone*").unwrap();
    let forward = |who: &Guest, to: model::RoomId, key: &str, source: (model::RoomId, Seq)| {
        let source = json!({ "room": source.0, "message": source.1 });
        who.sends("POST", &format!("rooms/{to}/messages"), &json!({ "key": key, "text": "", "forward": source }))
    };
    let first: Posted = forward(&alice, secret, "f", (pair, said.seq)).value();
    assert_eq!(forward(&alice, secret, "f", (pair, said.seq)).value::<Posted>(), first, "a repeat");
    assert_eq!(forward(&alice, secret, "f", (pair, Seq::new(99))).code(), Code::KeyReused);
    assert_eq!(alice.posts(secret, "f", "something else"), Err(Code::KeyReused));
    // From the private room into a public one: who said it first, and nothing of either room.
    let again: Posted = forward(&alice, lobby, "g", (secret, first.seq)).value();
    let answer = bob.gets(&format!("rooms/{lobby}/messages"));
    assert!(!answer.text.contains("vault") && !answer.text.contains("forward_room"), "{}", answer.text);
    let message = answer.value::<History>().messages.into_iter().find(|message| message.seq == again.seq).unwrap();
    let words = message.said.forward.unwrap();
    assert_eq!((message.said.author.name.as_str(), words.author.name.as_str()), ("alice", "bob"));
    assert_eq!((message.said.text.as_str(), words.at), ("@alice: the *stone*", said.at));
    assert!(message.said.mentions.is_empty(), "nobody is named once more");
    // It is found, and cannot be made to say something else.
    assert_eq!(alice.gets("search?q=stone%20in:lobby").value::<protocol::http::FoundMessages>().found.len(), 1);
    let edit = Amendment::Edit { edits: 0, text: "forged".into() };
    assert_eq!(alice.connects().amends(lobby, again.seq, edit), Err(Code::NotAllowed));
    // Of what one may not read nothing is passed on, nor of what is gone or has no text.
    for (who, source) in [(&carol, (pair, said.seq)), (&carol, (lobby, again.seq)), (&alice, (pair, Seq::new(99)))] {
        let to = who.joins("elsewhere");
        assert!([Code::NotFound, Code::NotAMember].contains(&forward(who, to, "h", source).code()));
    }
    assert!(bob.connects().amends(pair, said.seq, Amendment::Delete {}).is_ok());
    assert_eq!(forward(&alice, lobby, "i", (pair, said.seq)).code(), Code::NotFound);
    assert!(alice.connects().amends(lobby, again.seq, Amendment::Delete {}).is_ok());
    let page: History = bob.gets(&format!("rooms/{lobby}/messages")).value();
    assert!(page.messages.iter().all(|message| message.said.forward.is_none()), "a trace says nothing");
    let body = json!({ "key": "j", "text": "x", "forward": { "room": pair, "message": 1 } });
    assert_eq!(alice.sends("POST", &format!("rooms/{lobby}/messages"), &body).status, 400);
}
