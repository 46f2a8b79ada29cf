//! What a socket hears: everything in order, once; or that it is behind.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use model::{
    Body, Change, ClientKey, Event, Membership, Permit, Person, Read, Room, RoomId, RoomName, Said, Scopes, Seq,
    Session, SessionId, Sight, Stream, Timestamp, UserId, Username, Visibility, limits, rules,
};
use protocol::Close;
use relay::{Delivery, Hub, Socket};

const ROOM: Stream = Stream::Room(RoomId::new(5));

fn sight(receipts: bool) -> Sight {
    Sight { receipts, ..Sight::default() }
}

fn person(id: i64) -> Person {
    Person::new(UserId::new(id), Username::kept(format!("person{id}")))
}

fn permit(user: i64) -> Permit<Read> {
    let room = Room {
        id: RoomId::new(5),
        name: RoomName::kept("lobby".into()),
        visibility: Visibility::Public,
        topic: None,
        people: Vec::new(),
    };
    let session = Session { id: SessionId::new(user), person: person(user), admin: false, scopes: Scopes::ALL };
    rules::may_read(&session, Some(room), Membership::Member).unwrap()
}

fn event(stream: Stream, seq: u64, change: Change) -> Event {
    Event { stream, seq: Seq::new(seq), at: Timestamp::from_ms(0), change }
}

fn message(seq: u64, text: &str) -> Event {
    let (author, key) = (person(1), ClientKey::parse("k").unwrap());
    event(ROOM, seq, Change::MessagePosted(Box::new(Said::new(author, key, Body::parse(text).unwrap()))))
}

/// A socket of `user` that listens to the room and has everything up to `seq`.
fn listener(hub: &Arc<Hub<String>>, user: i64, seq: u64) -> Socket<String> {
    let mut socket = hub.connect(UserId::new(user), SessionId::new(user), sight(true)).unwrap();
    socket.sent(Stream::User(UserId::new(user)), Seq::ZERO, Seq::ZERO);
    socket.listen(&permit(user));
    socket.sent(ROOM, Seq::new(seq), Seq::new(seq));
    socket
}

