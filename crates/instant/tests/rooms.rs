//! What a room does with words, who gets in, and what happens when somebody is slow.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::{
    hash::RandomState,
    net::{IpAddr, Ipv4Addr},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use instant::{BadEnvelope, Batch, Key, Member, Name, NoEntry, Rooms, Saying, Words};
use model::limits::{INSTANT_MEMBERS_MAX, INSTANT_ROOMS_MAX, INSTANT_ROOMS_PER_ADDRESS_MAX, INSTANT_WAITING_BYTES_MAX};
use protocol::instant::{Head, Id, Note, Sender};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn rooms() -> Arc<Rooms> {
    Rooms::new(RandomState::new())
}

fn plain(rooms: &Arc<Rooms>, name: &str) -> Result<Member, NoEntry> {
    rooms.enter(Key::Plain(Name::parse(name).unwrap()), HERE)
}

fn encrypted(rooms: &Arc<Rooms>) -> Member {
    rooms.enter(Key::Encrypted(Id::new([7; 16])), HERE).unwrap()
}

fn now<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn says(member: &Member, text: &str) -> bool {
    now(member.say(&Words::new(text.as_bytes()))).is_some()
}

/// What waits for a member: words as text, notes as they are shown.
fn hears(member: &Member) -> Vec<String> {
    now(member.hear()).into_iter().flatten().map(|saying| shown(&saying)).collect()
}

fn shown(saying: &Saying) -> String {
    match saying {
        Saying::Words(words) => String::from_utf8((**words).as_ref().to_vec()).unwrap(),
        Saying::Note(Note::Members { count }) => format!("{count} members"),
        Saying::Note(Note::Joined {}) => "joined".into(),
        Saying::Note(Note::Left { .. }) => "left".into(),
    }
}

fn envelope(sender: u8, counter: u32) -> Vec<u8> {
    [Head { sender: Sender::new([sender; 8]), counter }.bytes().as_slice(), &[0; 16]].concat()
}

#[test]
fn in_a_plain_room_everybody_hears_everything_and_nothing_else() {
    let rooms = rooms();
    let [alice, bob] = [plain(&rooms, "tea").unwrap(), plain(&rooms, "tea").unwrap()];
    let elsewhere = plain(&rooms, "Tea").unwrap();
    assert!(says(&alice, "one") && says(&bob, "two"));
    assert_eq!(hears(&alice), ["one", "two"]);
    assert_eq!(hears(&bob), ["one", "two"]);
    assert_eq!(hears(&elsewhere), [""; 0]);
}

#[test]
fn in_an_encrypted_room_the_others_hear_and_the_server_says_who_is_here() {
    let rooms = rooms();
    let mut alice = encrypted(&rooms);
    assert_eq!(hears(&alice), ["1 members"]);
    let bob = encrypted(&rooms);
    assert_eq!(hears(&alice), ["joined", "2 members"]);
    assert_eq!(hears(&bob), ["2 members"]);
    alice.check(&envelope(1, 1)).unwrap();
    assert!(says(&alice, "hello"));
    assert_eq!(hears(&alice), [""; 0]);
    drop(alice);
    assert_eq!(hears(&bob), ["hello", "left", "1 members"]);
    drop(encrypted(&rooms));
    assert_eq!(hears(&bob), ["joined", "1 members"], "who never said anything leaves without a word");
}

#[test]
fn a_room_is_gone_with_the_last_and_a_newcomer_hears_nothing_of_before() {
    let rooms = rooms();
    let alice = plain(&rooms, "tea").unwrap();
    assert!(says(&alice, "before"));
    let bob = plain(&rooms, "tea").unwrap();
    assert_eq!(hears(&bob), [""; 0]);
    drop(alice);
    assert_eq!(rooms.count(), 1);
    drop(bob);
    assert_eq!(rooms.count(), 0);
    assert_eq!(hears(&plain(&rooms, "tea").unwrap()), [""; 0]);
}

#[test]
fn a_room_has_as_many_members_as_fit() {
    let rooms = rooms();
    let mut members: Vec<_> = (0..INSTANT_MEMBERS_MAX).map(|_| plain(&rooms, "tea").unwrap()).collect();
    assert_eq!(plain(&rooms, "tea").err(), Some(NoEntry::RoomFull));
    members.pop();
    assert!(plain(&rooms, "tea").is_ok());
}

