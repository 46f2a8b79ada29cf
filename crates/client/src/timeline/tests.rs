//! Windows, pages and the races between them.

use model::{Body, ClientKey, Person, Said, Timestamp, UserId, Username};

use super::*;

const ROOM: RoomId = RoomId::new(5);

fn message(seq: u64) -> Message {
    let bob = Person::new(UserId::new(1), Username::kept("bob".into()));
    let said = Said::new(bob, ClientKey::parse(&format!("k{seq}")).unwrap(), Body::parse("x").unwrap());
    Message::new(Seq::new(seq), Timestamp::from_ms(0), said)
}

fn page(seqs: &[u64], head: u64, older: bool) -> History {
    History {
        room: ROOM,
        epoch: Epoch::new("e"),
        head: Seq::new(head),
        messages: seqs.iter().map(|seq| message(*seq)).collect(),
        older,
        newer: false,
        people: Vec::new(),
    }
}

fn seqs(timeline: &Timeline) -> Vec<u64> {
    timeline.messages().map(|message| message.seq.number()).collect()
}

#[test]
fn a_page_and_live_events_meet_without_a_seam() {
    let mut timeline = Timeline::at(Seq::new(10));
    let asked = timeline.ask_older(ROOM).unwrap();
    assert_eq!(asked, Question::before(ROOM, Seq::new(11)));
    assert_eq!(timeline.ask_older(ROOM), None, "one question at a time");
    timeline.append(message(11), true);
    timeline.append(message(13), true);
    let epoch = Epoch::new("e");
    assert!(timeline.prepend(asked, page(&[7, 9, 10], 12, true), (&Recent::at(Seq::ZERO), Some(&epoch))));
    assert_eq!(seqs(&timeline), [7, 9, 10, 11, 13]);
    let asked = timeline.ask_older(ROOM).unwrap();
    assert_eq!(asked, Question::before(ROOM, Seq::new(7)));
    assert!(timeline.prepend(asked, page(&[2, 3], 13, false), (&Recent::at(Seq::ZERO), Some(&epoch))));
    assert_eq!(seqs(&timeline), [2, 3, 7, 9, 10, 11, 13]);
    assert!(!timeline.has_older());
}

#[test]
fn a_page_of_another_life_or_of_the_past_is_not_taken() {
    let epoch = Epoch::new("f");
    let mut timeline = Timeline::at(Seq::new(10));
    let asked = timeline.ask_older(ROOM).unwrap();
    timeline.prepend(asked, page(&[9], 10, true), (&Recent::at(Seq::ZERO), Some(&epoch)));
    assert!(timeline.has_failed() && seqs(&timeline).is_empty());
    let asked = timeline.ask_older(ROOM).unwrap();
    timeline.prepend(asked, page(&[8], 9, true), (&Recent::at(Seq::ZERO), Some(&Epoch::new("e"))));
    assert!(timeline.has_failed() && seqs(&timeline).is_empty());
}

#[test]
fn an_answer_to_an_older_question_is_void() {
    let mut timeline = Timeline::at(Seq::new(10));
    let asked = timeline.ask_older(ROOM).unwrap();
    timeline = Timeline::at(Seq::new(20));
    let again = timeline.ask_older(ROOM).unwrap();
    assert!(!timeline.prepend(asked, page(&[9], 10, true), (&Recent::at(Seq::ZERO), Some(&Epoch::new("e")))));
    timeline.fail(asked);
    assert!(timeline.is_loading());
    timeline.fail(again);
    assert!(timeline.has_failed());
}

#[test]
fn a_room_aside_keeps_little_and_knows_that_there_is_more() {
    let mut timeline = Timeline::at(Seq::ZERO);
    assert!(!timeline.has_older());
    for seq in 1..=250 {
        timeline.append(message(seq), false);
    }
    assert_eq!(seqs(&timeline), (51..=250).collect::<Vec<_>>());
    assert_eq!(timeline.ask_older(ROOM), Some(Question::before(ROOM, Seq::new(51))));
}