async fn heard(socket: &mut Socket<String>) -> Vec<u64> {
    match socket.next().await {
        Delivery::Frames(due) => due.iter().filter_map(|queued| queued.place).map(|(_, seq)| seq.number()).collect(),
        other @ (Delivery::Behind | Delivery::Ended(_)) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_known_already_is_passed_over() {
    let hub = Hub::new();
    let mut socket = listener(&hub, 1, 3);
    hub.publish((2..=5).map(|seq| message(seq, "x")).collect());
    hub.publish(vec![message(5, "again"), message(6, "x")]);
    assert_eq!(heard(&mut socket).await, [4, 5, 6]);
}

#[tokio::test]
async fn a_gap_is_never_passed_on() {
    let hub = Hub::new();
    let mut socket = listener(&hub, 1, 0);
    hub.publish(vec![message(1, "x"), message(3, "x")]);
    assert_eq!(heard(&mut socket).await, [1]);
    assert!(matches!(socket.next().await, Delivery::Behind));
    // Listening has ended; it begins again where the client says.
    hub.publish(vec![message(4, "not heard")]);
    socket.listen(&permit(1));
    socket.sent(ROOM, Seq::new(4), Seq::new(4));
    hub.publish(vec![message(5, "x")]);
    assert_eq!(heard(&mut socket).await, [5]);
}

#[tokio::test]
async fn a_gap_in_a_room_takes_nothing_from_ones_own_stream() {
    let hub = Hub::new();
    let mut socket = listener(&hub, 1, 0);
    hub.publish(vec![own(1), message(1, "x"), message(3, "lost its way"), own(2), message(4, "not heard")]);
    assert_eq!(heard(&mut socket).await, [1, 1, 2]);
    // Asked for before the client knows: that ends, too, and it asks again.
    socket.listen(&permit(1));
    socket.sent(ROOM, Seq::new(4), Seq::new(4));
    hub.publish(vec![message(5, "not heard")]);
    assert!(matches!(socket.next().await, Delivery::Behind));
    hub.publish(vec![own(3), message(6, "not heard")]);
    assert_eq!(heard(&mut socket).await, [3]);
}

fn own(seq: u64) -> Event {
    event(Stream::User(UserId::new(1)), seq, Change::RoomLeft { room: RoomId::new(9) })
}

#[tokio::test]
async fn ones_own_events_wait_for_their_turn() {
    let hub = Hub::new();
    let mut socket = listener(&hub, 1, 0);
    hub.publish(vec![own(2), own(4), message(1, "x")]);
    assert_eq!(heard(&mut socket).await, [1], "the room does not wait");
    hub.publish(vec![own(1)]);
    assert_eq!(heard(&mut socket).await, [1, 2]);
    hub.publish(vec![own(3)]);
    assert_eq!(heard(&mut socket).await, [3, 4]);
}

#[tokio::test]
async fn a_gap_in_ones_own_stream_that_stays_asks_for_a_new_connection() {
    let hub = Hub::new();
    let mut socket = listener(&hub, 1, 0);
    hub.publish((2..=67).map(own).collect());
    assert!(matches!(socket.next().await, Delivery::Ended(Close::LostThread)));
}

#[tokio::test]
async fn who_leaves_while_the_log_is_read_hears_nothing_later() {
    let hub = Hub::new();
    let mut gone = hub.connect(UserId::new(1), SessionId::new(1), sight(true)).unwrap();
    gone.sent(Stream::User(UserId::new(1)), Seq::ZERO, Seq::ZERO);
    gone.listen(&permit(1));
    // The log is read up to 3, slowly; meanwhile the reader leaves, and others talk on.
    hub.publish(vec![event(ROOM, 4, Change::MemberLeft { member: person(1) }), message(5, "secret")]);
    gone.sent(ROOM, Seq::new(3), Seq::new(3));
    hub.publish(vec![message(6, "secret")]);
    assert_eq!(heard(&mut gone).await, [4]);
    assert_eq!(gone.heads().len(), 1, "the room's head is not theirs to know");
    hub.publish(vec![own(1)]);
    assert_eq!(heard(&mut gone).await, [1]);
}

#[tokio::test]
async fn who_came_back_is_not_thrown_out_by_old_news() {
    let hub = Hub::new();
    let mut back = listener(&hub, 1, 0);
    // They left at 4 and came back at 5; the log was read up to 5 before the news of 4 arrives here.
    back.listen(&permit(1));
    back.sent(ROOM, Seq::new(5), Seq::new(5));
    hub.publish(vec![event(ROOM, 4, Change::MemberLeft { member: person(1) }), message(6, "x")]);
    assert_eq!(heard(&mut back).await, [6]);
    // The same, with the news coming while the log is read.
    back.listen(&permit(1));
    hub.publish(vec![event(ROOM, 7, Change::MemberLeft { member: person(1) })]);
    back.sent(ROOM, Seq::new(8), Seq::new(8));
    hub.publish(vec![message(9, "x")]);
    assert_eq!(heard(&mut back).await, [9]);
}

#[tokio::test]
async fn a_slow_socket_is_told_that_it_is_behind_and_costs_no_more() {
    let hub = Hub::new();
    let (mut slow, mut quick) = (listener(&hub, 1, 0), listener(&hub, 2, 0));
    let many = limits::OUTBOX_EVENTS_MAX as u64 + 1;
    for seq in 1..=many {
        hub.publish(vec![message(seq, "x")]);
        assert_eq!(heard(&mut quick).await, [seq]);
    }
    assert!(matches!(slow.next().await, Delivery::Behind));
    let large = "x".repeat(limits::BODY_CHARS_MAX);
    slow.listen(&permit(1));
    slow.sent(ROOM, Seq::new(many), Seq::new(many));
    let frames = limits::OUTBOX_BYTES_MAX / large.len() + 1;
    for seq in (many + 1..).take(frames) {
        hub.publish(vec![message(seq, &large)]);
        assert_eq!(heard(&mut quick).await, [seq]);
    }
    assert!(matches!(slow.next().await, Delivery::Behind));
}

#[tokio::test]
async fn who_left_hears_that_and_nothing_later() {
    let hub = Hub::new();
    let (mut gone, mut stays) = (listener(&hub, 1, 0), listener(&hub, 2, 0));
    let left = event(ROOM, 1, Change::MemberLeft { member: person(1) });
    hub.publish(vec![left, message(2, "behind their back")]);
    assert_eq!(heard(&mut stays).await, [1, 2]);
    assert_eq!(heard(&mut gone).await, [1]);
    assert_eq!(gone.heads().len(), 1, "the room's head is not theirs to know");
    hub.publish(vec![own(1)]);
    assert_eq!(heard(&mut gone).await, [1]);
}

#[tokio::test]
async fn a_closed_session_ends_its_own_sockets() {
    let hub = Hub::<String>::new();
    let mut gone = hub.connect(UserId::new(1), SessionId::new(1), sight(true)).unwrap();
    let mut stays = hub.connect(UserId::new(1), SessionId::new(2), sight(true)).unwrap();
    hub.publish(vec![event(Stream::User(UserId::new(1)), 1, Change::SessionClosed { session: SessionId::new(1) })]);
    assert!(matches!(gone.next().await, Delivery::Ended(Close::SessionEnded)));
    assert_eq!(heard(&mut stays).await, [1]);
}

#[tokio::test]
async fn when_the_thread_is_lost_everyone_is_told() {
    let hub = Hub::new();
    let (mut a, mut b) = (listener(&hub, 1, 0), listener(&hub, 2, 0));
    hub.lose_the_thread();
    assert!(matches!(a.next().await, Delivery::Ended(Close::LostThread)));
    assert!(matches!(b.next().await, Delivery::Ended(Close::LostThread)));
}

#[tokio::test]
async fn nothing_is_kept_of_sockets_that_are_gone() {
    let hub = Hub::<String>::new();
    let connect = || hub.connect(UserId::new(1), SessionId::new(1), sight(true));
    let sockets: Vec<_> = (0..limits::SOCKETS_PER_USER_MAX).map(|_| connect()).collect();
    assert!(sockets.iter().all(Result::is_ok));
    assert!(connect().is_err());
    assert_eq!(hub.sockets(), limits::SOCKETS_PER_USER_MAX);
    drop(sockets);
    assert_eq!(hub.sockets(), 0);
    assert_eq!(hub.streams(), 0);
}

#[tokio::test]
async fn a_ping_tells_the_heads_of_what_is_listened_to() {
    let hub = Hub::new();
    let socket = listener(&hub, 1, 3);
    hub.publish(vec![message(4, "x")]);
    let heads: Vec<_> = socket.heads().into_iter().map(|(stream, seq)| (stream.to_string(), seq.number())).collect();
    assert_eq!(heads, [("room:5".to_owned(), 4), ("user:1".to_owned(), 0)]);
}
