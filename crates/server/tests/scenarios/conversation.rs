//! What is done to messages that stand, through both doors: who may, what is refused, and that a repeat is harmless.

use model::{Change, Seq, limits};
use protocol::{
    Amendment, Code,
    http::{Edits, History, Pins},
};
use testkit::cast::Guest;

use crate::house::{Running, Wish};

fn react(emoji: &str, on: bool) -> Amendment {
    Amendment::React { emoji: emoji.into(), on }
}

fn edit(edits: u32, text: &str) -> Amendment {
    Amendment::Edit { edits, text: text.into() }
}

#[test]
fn only_who_may_amends_and_a_repeat_is_harmless() {
    let house = Running::with(Wish { posts_burst: 1_000, ..Wish::default() });
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let room = alice.joins("lobby");
    bob.joins("lobby");
    let seq = alice.posts(room, "k", "stone").unwrap().seq;
    let (mut a, mut b) = (alice.connects(), bob.connects());
    let mut screen = bob.connects();
    screen.subscribes(room, None).unwrap();

    let first = a.amends(room, seq, edit(0, "stones")).unwrap();
    assert_eq!(a.amends(room, seq, edit(0, "stones")), Ok(first), "asked twice, done once");
    assert_eq!(a.amends(room, seq, edit(0, "rocks")), Err(Code::EditedMeanwhile));
    assert_eq!(b.amends(room, seq, edit(1, "mine now")), Err(Code::NotAllowed));
    assert_eq!(b.amends(room, seq, Amendment::Delete {}), Err(Code::NotAllowed));
    assert_eq!(a.amends(room, seq, edit(1, " \n")), Err(Code::BodyBlank));
    assert_eq!(a.amends(room, seq, edit(1, "a\0b")), Err(Code::BodyInvalid));
    assert_eq!(a.amends(room, Seq::new(9_999), edit(0, "x")), Err(Code::NotFound));
    for bad in ["", "a", "<img>", "👍👍", "\u{202E}", ":stone:"] {
        assert_eq!(b.amends(room, seq, react(bad, true)), Err(Code::EmojiInvalid), "{bad:?}");
    }
    let set = b.amends(room, seq, react("❤", true)).unwrap();
    assert_eq!(b.amends(room, seq, react("❤️", true)), Ok(set), "with its selector or without, it is one emoji");
    assert_eq!(b.amends(room, seq, Amendment::Pin { on: true }), b.amends(room, seq, Amendment::Pin { on: true }));

    let heard: Vec<Change> = (0..3).map(|_| screen.hears_event().change).collect();
    assert!(matches!(&heard[0], Change::MessageEdited(edit) if edit.text.as_str() == "stones" && edit.edits == 1));
    assert!(matches!(&heard[1], Change::ReactionSet { on: true, .. }));
    assert!(matches!(&heard[2], Change::PinSet { on: true, .. }));

    // Outsiders know nothing of it, whichever door they try.
    let carol = Guest::signs_up(&house.base, "carol");
    let hidden = alice.makes_private("vault");
    let secret = alice.posts(hidden, "s", "secret").unwrap().seq;
    for path in ["pins".to_owned(), format!("messages/{secret}/edits"), format!("messages/{secret}/thread")] {
        assert_eq!(carol.gets(&format!("rooms/{hidden}/{path}")).code(), Code::NotFound, "{path}");
    }
    assert_eq!(carol.connects().amends(hidden, secret, react("👍", true)), Err(Code::NotFound));

    // What is gone cannot be changed, and nothing of it is left to read.
    assert!(a.amends(room, seq, Amendment::Delete {}).is_ok());
    for what in [edit(1, "again"), react("👍", true), Amendment::Pin { on: true }] {
        assert_eq!(a.amends(room, seq, what), Err(Code::NotFound));
    }
    assert!(alice.gets(&format!("rooms/{room}/messages/{seq}/edits")).value::<Edits>().texts.is_empty());
    assert!(alice.gets(&format!("rooms/{room}/pins")).value::<Pins>().messages.is_empty());
}

#[test]
fn names_in_a_text_are_those_of_members() {
    let house = Running::with(Wish { posts_burst: 1_000, ..Wish::default() });
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    Guest::signs_up(&house.base, "stranger");
    let room = alice.joins("lobby");
    bob.joins("lobby");
    alice.posts(room, "k", "@Bob, @stranger, @nobody, `@alice`, a@bob and @bob again: @room").unwrap();
    let named = |history: History| -> Vec<(String, Option<String>)> {
        let mentions = history.messages.into_iter().next_back().unwrap().said.mentions;
        mentions.into_iter().map(|one| (one.word, one.person.map(|person| person.name.to_string()))).collect()
    };
    let expected = [("bob".to_owned(), Some("bob".to_owned())), ("room".to_owned(), None)];
    assert_eq!(named(bob.reads(room)), expected);
    // A name that was given up means who had it then.
    let body = protocol::http::ProfileBody { username: Some("robert".into()), ..Default::default() };
    assert_eq!(bob.sends("PUT", "me/profile", &body).status, 204);
    assert_eq!(named(bob.reads(room))[0], ("bob".to_owned(), Some("robert".to_owned())));
    let many: Vec<String> = (0..200).map(|n| format!("@name{n}")).collect();
    assert!(alice.posts(room, "many", &many.join(" ")).is_ok(), "as many as somebody likes to type");
}

#[test]
fn a_thread_is_read_from_its_beginning_and_shows_in_the_room() {
    let house = Running::with(Wish { posts_burst: 1_000, ..Wish::default() });
    let alice = Guest::signs_up(&house.base, "alice");
    let room = alice.joins("lobby");
    let first = alice.posts(room, "k", "root").unwrap().seq;
    let mut to = first;
    for n in 0..60 {
        to = alice.answers(room, &format!("r{n}"), &format!("reply {n}"), to).unwrap().seq;
    }
    let page: History = alice.gets(&format!("rooms/{room}/messages/{first}/thread")).value();
    assert_eq!((page.messages.len(), page.newer), (51, true));
    assert_eq!(page.messages[0].replies, 60);
    let last = page.messages.last().unwrap().seq;
    let page: History = alice.gets(&format!("rooms/{room}/messages/{first}/thread?after={last}")).value();
    assert_eq!((page.messages.len(), page.newer), (10, false));
    assert_eq!(alice.reads(room).messages.last().unwrap().said.reply.as_ref().unwrap().thread, first);
    assert_eq!(alice.answers(room, "x", "to nothing", Seq::new(9_999)), Err(Code::NotFound));
    let mut line = alice.connects();
    for n in 0..limits::PINS_MAX {
        let seq = Seq::new(first.number() + n as u64);
        assert!(line.amends(room, seq, Amendment::Pin { on: true }).is_ok(), "{n}");
    }
    let one_more = Seq::new(first.number() + limits::PINS_MAX as u64);
    assert_eq!(line.amends(room, one_more, Amendment::Pin { on: true }), Err(Code::TooManyPins));
}
