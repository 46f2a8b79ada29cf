//! What is not kept: who is here, who is writing; and receipts for those who want none.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use model::{
    Change, Event, Marks, MemberMarks, Membership, Permit, Person, Presence, Read, Regard, Regarded, Room, RoomId,
    RoomName, Scopes, Seen, Seq, Session, SessionId, Sight, Signal, Stream, Timestamp, UserId, Username, Visibility,
    rules,
};
use protocol::{FromServer, decode};
use relay::{Delivery, Hub, Socket};

const ROOM: Stream = Stream::Room(RoomId::new(5));
const ALICE: UserId = UserId::new(1);
const BOB: UserId = UserId::new(2);

fn sight(receipts: bool) -> Sight {
    Sight { receipts, ..Sight::default() }
}

fn person(id: UserId) -> Person {
    Person::new(id, Username::kept(format!("person{id}")))
}

fn permit(user: UserId) -> Permit<Read> {
    let name = RoomName::kept("lobby".into());
    let room = Room { id: RoomId::new(5), name, visibility: Visibility::Public, topic: None, people: Vec::new() };
    let session = Session { id: SessionId::new(1), person: person(user), admin: false, scopes: Scopes::ALL };
    rules::may_read(&session, Some(room), Membership::Member).unwrap()
}

fn connect(hub: &Arc<Hub<String>>, user: UserId, receipts: bool) -> Socket<String> {
    let mut socket = hub.connect(user, SessionId::new(user.number()), sight(receipts)).unwrap();
    socket.sent(Stream::User(user), Seq::ZERO, Seq::ZERO);
    socket.listen(&permit(user));
    socket.sent(ROOM, Seq::ZERO, Seq::ZERO);
    socket
}

fn event(stream: Stream, seq: u64, change: Change) -> Event {
    Event { stream, seq: Seq::new(seq), at: Timestamp::from_ms(0), change }
}

fn marks_moved(seq: u64) -> Event {
    let marks = Marks::at(Seq::new(seq - 1));
    event(ROOM, seq, Change::MarksMoved(MemberMarks { member: BOB, marks }))
}

/// What waits for a socket now.
async fn heard(socket: &mut Socket<String>) -> Vec<FromServer> {
    tokio::select! {
        biased;
        delivery = socket.next() => match delivery {
            Delivery::Frames(due) => due.iter().map(|queued| decode(&queued.frame).unwrap()).collect(),
            other @ (Delivery::Behind | Delivery::Ended(_)) => panic!("{other:?}"),
        },
        () = std::future::ready(()) => Vec::new(),
    }
}

fn seen(frames: &[FromServer]) -> Vec<Seen> {
    let mut all = Vec::new();
    for frame in frames {
        if let FromServer::Signal { signal: Signal::Presence { people } } = frame {
            all.extend(people);
        }
    }
    all
}

fn is(presence: Presence, last_seen: Option<i64>) -> Seen {
    Seen { person: BOB, presence, last_seen: last_seen.map(Timestamp::from_ms) }
}

#[tokio::test]
async fn whoever_watches_is_told_and_nobody_else() {
    let hub = Hub::new();
    let (mut alice, mut carol) = (connect(&hub, ALICE, true), connect(&hub, UserId::new(3), true));
    alice.watch(&[(BOB, Some(Timestamp::from_ms(7)))]);
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Offline, Some(7))]);

    let mut bob = connect(&hub, BOB, true);
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Online, None)]);
    bob.here(true);
    bob.here(true);
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Away, None)]);
    let phone = connect(&hub, BOB, true);
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Online, None)], "one device is enough");
    drop(phone);
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Away, None)]);
    bob.here(false);
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Online, None)]);
    assert!(seen(&heard(&mut carol).await).is_empty());
}

#[tokio::test]
async fn a_reload_is_not_an_absence() {
    let hub = Hub::new();
    let (mut alice, bob) = (connect(&hub, ALICE, true), connect(&hub, BOB, true));
    alice.watch(&[(BOB, None)]);
    drop(bob);
    assert_eq!(hub.presence(BOB), Presence::Online);
    let bob = connect(&hub, BOB, true);
    assert!(!hub.depart(BOB, Timestamp::from_ms(9)), "they are back");
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Online, None)], "the answer to the watch, and no more");
    drop(bob);
    assert!(hub.depart(BOB, Timestamp::from_ms(9)));
    assert!(!hub.depart(BOB, Timestamp::from_ms(9)), "told once");
    assert_eq!(seen(&heard(&mut alice).await), [is(Presence::Offline, Some(9))]);
    assert_eq!(hub.presence(BOB), Presence::Offline);
}

