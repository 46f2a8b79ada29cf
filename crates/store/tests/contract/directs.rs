//! Direct chats: one for the same people, hidden from all others.

use model::{Change, Marks, Seq, Stream, Visibility};
use store::{Fault, directs, members, rooms};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{account, direct, lobby, log, post, standing},
};

at_both!(the_same_people_have_one_direct_chat, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let carol = account(&archive, "carol").await;
    let pair = direct(&archive, &[&alice, &bob]).await;
    assert_eq!((pair.name.as_str(), pair.visibility), ("alice, bob", Visibility::Direct));
    assert_eq!(pair.people, [alice.clone(), bob.clone()]);
    assert_eq!(direct(&archive, &[&alice, &bob]).await, pair);
    let others = [
        direct(&archive, &[&alice]).await.id,
        direct(&archive, &[&alice, &carol]).await.id,
        direct(&archive, &[&alice, &bob, &carol]).await.id,
    ];
    assert!(!others.contains(&pair.id));
    let people = [alice, bob];
    let found = archive.store.read(move |conn| {
        Box::pin(
            async move { Ok::<_, Fault>((directs::find(conn, &people).await?, rooms::find(conn, pair.id).await?)) },
        )
    });
    assert_eq!(found.await.unwrap(), (Some(pair.clone()), Some(pair)));
});

at_both!(a_direct_chat_opened_by_many_at_once_is_one, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let carol = account(&archive, "carol").await;
    // Three chats with overlapping people, each from every lane: whoever took streams in another order would wait for ever.
    let chats = [vec![&alice, &bob], vec![&bob, &carol], vec![&alice, &bob, &carol]];
    let opens = (0..30).map(|n| {
        let people: Vec<_> = chats[n % 3].iter().map(|person| (*person).clone()).collect();
        let lane = store::Lane::Many(Stream::User(people[n % people.len()].id));
        archive.store.write(lane, move |tx| Box::pin(async move { directs::open(tx, people, NOW).await }))
    });
    let opened: Vec<_> = futures_util::future::join_all(opens).await.into_iter().map(Result::unwrap).collect();
    for (n, room) in opened.iter().enumerate() {
        assert_eq!(room, &opened[n % 3]);
    }
    for (person, chats) in [(&alice, 2), (&bob, 3), (&carol, 2)] {
        let told = log(&archive, Stream::User(person.id), 0).await;
        let of_directs = told.iter().filter(
            |event| matches!(&event.change, Change::RoomJoined { room, .. } if room.visibility == Visibility::Direct),
        );
        assert_eq!(of_directs.count(), chats, "{told:?}");
    }
});

at_both!(a_direct_chat_is_told_with_its_people, async |mut archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    assert!(archive.feed.next().await.is_some());
    let pair = direct(&archive, &[&alice, &bob]).await;
    let Some(store::Fed::Committed(fed)) = archive.feed.next().await else { panic!("nothing was fed") };
    assert_eq!(fed.iter().map(|event| event.stream).collect::<Vec<_>>(), [alice.id, bob.id].map(Stream::User));
    for event in fed {
        assert_eq!(event.change, Change::RoomJoined { room: pair.clone(), head: Seq::ZERO });
        assert_eq!(log(&archive, event.stream, event.seq.number() - 1).await, [event]);
    }
    post(&archive, &alice, &pair, "k", "only you").await;
    let standing = standing(&archive, &bob, &pair).await;
    assert_eq!((standing.room, standing.head, standing.marks), (pair, Seq::new(1), Marks::default()));
    assert_eq!((standing.unread, standing.last_at), (1, Some(NOW)));
});

at_both!(no_directory_has_direct_chats, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    direct(&archive, &[&alice, &bob]).await;
    for prefix in ["", "alice"] {
        let listed = archive.store.read(move |conn| Box::pin(rooms::directory(conn, alice.id, prefix, 10)));
        let listed: Vec<_> =
            listed.await.unwrap().into_iter().map(|listed| listed.room.name.as_str().to_owned()).collect();
        assert_eq!(listed, if prefix.is_empty() { vec!["lobby"] } else { Vec::new() });
    }
    let rooms = archive.store.read(move |conn| Box::pin(members::rooms_of(conn, alice.id))).await.unwrap();
    assert_eq!(rooms.iter().map(|s| s.room.name.as_str()).collect::<Vec<_>>(), ["alice, bob", "lobby"]);
});
