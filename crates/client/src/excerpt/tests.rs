//! Pages of both sides, and the meeting with the live window.

use model::{Body, ClientKey, Person, Said, Timestamp, UserId, Username};

use super::*;

const ROOM: RoomId = RoomId::new(5);

fn message(seq: u64) -> Message {
    let bob = Person::new(UserId::new(1), Username::kept("bob".into()));
    let said = Said::new(bob, ClientKey::parse(&format!("k{seq}")).unwrap(), Body::parse("x").unwrap());
    Message::new(Seq::new(seq), Timestamp::from_ms(0), said)
}

fn page(seqs: &[u64], head: u64, (older, newer): (bool, bool)) -> History {
    History {
        room: ROOM,
        epoch: Epoch::new("e"),
        head: Seq::new(head),
        messages: seqs.iter().map(|seq| message(*seq)).collect(),
        older,
        newer,
        people: Vec::new(),
    }
}

fn extend(excerpt: &mut Excerpt, side: Side, page: History) {
    excerpt.extend(side, page, (&Recent::at(Seq::ZERO), Some(&Epoch::new("e"))));
}

fn seqs(messages: Iter<'_, Message>) -> Vec<u64> {
    messages.map(|message| message.seq.number()).collect()
}

#[test]
fn it_grows_both_ways_whichever_page_comes_first() {
    let (mut excerpt, [before, after]) = Excerpt::around(ROOM, Seq::new(20));
    assert_eq!((before.side, after.side), (Side::Before(Seq::new(21)), Side::After(Seq::new(20))));
    assert_eq!((excerpt.ask_older(), excerpt.ask_newer()), (None, None), "one question at a time");
    extend(&mut excerpt, after.side, page(&[22, 23], 90, (true, true)));
    assert_eq!(excerpt.take_wanted(), None, "it is not here yet");
    extend(&mut excerpt, before.side, page(&[18, 20], 90, (true, true)));
    assert_eq!(seqs(excerpt.messages()), [18, 20, 22, 23]);
    assert_eq!((excerpt.take_wanted(), excerpt.take_wanted()), (Some(Seq::new(20)), None));
    assert_eq!(excerpt.ask_older(), Some(Side::Before(Seq::new(18))));
    assert_eq!(excerpt.ask_newer(), Some(Side::After(Seq::new(23))));
    extend(&mut excerpt, Side::Before(Seq::new(18)), page(&[3], 91, (false, true)));
    assert!(!excerpt.has_older() && excerpt.from() == Seq::ZERO);
}

#[test]
fn where_no_message_stands_the_one_before_is_shown() {
    let (mut excerpt, [before, _]) = Excerpt::around(ROOM, Seq::new(20));
    extend(&mut excerpt, before.side, page(&[3, 9], 90, (false, true)));
    assert_eq!(excerpt.take_wanted(), Some(Seq::new(9)));
}

#[test]
fn an_answer_that_nobody_waits_for_or_that_has_a_hole_is_not_taken() {
    let (mut excerpt, [before, after]) = Excerpt::around(ROOM, Seq::new(20));
    extend(&mut excerpt, Side::After(Seq::new(30)), page(&[31], 90, (true, true)));
    assert_eq!(excerpt.messages().count(), 0);
    excerpt.fail(after.side);
    assert!(excerpt.has_failed_after());
    extend(&mut excerpt, before.side, page(&[18], 19, (true, true)));
    assert!(excerpt.has_failed(), "the copy lags behind");
    let before = excerpt.ask_older().unwrap();
    let other_life = Some(Epoch::new("f"));
    excerpt.extend(before, page(&[18], 90, (true, true)), (&Recent::at(Seq::ZERO), other_life.as_ref()));
    assert!(excerpt.has_failed() && excerpt.messages().count() == 0);
}

#[test]
fn when_it_meets_the_live_window_they_are_one() {
    let mut live = Timeline::at(Seq::new(24));
    live.append(message(26), true);
    let (mut excerpt, [before, after]) = Excerpt::around(ROOM, Seq::new(20));
    extend(&mut excerpt, before.side, page(&[18, 20], 26, (true, true)));
    excerpt.take_wanted();
    assert!(!excerpt.meets(&live));
    extend(&mut excerpt, after.side, page(&[22, 23, 26], 26, (true, false)));
    assert!(excerpt.meets(&live));
    excerpt.join(&mut live);
    assert_eq!(seqs(live.messages()), [18, 20, 22, 23, 26]);
    assert_eq!(live.ask_older(ROOM), Some(Question::before(ROOM, Seq::new(18))));
}

#[test]
fn a_live_window_that_has_grown_over_it_takes_nothing_of_it() {
    let mut live = Timeline::at(Seq::new(10));
    let (mut excerpt, [before, _]) = Excerpt::around(ROOM, Seq::new(20));
    extend(&mut excerpt, before.side, page(&[18, 20], 26, (true, true)));
    excerpt.take_wanted();
    assert!(excerpt.meets(&live));
    excerpt.join(&mut live);
    assert_eq!(live.messages().count(), 0);
}

#[test]
fn it_is_bounded_and_knows_what_it_dropped() {
    let (mut excerpt, [before, after]) = Excerpt::around(ROOM, Seq::new(10));
    let all: Vec<u64> = (11..=10 + OPEN_MAX as u64).collect();
    extend(&mut excerpt, after.side, page(&all, 9_000, (true, true)));
    extend(&mut excerpt, before.side, page(&[9, 10], 9_000, (true, true)));
    assert_eq!(excerpt.messages().count(), OPEN_MAX);
    assert_eq!(excerpt.ask_newer(), Some(Side::After(Seq::new(8 + OPEN_MAX as u64))));
}