#[tokio::test]
async fn whoever_left_a_room_is_watched_and_watches_no_more() {
    let hub = Hub::new();
    let (mut alice, mut bob) = (connect(&hub, ALICE, true), connect(&hub, BOB, true));
    alice.watch(&[(BOB, None)]);
    bob.watch(&[(ALICE, None)]);
    heard(&mut alice).await;
    heard(&mut bob).await;
    hub.publish(vec![event(Stream::User(BOB), 1, Change::RoomLeft { room: RoomId::new(5) })]);
    bob.here(true);
    alice.here(true);
    let void = Signal::Presence { people: Vec::new() };
    assert_eq!(heard(&mut alice).await, [FromServer::Signal { signal: void }], "the watch is void");
    assert!(seen(&heard(&mut bob).await).is_empty());
    bob.watch(&[(UserId::new(3), None)]);
    hub.publish(vec![event(Stream::User(UserId::new(3)), 1, Change::RoomLeft { room: RoomId::new(5) })]);
    heard(&mut bob).await;
    let _carol = connect(&hub, UserId::new(3), true);
    assert!(seen(&heard(&mut bob).await).is_empty(), "also whoever left while nowhere connected");
    // A new watch holds again, and a list takes the place of the one before.
    alice.watch(&[(BOB, None)]);
    alice.watch(&[]);
    bob.here(false);
    let answers = seen(&heard(&mut alice).await);
    assert_eq!(answers, [is(Presence::Away, None)], "the answer to the first list");
}

#[tokio::test]
async fn the_others_in_the_room_hear_who_is_writing() {
    let hub = Hub::new();
    let (mut alice, mut bob) = (connect(&hub, ALICE, true), connect(&hub, BOB, true));
    let mut desk = connect(&hub, BOB, true);
    bob.typing(RoomId::new(5), &person(BOB));
    let signal = Signal::Typing { room: RoomId::new(5), person: person(BOB) };
    assert_eq!(heard(&mut alice).await, [FromServer::Signal { signal }]);
    assert!(heard(&mut bob).await.is_empty() && heard(&mut desk).await.is_empty());

    hub.publish(vec![event(ROOM, 1, Change::MemberLeft { member: person(BOB) })]);
    heard(&mut alice).await;
    bob.typing(RoomId::new(5), &person(BOB));
    assert!(heard(&mut alice).await.is_empty(), "whoever has left is not heard");
    alice.unlisten(RoomId::new(5));
    alice.typing(RoomId::new(5), &person(ALICE));
}

#[tokio::test]
async fn whoever_wants_no_receipts_gets_the_place_and_not_the_marks() {
    let hub = Hub::new();
    let (mut alice, mut private) = (connect(&hub, ALICE, true), connect(&hub, UserId::new(3), false));
    hub.publish(vec![marks_moved(1)]);
    assert_eq!(heard(&mut alice).await, [FromServer::Event(marks_moved(1))]);
    let withheld = |seq| FromServer::Event(event(ROOM, seq, Change::Withheld {}));
    assert_eq!(heard(&mut private).await, [withheld(1)]);

    hub.publish(vec![event(Stream::User(ALICE), 1, Change::ReceiptsSet { on: false }), marks_moved(2)]);
    assert_eq!(heard(&mut alice).await[1], withheld(2), "from the moment of the setting on");
}

#[tokio::test]
async fn old_news_of_receipts_changes_nothing() {
    let hub = Hub::new();
    let set = |seq, on| event(Stream::User(ALICE), seq, Change::ReceiptsSet { on });
    let mut alice = hub.connect(ALICE, SessionId::new(1), sight(false)).unwrap();
    // On at 3, off at 4: that was before the state was read.
    hub.publish(vec![set(3, true)]);
    alice.sent(Stream::User(ALICE), Seq::new(4), Seq::new(4));
    hub.publish(vec![set(3, true)]);
    alice.listen(&permit(ALICE));
    alice.sent(ROOM, Seq::ZERO, Seq::ZERO);
    let withheld = |seq| FromServer::Event(event(ROOM, seq, Change::Withheld {}));
    hub.publish(vec![marks_moved(1)]);
    assert_eq!(heard(&mut alice).await, [withheld(1)]);
    // On at 5, off at 6, and the news come the other way round.
    hub.publish(vec![set(6, false), set(5, true), marks_moved(2)]);
    assert_eq!(heard(&mut alice).await.last(), Some(&withheld(2)));
}

