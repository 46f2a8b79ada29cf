//! Each kind of violation is planted, and found; and what is sound is left alone.

use model::{
    Body, Change, ClientKey, Event, Marks, MemberMarks, Message, Person, Posted, RoomId, Said, Seq, Stream, Timestamp,
    UserId, Username,
};
use protocol::Code;

use super::{History, Kept, Ticks, Violation, Wish, violations};

const ROOM: RoomId = RoomId::new(1);
const LOBBY: Stream = Stream::Room(ROOM);

fn person(id: i64, name: &str) -> Person {
    Person::new(UserId::new(id), Username::kept(name.to_owned()))
}

fn message(seq: u64, author: &Person, key: &str) -> Message {
    let said = Said::new(author.clone(), ClientKey::parse(key).unwrap(), Body::parse(key).unwrap());
    Message::new(Seq::new(seq), Timestamp::from_ms(1_000), said)
}

fn receipt(message: &Message) -> Posted {
    Posted { room: ROOM, key: message.said.key.clone(), seq: message.seq, at: message.at }
}

fn event(message: &Message) -> Event {
    let Message { seq, at, said, .. } = message.clone();
    Event { stream: LOBBY, seq, at, change: Change::MessagePosted(Box::new(said)) }
}

fn moved(seq: u64, change: Change) -> Event {
    Event { stream: LOBBY, seq: Seq::new(seq), at: Timestamp::from_ms(1_000), change }
}

fn wish(message: &Message) -> Wish {
    Wish::new(ROOM, message.said.key.as_str(), message.said.text.as_str())
}

/// Alice says three things, Bob hears and reads them: places 1 to 3.
struct Scene {
    alice: History,
    bob: History,
    kept: Vec<Message>,
}

impl Scene {
    fn sound() -> Self {
        let ticks = Ticks::default();
        let (alice, bob) = (person(1, "alice"), person(2, "bob"));
        let kept: Vec<_> = [(1, "a"), (2, "b"), (3, "c")].map(|(seq, key)| message(seq, &alice, key)).into();
        let (mut alice, mut bob) = (History::new(alice, &ticks), History::new(bob, &ticks));
        bob.begins(LOBBY, Seq::ZERO);
        for message in &kept {
            let asking = alice.asks(wish(message));
            alice.was_kept(asking, receipt(message));
            bob.hears(event(message));
        }
        bob.reads(ROOM, kept.clone());
        Self { alice, bob, kept }
    }

    fn violations(self) -> Vec<Violation> {
        violations(&[self.alice, self.bob], &Kept::from([(ROOM, self.kept)]))
    }

    fn forget_what_bob_saw(&mut self) {
        self.bob.heard.clear();
        self.bob.pages.clear();
    }
}

#[test]
fn what_is_sound_is_left_alone() {
    let mut scene = Scene::sound();
    // In doubt and kept, refused and not kept, repeated, reused and refused, in doubt and not kept.
    let alice = scene.alice.who.clone();
    let fourth = message(4, &alice, "d");
    scene.alice.asks(wish(&fourth));
    scene.alice.connects();
    let again = scene.alice.asks(wish(&fourth));
    scene.alice.was_kept(again, receipt(&fourth));
    let repeat = scene.alice.asks(wish(&scene.kept[0]));
    scene.alice.was_kept(repeat, receipt(&scene.kept[0]));
    let reused = scene.alice.asks(Wish::new(ROOM, "a", "something else"));
    scene.alice.was_refused(reused, Code::KeyReused);
    let busy = scene.alice.asks(Wish::new(ROOM, "e", "e"));
    scene.alice.was_refused(busy, Code::Busy);
    scene.alice.asks(Wish::new(ROOM, "f", "f"));
    scene.bob.hears(event(&fourth));
    scene.bob.begins(LOBBY, Seq::new(2));
    scene.bob.hears(event(&scene.kept[2]));
    scene.bob.was_reset(LOBBY, Seq::new(4));
    scene.bob.hears(moved(5, Change::MemberJoined { member: scene.bob.who.clone() }));
    scene.kept.push(fourth);
    assert_eq!(scene.alice.in_doubt(), [Wish::new(ROOM, "e", "e"), Wish::new(ROOM, "f", "f")]);
    assert_eq!(scene.alice.acknowledged().count(), 5);
    assert_eq!(scene.violations(), []);
}

