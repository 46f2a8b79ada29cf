//! How far people have come: told to those who may know, and never going back.

use crate::house::Running;
use model::{Change, Cursor, Epoch, Marks, MemberMarks, RoomId, Seq};
use protocol::{Code, FromServer};
use testkit::cast::{Guest, Line};

fn marks(delivered: u64, read: u64) -> Marks {
    Marks { delivered: Seq::new(delivered), read: Seq::new(read) }
}

/// Alice and Bob in a direct chat in which Alice said three things.
fn pair(house: &Running) -> (Guest, Guest, RoomId) {
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let pair = alice.opens_direct(&[&bob]).id;
    for n in 0..3 {
        alice.posts(pair, &format!("k{n}"), &format!("{n}")).unwrap();
    }
    (alice, bob, pair)
}

fn hears_change(line: &mut Line) -> Change {
    line.hears_event().change
}

#[test]
fn what_is_read_on_one_device_is_read_on_all_and_the_other_sees_it() {
    let house = Running::start();
    let (alice, bob, pair) = pair(&house);
    let (mut a, mut phone, mut desk) = (alice.connects(), bob.connects(), bob.connects());
    let stood = phone.stood(pair).unwrap();
    assert_eq!((stood.marks, stood.unread, stood.head), (marks(0, 0), 3, Seq::new(3)));
    a.subscribes(pair, None).unwrap();
    let moved =
        |delivered, read| Change::MarksMoved(MemberMarks { member: bob.person.id, marks: marks(delivered, read) });
    let read = |read, unread, head| Change::RoomRead { room: pair, read: Seq::new(read), unread, head: Seq::new(head) };

    phone.marks(pair, 3, 0);
    assert_eq!(hears_change(&mut a), moved(3, 0));
    phone.marks(pair, 0, 2);
    assert_eq!(hears_change(&mut a), moved(3, 2));
    // Only what was read is told to the other device; and by then the room has two more events, of marks.
    assert_eq!(hears_change(&mut desk), read(2, 1, 5));
    assert_eq!(hears_change(&mut phone), read(2, 1, 5));
    // Going back changes nothing; the future is no further than now. Posting is not reading.
    desk.marks(pair, 1, 1);
    desk.posts(pair, "b", "an answer").unwrap();
    desk.marks(pair, 9_000, 9_000);
    assert!(matches!(hears_change(&mut a), Change::MessagePosted { .. }));
    assert_eq!(hears_change(&mut a), moved(6, 6));
    assert_eq!(hears_change(&mut phone), read(6, 0, 7));
    assert_eq!(alice.asks_marks(pair), [MemberMarks { member: bob.person.id, marks: marks(6, 6) }]);
    assert_eq!(bob.connects().stood(pair).unwrap().marks, marks(6, 6));
    assert_eq!(alice.connects().stood(pair).unwrap().unread, 1, "of her own nothing is unread to her");
}

#[test]
fn in_a_room_only_reading_is_told_and_what_was_before_is_not_unread() {
    let house = Running::start();
    let (alice, bob) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "bob"));
    let lobby = alice.joins("lobby");
    alice.posts(lobby, "k", "before bob").unwrap();
    bob.joins("lobby");
    let (mut a, mut b) = (alice.connects(), bob.connects());
    let stood = b.stood(lobby).unwrap();
    assert_eq!((stood.marks, stood.unread), (Marks::at(Seq::new(3)), 0));
    a.subscribes(lobby, None).unwrap();
    alice.posts(lobby, "k2", "after bob").unwrap();
    assert_eq!(a.hears_texts(1), ["after bob"]);
    b.marks(lobby, 4, 0);
    b.marks(lobby, 4, 4);
    let read = MemberMarks { member: bob.person.id, marks: marks(4, 4) };
    assert_eq!(hears_change(&mut a), Change::MarksMoved(read));
    assert!(matches!(hears_change(&mut b), Change::RoomRead { unread: 0, head, .. } if head == Seq::new(5)));
    assert_eq!(bob.asks_marks(lobby), [MemberMarks { member: alice.person.id, marks: marks(1, 1) }]);
    // By HTTP the same.
    alice.posts(lobby, "k3", "once more").unwrap();
    assert_eq!(bob.has_read(lobby, Seq::new(6)).status, 204);
    assert!(matches!(hears_change(&mut b), Change::RoomRead { read, .. } if read == Seq::new(6)));
}