#[tokio::test]
async fn a_watch_of_nobody_who_may_be_watched_is_not_answered() {
    let hub = Hub::new();
    let mut alice = connect(&hub, ALICE, true);
    alice.watch(&[]);
    assert!(heard(&mut alice).await.is_empty(), "an answer with nobody in it would say that the watch is void");
}

#[tokio::test]
async fn what_was_lost_on_the_way_is_noticed_at_the_second_look() {
    let hub = Hub::new();
    let mut alice = connect(&hub, ALICE, true);
    let log = [(ROOM, Seq::new(2)), (Stream::User(ALICE), Seq::ZERO)];
    hub.look(log);
    hub.publish(vec![marks_moved(1), marks_moved(2)]);
    hub.look(log);
    assert_eq!(heard(&mut alice).await.len(), 2, "it was only late");
    hub.look([(ROOM, Seq::new(3))]);
    assert!(heard(&mut alice).await.is_empty());
    hub.look([(ROOM, Seq::new(3))]);
    assert!(matches!(alice.next().await, Delivery::Behind));
    hub.look([(Stream::User(ALICE), Seq::new(1))]);
    hub.look([(Stream::User(ALICE), Seq::new(1))]);
    assert!(matches!(alice.next().await, Delivery::Ended(protocol::Close::LostThread)));
}

#[tokio::test]
async fn of_the_blocked_neither_typing_nor_receipts_arrive_and_they_do_not_see_the_other() {
    let hub = Hub::new();
    let (mut alice, mut bob) = (connect(&hub, ALICE, true), connect(&hub, BOB, true));
    bob.watch(&[(ALICE, None)]);
    heard(&mut bob).await;
    let regards =
        |seq, regard| event(Stream::User(ALICE), seq, Change::RegardSet(Regarded { person: person(BOB), regard }));
    // News of a later place may come first; the earlier one changes nothing then.
    hub.publish(vec![regards(2, Regard::Blocked), regards(1, Regard::Open)]);
    let gone = Seen { person: ALICE, presence: Presence::Offline, last_seen: None };
    assert_eq!(seen(&heard(&mut bob).await), [gone], "and then they ask anew");
    heard(&mut alice).await;
    hub.publish(vec![marks_moved(1)]);
    bob.typing(RoomId::new(5), &person(BOB));
    alice.typing(RoomId::new(5), &person(ALICE));
    let frames = heard(&mut alice).await;
    let [FromServer::Event(withheld)] = frames.as_slice() else { panic!("{frames:?}") };
    assert_eq!(withheld.change, Change::Withheld {});
    assert_eq!(heard(&mut bob).await.len(), 1, "his own mark, and nothing of her typing");

    hub.publish(vec![regards(3, Regard::Open), marks_moved(2)]);
    let heard = heard(&mut alice).await;
    assert!(
        heard.iter().any(|frame| matches!(frame, FromServer::Event(e) if e.receipt_of() == Some(BOB))),
        "{heard:?}"
    );
}

#[tokio::test]
async fn what_was_read_at_the_door_holds_until_the_place_that_it_was_read_at() {
    let hub = Hub::new();
    let sight = Sight { receipts: true, blocked: [BOB].into() };
    let mut alice = hub.connect(ALICE, SessionId::new(1), sight).unwrap();
    // It came before the state was read, which says that he is blocked again.
    hub.publish(vec![event(
        Stream::User(ALICE),
        4,
        Change::RegardSet(Regarded { person: person(BOB), regard: Regard::Open }),
    )]);
    alice.sent(Stream::User(ALICE), Seq::new(5), Seq::new(5));
    alice.listen(&permit(ALICE));
    alice.sent(ROOM, Seq::ZERO, Seq::ZERO);
    hub.publish(vec![marks_moved(1)]);
    let frames = heard(&mut alice).await;
    let [FromServer::Event(withheld)] = frames.as_slice() else { panic!("{frames:?}") };
    assert_eq!(withheld.change, Change::Withheld {});
}
