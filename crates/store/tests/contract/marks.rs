//! Marks: they only grow, and what is unread is what a recount finds.

use model::{Change, Marks, MemberMarks, Seq, Stream, limits};
use store::{Fault, Lane, marks, users};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{direct, history, lobby, log, mark, post, reader, standing},
};

fn at(delivered: u64, read: u64) -> Marks {
    Marks { delivered: Seq::new(delivered), read: Seq::new(read) }
}

at_both!(marks_never_go_back_whoever_comes_last, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let pair = direct(&archive, &[&alice, &bob]).await;
    for n in 0..30 {
        post(&archive, &alice, &pair, &format!("k{n}"), "x").await;
    }
    // Two devices, in no order; one of them claims what is not there.
    let marked = (0..30).map(|n| {
        let n = n * 7 % 30;
        let marks = if n % 2 == 0 { at(n, 0) } else { at(0, n - 10 * u64::from(n > 20)) };
        mark(&archive, &bob, &pair, marks, false)
    });
    futures_util::future::join_all(marked).await;
    assert_eq!(standing(&archive, &bob, &pair).await.marks, at(28, 19));
    mark(&archive, &bob, &pair, at(1 << 40, 3), false).await;
    assert_eq!(standing(&archive, &bob, &pair).await.marks, at(30, 19));
    // The rooms' events of this log are the messages only: what was not told is not there.
    assert_eq!(log(&archive, Stream::Room(pair.id), 0).await.len(), 30);
});

at_both!(unread_is_what_a_recount_finds, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    for n in 0..140 {
        let author = if n % 5 == 0 { &bob } else { &alice };
        post(&archive, author, &lobby, &format!("k{n}"), "x").await;
    }
    for read in [0, 2, 3, 50, 100, 120, 142] {
        mark(&archive, &bob, &lobby, at(0, read), read % 2 == 0).await;
        let standing = standing(&archive, &bob, &lobby).await;
        let mut recount = 0;
        let mut before = standing.head.number() + 1;
        while before > 1 {
            let page = history(&archive, &bob, &lobby, before, 50).await;
            recount += page.iter().filter(|m| m.said.author != bob && m.seq > standing.marks.read).count();
            before = page.first().map_or(1, |m| m.seq.number());
        }
        let bounded = recount.min(limits::UNREAD_MAX as usize);
        assert_eq!(standing.unread as usize, bounded, "read up to {read}");
        let told = log(&archive, Stream::User(bob.id), 0).await.pop().unwrap().change;
        if let Change::RoomRead { room, read, unread, head } = told {
            assert_eq!((room, read, head), (lobby.id, standing.marks.read, standing.head), "the head is the last one");
            assert_eq!(unread as usize, bounded);
        }
    }
});

at_both!(who_only_talks_is_counted_for_within_bounds, async |archive: Archive| {
    let (_, bob, lobby) = lobby(&archive).await;
    // Messages of Bob from place 3 to 1302, with one of Alice near the mark and one far from it.
    archive.run(
        "INSERT INTO messages (room_id, seq, author_id, client_key, body, at)
         WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 1302)
         SELECT 1, n.i, CASE WHEN n.i IN (50, 1300) THEN 1 ELSE 2 END, 'k' || n.i, 'x', 0 FROM n;
         UPDATE streams SET head = 1302 WHERE kind = 1 AND owner = 1",
    );
    assert_eq!((lobby.id.number(), bob.id.number()), (1, 2));
    assert_eq!(standing(&archive, &bob, &lobby).await.unread, 1);
    mark(&archive, &bob, &lobby, at(0, 400), false).await;
    assert_eq!(standing(&archive, &bob, &lobby).await.unread, 1, "now the other is near");
    let told = log(&archive, Stream::User(bob.id), 0).await.pop().unwrap().change;
    assert!(matches!(told, Change::RoomRead { unread: 1, .. }), "{told:?}");
});

at_both!(who_joins_finds_nothing_unread, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    post(&archive, &alice, &lobby, "k", "before").await;
    let stands = standing(&archive, &bob, &lobby).await;
    assert_eq!((stands.marks, stands.unread), (Marks::at(Seq::new(2)), 1), "from their own coming in");
    let (room, member) = (lobby.clone(), bob.clone());
    let back = archive.store.write(Lane::Many(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move {
            store::members::leave(tx, room.id, &member, NOW).await?;
            store::members::join(tx, &room, &member, NOW).await
        })
    });
    assert!(Result::<_, Fault>::unwrap(back.await));
    let stands = standing(&archive, &bob, &lobby).await;
    assert_eq!((stands.marks, stands.unread, stands.last_at), (Marks::at(Seq::new(5)), 0, Some(NOW)));
});

at_both!(what_is_told_of_marks_is_read_back_as_it_was, async |mut archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let pair = direct(&archive, &[&alice, &bob]).await;
    post(&archive, &alice, &pair, "k", "x").await;
    post(&archive, &alice, &pair, "k2", "x").await;
    mark(&archive, &bob, &pair, at(2, 1), true).await;
    let moved = Change::MarksMoved(MemberMarks { member: bob.id, marks: at(2, 1) });
    let read = Change::RoomRead { room: pair.id, read: Seq::new(1), unread: 1, head: Seq::new(3) };
    assert_eq!(log(&archive, Stream::Room(pair.id), 2).await[0].change, moved);
    assert_eq!(log(&archive, Stream::User(bob.id), 0).await.pop().unwrap().change, read);
    let mut fed = Vec::new();
    while fed.last() != Some(&read) {
        let Some(store::Fed::Committed(events)) = archive.feed.next().await else { panic!("the feed ended") };
        fed.extend(events.into_iter().map(|event| event.change));
    }
    assert!(fed.contains(&moved));
});

at_both!(who_gives_no_receipts_is_not_among_the_others, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let others = async || {
        let permit = reader(&alice, &lobby);
        let read = archive.store.read(move |conn| Box::pin(async move { marks::others(conn, &permit, 10).await }));
        Result::<_, Fault>::unwrap(read.await)
    };
    assert_eq!(others().await, [MemberMarks { member: bob.id, marks: at(2, 2) }]);
    let set = async |on| {
        let set = archive
            .store
            .write(Lane::One(Stream::User(bob.id)), move |tx| Box::pin(users::set_receipts(tx, bob.id, on, NOW)));
        Result::<(), Fault>::unwrap(set.await);
    };
    set(false).await;
    set(false).await;
    assert_eq!(others().await, []);
    let gives = archive.store.read(move |conn| Box::pin(users::gives_receipts(conn, bob.id)));
    assert!(!gives.await.unwrap());
    set(true).await;
    assert_eq!(others().await.len(), 1);
    let told: Vec<_> = log(&archive, Stream::User(bob.id), 1).await.into_iter().map(|event| event.change).collect();
    assert_eq!(told, [Change::ReceiptsSet { on: false }, Change::ReceiptsSet { on: true }], "only what was news");
});
