//! What somebody keeps for themselves: messages that they saved or that name them, and rooms that they want to see as unread.

use model::{Change, Mention, Person, RoomPrefs, Said, Seq, Stream, Timestamp};
use store::{
    Fault, Lane, members,
    mentions::{self, Naming},
    messages, room_prefs,
    saved::{self, Saved},
};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{body, key, lobby, log, permit, post, reader, standing},
    conversation::delete,
};

async fn save(archive: &Archive, who: &Person, room: &model::Room, seq: Seq, on: bool) {
    let permit = reader(who, room);
    let set = archive.store.write(Lane::Many(Stream::Room(room.id)), move |tx| {
        Box::pin(async move {
            assert_ne!(saved::stands(tx, &permit, seq).await?, on);
            saved::set(tx, &permit, (seq, on), NOW).await
        })
    });
    Result::<(), Fault>::unwrap(set.await);
}

async fn page(archive: &Archive, who: &Person, before: u64, limit: usize) -> Vec<Saved> {
    let who = who.id;
    let page =
        archive.store.read(move |conn| Box::pin(async move { saved::page(conn, who, Seq::new(before), limit).await }));
    Result::<_, Fault>::unwrap(page.await)
}

async fn unread(archive: &Archive, who: &Person, room: &model::Room, seq: Seq, on: bool) {
    let permit = reader(who, room);
    let set = archive.store.write(Lane::One(Stream::User(who.id)), move |tx| {
        Box::pin(async move { room_prefs::set_unread(tx, &permit, (seq, on), NOW).await })
    });
    Result::<(), Fault>::unwrap(set.await);
}

async fn leave(archive: &Archive, who: &Person, room: &model::Room) {
    let (who, room) = (who.clone(), room.id);
    let left = archive.store.write(Lane::Many(Stream::Room(room)), move |tx| {
        Box::pin(async move { members::leave(tx, room, &who, NOW).await })
    });
    assert!(Result::<_, Fault>::unwrap(left.await));
}

/// Says something that names these; nobody: everybody.
async fn names(archive: &Archive, author: &Person, room: &model::Room, k: &str, who: &[Option<&Person>]) -> Seq {
    let (author, room, k) = (author.clone(), room.clone(), key(k));
    let word = |person: Option<&Person>| person.map_or("room".to_owned(), |person| person.name.key());
    let mentions = who.iter().map(|person| Mention { word: word(*person), person: person.cloned() }).collect();
    let posted = archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
        Box::pin(async move {
            let said = Said { mentions, ..Said::new(author.clone(), k, body("you")) };
            messages::append(tx, permit(&author, &room), said, None, NOW).await
        })
    });
    Result::<_, Fault>::unwrap(posted.await).unwrap().seq
}

async fn naming(archive: &Archive, who: &Person, before: Option<Naming>, limit: usize) -> Vec<Naming> {
    let who = who.id;
    let found =
        archive.store.read(move |conn| Box::pin(async move { mentions::naming(conn, who, before, limit).await }));
    Result::<_, Fault>::unwrap(found.await)
}

at_both!(what_is_saved_is_listed_by_turn_and_told_to_its_person_alone, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let mut seqs = Vec::new();
    for n in 0..4 {
        seqs.push(post(&archive, &alice, &lobby, &format!("k{n}"), "stone").await.seq);
    }
    let before = log(&archive, Stream::User(bob.id), 0).await.len();
    for n in [2, 0, 3] {
        save(&archive, &bob, &lobby, seqs[n], true).await;
    }
    let listed = |page: Vec<Saved>| page.into_iter().map(|one| one.message).collect::<Vec<_>>();
    assert_eq!(listed(page(&archive, &bob, 1 << 40, 10).await), [seqs[3], seqs[0], seqs[2]]);
    let first = page(&archive, &bob, 1 << 40, 2).await;
    assert_eq!(listed(page(&archive, &bob, first[1].turn.number(), 2).await), [seqs[2]]);
    assert!(page(&archive, &alice, 1 << 40, 10).await.is_empty());
    let mut saved = vec![seqs[0], seqs[2], seqs[3]];
    assert_eq!(standing(&archive, &bob, &lobby).await.saved, saved);

    // What is deleted is saved by nobody; what is let go of is saved no more.
    save(&archive, &alice, &lobby, seqs[0], true).await;
    delete(&archive, &alice, &lobby, seqs[0]).await;
    save(&archive, &bob, &lobby, seqs[3], false).await;
    saved = vec![seqs[2]];
    assert_eq!(standing(&archive, &bob, &lobby).await.saved, saved);
    assert!(page(&archive, &alice, 1 << 40, 10).await.is_empty());
    let told: Vec<_> =
        log(&archive, Stream::User(bob.id), 0).await.into_iter().skip(before).map(|e| e.change).collect();
    let news = [(seqs[2], true), (seqs[0], true), (seqs[3], true), (seqs[3], false)];
    assert_eq!(told, news.map(|(message, on)| Change::SavedSet { room: lobby.id, message, on }));

    leave(&archive, &bob, &lobby).await;
    assert!(page(&archive, &bob, 1 << 40, 10).await.is_empty(), "nobody has anything of a room that they left");
});