#[test]
fn an_acknowledged_message_that_is_gone_is_lost() {
    let mut scene = Scene::sound();
    let lost = scene.kept.remove(1);
    scene.forget_what_bob_saw();
    assert_eq!(scene.violations(), [Violation::Lost(lost.said.author.id, receipt(&lost))]);
}

#[test]
fn a_message_that_stands_elsewhere_than_its_receipt_says_has_moved() {
    let mut scene = Scene::sound();
    scene.forget_what_bob_saw();
    let said = receipt(&scene.kept[2]);
    scene.kept[2].seq = Seq::new(9);
    let stands = Box::new(scene.kept[2].clone());
    assert_eq!(scene.violations(), [Violation::Moved(UserId::new(1), said, stands)]);
}

#[test]
fn one_key_at_two_places_is_doubled() {
    let mut scene = Scene::sound();
    scene.kept.push(message(4, &scene.alice.who, "c"));
    let places = [(ROOM, Seq::new(3)), (ROOM, Seq::new(4))];
    assert_eq!(scene.violations(), [Violation::Doubled(UserId::new(1), "c".to_owned(), places)]);
}

#[test]
fn a_repeat_with_another_receipt_differs() {
    let mut scene = Scene::sound();
    let first = receipt(&scene.kept[1]);
    let other = Posted { at: first.at.plus_ms(1), ..first.clone() };
    let repeat = scene.alice.asks(wish(&scene.kept[1]));
    scene.alice.was_kept(repeat, other.clone());
    assert_eq!(scene.violations(), [Violation::ReceiptsDiffer(UserId::new(1), [first, other])]);
}

#[test]
fn a_key_is_acknowledged_for_one_message_only() {
    let mut scene = Scene::sound();
    let reused = scene.alice.asks(Wish::new(ROOM, "b", "something else"));
    scene.alice.was_kept(reused, receipt(&scene.kept[1]));
    assert_eq!(scene.violations(), [Violation::KeyTakenTwice(UserId::new(1), "b".to_owned())]);
}

#[test]
fn what_was_refused_each_time_may_not_be_there() {
    let mut scene = Scene::sound();
    let refused = scene.alice.asks(Wish::new(ROOM, "d", "d"));
    scene.alice.was_refused(refused, Code::NotAMember);
    scene.kept.push(message(4, &scene.alice.who, "d"));
    assert_eq!(scene.violations(), [Violation::KeptThoughRefused(UserId::new(1), "d".to_owned())]);
}

#[test]
fn what_somebody_sends_after_a_receipt_may_not_stand_before_it() {
    let mut scene = Scene::sound();
    scene.forget_what_bob_saw();
    // Place 2 is free, and Bob speaks when Alice has the receipt for place 3.
    scene.alice.writes.remove(1);
    let late = message(2, &scene.bob.who, "late");
    let asking = scene.bob.asks(wish(&late));
    scene.bob.was_kept(asking, receipt(&late));
    scene.kept[1] = late;
    assert_eq!(scene.violations(), [Violation::Inverted(ROOM, [Seq::new(3), Seq::new(2)])]);
}

#[test]
fn what_is_sent_on_one_connection_keeps_its_order() {
    let mut scene = Scene::sound();
    let (fourth, fifth) = (message(4, &scene.alice.who, "d"), message(5, &scene.alice.who, "e"));
    // Sent before either was answered, and acknowledged the wrong way round.
    let askings = [&fifth, &fourth].map(|message| scene.alice.asks(wish(message)));
    scene.alice.was_kept(askings[1], receipt(&fourth));
    scene.alice.was_kept(askings[0], receipt(&fifth));
    scene.kept.extend([fourth, fifth]);
    assert_eq!(scene.violations(), [Violation::Inverted(ROOM, [Seq::new(5), Seq::new(4)])]);
}

#[test]
fn an_event_that_comes_again_is_out_of_order() {
    let mut scene = Scene::sound();
    scene.bob.hears(event(&scene.kept[1]));
    let pair = [Seq::new(3), Seq::new(2)];
    assert_eq!(scene.violations(), [Violation::OutOfOrder(UserId::new(2), LOBBY, pair)]);
}

#[test]
fn a_page_that_does_not_rise_is_out_of_order() {
    let mut scene = Scene::sound();
    scene.bob.reads(ROOM, vec![scene.kept[1].clone(), scene.kept[0].clone()]);
    let pair = [Seq::new(2), Seq::new(1)];
    assert_eq!(scene.violations(), [Violation::OutOfOrder(UserId::new(2), LOBBY, pair)]);
}