#[test]
fn who_is_not_in_a_room_marks_nothing_there() {
    let house = Running::start();
    let (alice, mallory) = (Guest::signs_up(&house.base, "alice"), Guest::signs_up(&house.base, "mallory"));
    let lobby = alice.joins("lobby");
    let mut line = mallory.connects();
    line.marks(lobby, 1, 1);
    let refused = line.hears_refusal();
    assert_eq!((refused.code, refused.frame.as_deref(), refused.room), (Code::NotAMember, Some("mark"), Some(lobby)));
    assert_eq!(mallory.has_read(lobby, Seq::new(1)).code(), Code::NotAMember);
    assert_eq!(mallory.gets(&format!("rooms/{lobby}/marks")).code(), Code::NotAMember);
    assert_eq!(alice.asks_marks(lobby), []);
}

#[test]
fn who_gives_no_receipts_gets_none() {
    let house = Running::start();
    let (alice, bob, pair) = pair(&house);
    let (mut a, mut b) = (alice.connects(), bob.connects());
    a.subscribes(pair, None).unwrap();
    b.subscribes(pair, None).unwrap();
    bob.sets_receipts(false);
    bob.sets_receipts(false);
    assert_eq!(hears_change(&mut b), Change::ReceiptsSet { on: false });
    let Some(FromServer::Hello { you, .. }) = bob.connects().hello else { panic!("no hello") };
    assert!(!you.receipts);
    assert!(!bob.gets("session").value::<protocol::http::WhoAmI>().you.receipts);

    // Bob reads: his own devices know, Alice does not.
    b.marks(pair, 3, 3);
    assert!(matches!(hears_change(&mut b), Change::RoomRead { unread: 0, head, .. } if head == Seq::new(3)));
    assert_eq!(alice.asks_marks(pair), []);
    // Alice reads her own: she may tell, but Bob is not told; only the place moves on.
    a.marks(pair, 3, 2);
    let moved = Change::MarksMoved(MemberMarks { member: alice.person.id, marks: marks(3, 2) });
    assert_eq!(hears_change(&mut a), moved, "and nothing of Bob's came before");
    assert!(matches!(hears_change(&mut a), Change::RoomRead { .. }));
    assert_eq!(hears_change(&mut b), Change::Withheld {});
    assert_eq!(bob.asks_marks(pair), []);
    // Who was away gets no more by coming back.
    let since = || Some(Cursor { epoch: Epoch::new("test"), seq: Seq::new(3) });
    let mut late = bob.connects();
    assert_eq!(late.subscribes(pair, since()), Ok(Seq::new(4)));
    assert_eq!(hears_change(&mut late), Change::Withheld {});

    bob.sets_receipts(true);
    assert_eq!(hears_change(&mut late), Change::ReceiptsSet { on: true });
    let mut late = bob.connects();
    late.subscribes(pair, since()).unwrap();
    assert_eq!(hears_change(&mut late), moved);
    assert_eq!(alice.asks_marks(pair).len(), 1);
}

#[test]
fn a_reset_says_what_is_unread() {
    let house = Running::start();
    let (alice, bob, pair) = pair(&house);
    let mut b = bob.connects();
    b.marks(pair, 3, 1);
    assert!(matches!(hears_change(&mut b), Change::RoomRead { .. }));
    let since = Some(Cursor { epoch: Epoch::new("restored"), seq: Seq::new(1) });
    b.says(&protocol::FromClient::Subscribe { room: pair, since });
    let reset = loop {
        let heard = b.hears();
        if matches!(heard, FromServer::Reset { .. }) {
            break heard;
        }
    };
    assert!(matches!(reset, FromServer::Reset { unread: 2, marks: m, .. } if m == marks(3, 1)), "{reset:?}");
    alice.posts(pair, "more", "more").unwrap();
    assert_eq!(b.hears_texts(1), ["more"]);
}