at_both!(a_room_is_marked_unread_until_that_very_mark_is_taken_away, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let [first, second] =
        [post(&archive, &alice, &lobby, "a", "one").await.seq, post(&archive, &alice, &lobby, "b", "two").await.seq];
    let before = standing(&archive, &bob, &lobby).await;
    let logged = log(&archive, Stream::User(bob.id), 0).await.len();
    let turns = [(first, true, Some(first)), (first, true, Some(first)), (second, true, Some(second))];
    let turns = turns.into_iter().chain([(first, false, Some(second)), (second, false, None), (second, false, None)]);
    for (seq, on, expected) in turns {
        unread(&archive, &bob, &lobby, seq, on).await;
        assert_eq!(standing(&archive, &bob, &lobby).await.prefs.unread_from, expected);
    }
    let after = standing(&archive, &bob, &lobby).await;
    assert_eq!((after.marks, after.unread), (before.marks, before.unread), "marks know nothing of it");
    assert_eq!(standing(&archive, &alice, &lobby).await.prefs, RoomPrefs::default());
    let told: Vec<_> =
        log(&archive, Stream::User(bob.id), 0).await.into_iter().skip(logged).map(|e| e.change).collect();
    let prefs = [Some(first), Some(second), None].map(|unread_from| RoomPrefs { unread_from, ..RoomPrefs::default() });
    assert_eq!(told, prefs.map(|prefs| Change::RoomPrefsSet { room: lobby.id, prefs }));
});

at_both!(who_is_named_finds_it_once_and_only_where_they_are, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let first = names(&archive, &alice, &lobby, "a", &[Some(&bob)]).await;
    let both = names(&archive, &alice, &lobby, "b", &[Some(&bob), None]).await;
    names(&archive, &bob, &lobby, "c", &[None]).await;
    let all = names(&archive, &alice, &lobby, "d", &[None]).await;
    names(&archive, &bob, &lobby, "e", &[Some(&alice)]).await;
    let found = naming(&archive, &bob, None, 10).await;
    assert_eq!(found.iter().map(|one| one.message).collect::<Vec<_>>(), [all, both, first]);
    let mut paged = Vec::new();
    while let Some(one) = naming(&archive, &bob, paged.last().copied(), 1).await.pop() {
        paged.push(one);
    }
    assert_eq!(paged, found, "page by page the same, though all were said in one moment");
    delete(&archive, &alice, &lobby, both).await;
    assert_eq!(naming(&archive, &bob, None, 10).await.len(), 2);
    leave(&archive, &bob, &lobby).await;
    assert!(naming(&archive, &bob, None, 10).await.is_empty());
    let (room, member) = (lobby.clone(), bob.clone());
    let back = archive.store.write(Lane::Many(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move { members::join(tx, &room, &member, Timestamp::from_ms(NOW.as_ms() + 1)).await })
    });
    assert!(Result::<_, Fault>::unwrap(back.await));
    let found = naming(&archive, &bob, None, 10).await;
    assert_eq!(found.iter().map(|one| one.message).collect::<Vec<_>>(), [first], "everybody was others then");
});

at_both!(the_first_message_of_a_moment_is_found_among_all, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let mut said = Vec::new();
    for n in 0..40_i64 {
        let at = Timestamp::from_ms(NOW.as_ms() + n / 2 * 10);
        let (author, room) = (alice.clone(), lobby.clone());
        let posted = archive.store.write(Lane::One(Stream::Room(lobby.id)), move |tx| {
            Box::pin(async move {
                let said = Said::new(author.clone(), key(&format!("k{n}")), body("stone"));
                messages::append(tx, permit(&author, &room), said, None, at).await
            })
        });
        said.push((Result::<_, Fault>::unwrap(posted.await).unwrap().seq, at));
        if n % 7 == 0 {
            delete(&archive, &alice, &lobby, said[said.len() - 1].0).await;
        }
    }
    let end = said.last().unwrap().0.next();
    for ms in (-5..205).step_by(5) {
        let (at, permit) = (Timestamp::from_ms(NOW.as_ms() + ms), reader(&alice, &lobby));
        let found = archive.store.read(move |conn| {
            Box::pin(async move {
                let place = messages::first_at(conn, &permit, at, end).await?;
                let last = Seq::new(place.number().saturating_sub(1));
                Ok::<_, Fault>(messages::after(conn, &permit, last, 1).await?.messages.pop().map(|first| first.seq))
            })
        });
        let expected = said.iter().find(|(_, then)| *then >= at).map(|(seq, _)| *seq);
        assert_eq!(found.await.unwrap(), expected, "{ms}");
    }
});