#[test]
fn an_event_that_is_left_out_is_a_gap() {
    let mut scene = Scene::sound();
    scene.bob.heard.remove(2);
    let pair = [Seq::new(1), Seq::new(3)];
    assert_eq!(scene.violations(), [Violation::Gap(UserId::new(2), LOBBY, pair)]);
}

#[test]
fn a_page_with_a_hole_is_a_gap() {
    let mut scene = Scene::sound();
    scene.bob.reads(ROOM, vec![scene.kept[0].clone(), scene.kept[2].clone()]);
    let pair = [Seq::new(1), Seq::new(3)];
    assert_eq!(scene.violations(), [Violation::Gap(UserId::new(2), LOBBY, pair)]);
}

#[test]
fn two_who_read_one_place_differently_disagree() {
    let mut scene = Scene::sound();
    let mut carol = History::new(person(3, "carol"), &Ticks::default());
    let mut other = scene.kept[2].clone();
    other.said.text = Body::parse("b").unwrap();
    carol.reads(ROOM, vec![other]);
    scene.alice.asks(Wish::new(ROOM, "c", "b"));
    let kept = Kept::from([(ROOM, scene.kept)]);
    let found = violations(&[scene.alice, scene.bob, carol], &kept);
    assert_eq!(found, [Violation::Disagreement(ROOM, Seq::new(3))]);
}

#[test]
fn a_message_that_was_shown_and_is_gone_has_vanished() {
    let mut scene = Scene::sound();
    let fourth = message(4, &scene.alice.who, "d");
    scene.alice.asks(wish(&fourth));
    scene.bob.hears(event(&fourth));
    assert_eq!(scene.violations(), [Violation::Vanished(UserId::new(2), ROOM, Seq::new(4))]);
}

#[test]
fn a_message_that_nobody_sent_is_found() {
    let mut scene = Scene::sound();
    let forged = message(4, &scene.alice.who, "forged");
    scene.bob.hears(event(&forged));
    scene.kept.push(forged);
    assert_eq!(scene.violations(), [Violation::Unsent(ROOM, Seq::new(4), "forged".to_owned())]);
}

#[test]
fn nothing_is_heard_after_leaving_but_by_who_comes_back() {
    let hears_on = |comes_back: bool| {
        let mut scene = Scene::sound();
        let member = scene.bob.who.clone();
        let fifth = message(5, &scene.alice.who, "e");
        let asking = scene.alice.asks(wish(&fifth));
        scene.alice.was_kept(asking, receipt(&fifth));
        scene.bob.hears(moved(4, Change::MemberLeft { member: member.clone() }));
        scene.bob.hears(event(&fifth));
        if comes_back {
            scene.bob.hears(moved(6, Change::MemberJoined { member }));
        }
        scene.kept.push(fifth);
        scene.violations()
    };
    let heard = Violation::HeardAfterLeaving(UserId::new(2), ROOM, [Seq::new(4), Seq::new(5)]);
    assert_eq!(hears_on(false), [heard]);
    assert_eq!(hears_on(true), []);
}

#[test]
fn marks_that_go_back_or_run_ahead_are_wrong() {
    let came_to = |read, delivered| {
        let marks = Marks { delivered: Seq::new(delivered), read: Seq::new(read) };
        MemberMarks { member: UserId::new(3), marks }
    };
    for wrong in [came_to(1, 3), came_to(3, 2), came_to(2, 5)] {
        let mut scene = Scene::sound();
        scene.bob.hears(moved(4, Change::MarksMoved(came_to(2, 3))));
        scene.bob.hears(moved(5, Change::MarksMoved(wrong)));
        assert_eq!(scene.violations(), [Violation::WrongMarks(ROOM, wrong, Seq::new(5))]);
    }
    let mut scene = Scene::sound();
    scene.bob.hears(moved(4, Change::MarksMoved(came_to(3, 3))));
    scene.bob.hears(moved(5, Change::MemberLeft { member: person(3, "carol") }));
    scene.bob.hears(moved(6, Change::MarksMoved(came_to(0, 1))));
    assert_eq!(scene.violations(), [], "whoever comes back begins anew");
}

#[test]
fn every_violation_says_where_to_look() {
    let mut scene = Scene::sound();
    scene.kept.remove(0);
    let words: Vec<_> = scene.violations().iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        [
            "user 1 has a receipt for a at 1:1, and it is gone",
            "user 2 was shown a message at 1 in room 1, and it is gone"
        ]
    );
}