#[test]
fn one_address_does_not_fill_the_house() {
    let rooms = rooms();
    let open = |n: u32, address: IpAddr| rooms.enter(Key::Plain(Name::parse(&n.to_string()).unwrap()), address);
    let mut members: Vec<_> = (0..INSTANT_ROOMS_PER_ADDRESS_MAX).map(|n| open(n, HERE).unwrap()).collect();
    assert_eq!(open(1_000, HERE).err(), Some(NoEntry::TooManyRooms));
    assert!(open(1, HERE).is_ok(), "a room that is there already is no new one");
    assert!(open(1_001, IpAddr::from([192, 0, 2, 1])).is_ok());
    members.pop();
    assert!(open(1_000, HERE).is_ok());
}

#[test]
fn there_are_as_many_rooms_as_fit() {
    let rooms = rooms();
    let open = |n: usize| {
        let address = IpAddr::from(u32::try_from(n / 100).unwrap().to_be_bytes());
        rooms.enter(Key::Plain(Name::parse(&n.to_string()).unwrap()), address)
    };
    let members: Vec<_> = (0..INSTANT_ROOMS_MAX).map(|n| open(n).unwrap()).collect();
    assert_eq!(open(INSTANT_ROOMS_MAX).err(), Some(NoEntry::Full));
    drop(members);
    assert_eq!(rooms.count(), 0);
    assert!(open(0).is_ok());
}

#[test]
fn whoever_has_something_to_say_waits_for_the_slowest() {
    let rooms = rooms();
    let [alice, bob] = [plain(&rooms, "tea").unwrap(), plain(&rooms, "tea").unwrap()];
    let long = "x".repeat(60 * 1_024);
    let said = (0..100).take_while(|_| says(&alice, &long) && !hears(&alice).is_empty()).count();
    assert!((1..=INSTANT_WAITING_BYTES_MAX / long.len()).contains(&said), "{said}");
    let waiting = Words::new(long.as_bytes());
    let mut waiting = pin!(alice.say(&waiting));
    assert!(now(waiting.as_mut()).is_none());
    // Being written is not yet written.
    let batch: Batch = now(bob.hear()).unwrap();
    assert!(now(waiting.as_mut()).is_none());
    drop(batch);
    assert!(now(waiting.as_mut()).is_some());
    assert_eq!(hears(&bob).len(), 1);
}

#[test]
fn nobody_waits_for_somebody_who_has_left() {
    let rooms = rooms();
    let [alice, bob] = [plain(&rooms, "tea").unwrap(), plain(&rooms, "tea").unwrap()];
    let words = Words::new(&vec![0; 60 * 1_024]);
    while now(alice.say(&words)).is_some() {
        drop(now(alice.hear()));
    }
    let mut waiting = pin!(alice.say(&words));
    assert!(now(waiting.as_mut()).is_none());
    drop(bob);
    assert!(now(waiting.as_mut()).is_some());
}

#[test]
fn empty_frames_fill_a_queue_too() {
    let rooms = rooms();
    let [alice, bob] = [plain(&rooms, "tea").unwrap(), plain(&rooms, "tea").unwrap()];
    let said = (0..100_000).take_while(|_| says(&alice, "") && !hears(&alice).is_empty()).count();
    assert!(said < 5_000, "{said}");
    assert_eq!(hears(&bob).len(), said);
}

#[test]
fn coming_and_going_does_not_fill_a_queue() {
    let rooms = rooms();
    let alice = encrypted(&rooms);
    for n in 0..1_000 {
        let mut guest = encrypted(&rooms);
        guest.check(&envelope(u8::try_from(n % 250).unwrap(), 1)).unwrap();
    }
    assert_eq!(hears(&alice), ["joined", "1 members"]);
}

#[test]
fn nobody_speaks_as_somebody_else_and_nothing_comes_twice() {
    let rooms = rooms();
    let [mut alice, mut mallory] = [encrypted(&rooms), encrypted(&rooms)];
    assert_eq!(alice.check(&envelope(1, 3)), Ok(()));
    assert_eq!(alice.check(&envelope(1, 3)), Err(BadEnvelope), "a replay");
    assert_eq!(alice.check(&envelope(1, 2)), Err(BadEnvelope), "a replay");
    assert_eq!(alice.check(&envelope(2, 4)), Err(BadEnvelope), "another sender than before");
    assert_eq!(alice.check(&envelope(1, 5)), Ok(()));
    assert_eq!(mallory.check(&envelope(1, 9)), Err(BadEnvelope), "somebody else's sender");
    assert_eq!(mallory.check(&[1; 12]), Err(BadEnvelope));
    assert_eq!(mallory.check(&envelope(2, 1)), Ok(()));
    drop(alice);
    let mut late = encrypted(&rooms);
    assert_eq!(late.check(&envelope(1, 1)), Ok(()), "who is gone has no claim");
}
