//! One suite, two engines: whatever the store promises, it promises on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod archive;
mod bots;
mod cast;
mod conversation;
mod custom_emoji;
mod directs;
mod files;
mod log;
mod marks;
mod people;
mod personal;
mod profiles;
mod push;
mod regards;
mod room_prefs;
mod search;
mod upgrade;

use archive::{Archive, NOW, Undone, at_both};
use cast::{body, history, key, lobby, name, permit, person, post, reader, token};
use model::{Change, Said, Seq, Stream, UserId, Username, Visibility, limits};
use store::{Fault, Fed, Lane, identity, invitations, members, messages, prepare_all, rooms, sessions, streams, users};

at_both!(every_statement_prepares, async |archive: Archive| {
    let prepared = archive.store.read(|conn| Box::pin(prepare_all(conn))).await.unwrap();
    // Of the two that list tables, each engine has its own.
    assert_eq!(prepared, archive::statements_in_the_source() - 1);
});

at_both!(a_new_database_is_stamped_once, async |archive: Archive| {
    assert!(archive.is_new);
    let epoch = archive.store.epoch().clone();
    let again = archive.reopen().await;
    assert!(!again.is_new);
    assert_eq!(again.store.epoch(), &epoch);
});

at_both!(names_that_look_alike_are_taken, async |archive: Archive| {
    let taken = archive.store.write(Lane::Any, |tx| {
        Box::pin(async move {
            let first = person(tx, "scope").await?.is_some();
            let others = [person(tx, "SCOPE").await?, person(tx, "ѕсоре").await?];
            Ok::<_, Fault>((first, others))
        })
    });
    assert_eq!(taken.await.unwrap(), (true, [None, None]));
    let found =
        archive.store.read(|conn| Box::pin(async move { users::find(conn, &Username::parse("Scope").unwrap()).await }));
    assert_eq!(found.await.unwrap().unwrap().name.as_str(), "scope");
});

at_both!(public_rooms_compete_for_names_and_private_ones_do_not, async |archive: Archive| {
    let made = archive.store.write(Lane::Any, |tx| {
        Box::pin(async move {
            let mut made = Vec::new();
            for (text, visibility) in [
                ("vault", Visibility::Public),
                ("VAULT", Visibility::Public),
                ("vault", Visibility::Private),
                ("vault", Visibility::Private),
            ] {
                made.push(rooms::insert(tx, &name(text), visibility, NOW).await?.is_some());
            }
            Ok::<_, Fault>(made)
        })
    });
    assert_eq!(made.await.unwrap(), [true, false, true, true]);
});

at_both!(messages_have_one_order_without_gaps, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    for n in 0..5 {
        let author = if n % 2 == 0 { &alice } else { &bob };
        let posted = post(&archive, author, &lobby, &format!("k{n}"), &format!("message {n}")).await;
        // Two people joined first: their events have places 1 and 2.
        assert_eq!(posted.seq, Seq::new(3 + n));
    }
    let page = history(&archive, &alice, &lobby, u64::MAX >> 1, 3).await;
    let texts: Vec<_> =
        page.iter().map(|m| (m.seq.number(), m.said.author.name.as_str(), m.said.text.as_str())).collect();
    assert_eq!(texts, [(5, "alice", "message 2"), (6, "bob", "message 3"), (7, "alice", "message 4")]);
    let after = {
        let permit = reader(&alice, &lobby);
        let page = archive
            .store
            .read(move |conn| Box::pin(async move { messages::after(conn, &permit, Seq::new(3), 2).await }));
        page.await.unwrap()
    };
    assert_eq!(after.messages.iter().map(|m| m.seq.number()).collect::<Vec<_>>(), [4, 5]);
});

at_both!(the_log_tells_the_same_as_the_feed, async |mut archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    post(&archive, &alice, &lobby, "k", "hello").await;
    let room = lobby.id;
    let left = archive.store.write(Lane::Many(Stream::Room(room)), move |tx| {
        Box::pin(async move { members::leave(tx, room, &bob, NOW).await })
    });
    assert!(left.await.unwrap());

    let mut fed = Vec::new();
    while fed.len() < 7 {
        match archive.feed.next().await {
            Some(Fed::Committed(events)) => fed.extend(events),
            other => panic!("{other:?}"),
        }
    }
    for stream in [Stream::Room(lobby.id), Stream::User(alice.id), Stream::User(UserId::new(2))] {
        let logged = archive
            .store
            .read(move |conn| Box::pin(async move { streams::events_since(conn, stream, Seq::ZERO, 100).await }));
        let told: Vec<_> = fed.iter().filter(|event| event.stream == stream).cloned().collect();
        assert!(!told.is_empty());
        assert_eq!(logged.await.unwrap(), told, "{stream}");
    }
    let first = &fed[0].change;
    assert!(matches!(first, Change::MemberJoined { member } if *member == alice), "{first:?}");
});

at_both!(what_is_refused_leaves_nothing, async |mut archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    assert!(matches!(archive.feed.next().await, Some(Fed::Committed(events)) if events.len() == 4));
    let (author, room) = (alice.clone(), lobby.clone());
    let refused = archive.store.write(Lane::One(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move {
            messages::append(tx, permit(&author, &room), Said::new(author, key("k"), body("never")), None, NOW).await?;
            Err::<(), _>(Undone)
        })
    });
    assert!(refused.await.is_err());
    let posted = post(&archive, &alice, &lobby, "k2", "after").await;
    assert_eq!(posted.seq, Seq::new(3), "the place of what was refused is given to the next");
    let Some(Fed::Committed(events)) = archive.feed.next().await else { panic!("nothing was fed") };
    assert_eq!(events.len(), 1, "what was refused was told: {events:?}");
    assert_eq!(events[0].seq, posted.seq);
});

at_both!(a_key_names_one_write_for_ever, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let posted = post(&archive, &alice, &lobby, "same", "hello").await;
    post(&archive, &bob, &lobby, "same", "another author's key").await;
    let again = archive.reopen().await;
    let found = again
        .store
        .read(move |conn| Box::pin(async move { messages::find_by_key(conn, alice.id, &key("same")).await }));
    let earlier = found.await.unwrap().unwrap();
    assert_eq!((earlier.posted, earlier.said), (posted, Some((body("hello"), Vec::new(), None))));
});

at_both!(the_same_key_at_once_is_kept_once, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    // The same key in two rooms, whose lanes may differ: the index decides.
    let room = archive.store.write(Lane::Any, |tx| {
        Box::pin(async move { rooms::insert(tx, &name("annex"), Visibility::Public, NOW).await })
    });
    let annex = room.await.unwrap().unwrap();
    let tries = (0..20).map(|n| {
        let (author, room) = (alice.clone(), if n % 2 == 0 { lobby.clone() } else { annex.clone() });
        archive.store.write(Lane::One(Stream::Room(room.id)), move |tx| {
            Box::pin(async move {
                let message = Said::new(author.clone(), key("once"), body("once"));
                // As the verb does: nothing stands when the key was taken.
                match messages::append(tx, permit(&author, &room), message, None, NOW).await? {
                    Some(posted) => Ok(posted),
                    None => Err(Undone),
                }
            })
        })
    });
    let kept = futures_util::future::join_all(tries).await.into_iter().flatten().count();
    assert_eq!(kept, 1);
    let pages =
        [history(&archive, &alice, &lobby, 1 << 40, 50).await, history(&archive, &alice, &annex, 1 << 40, 50).await];
    assert_eq!(pages.concat().len(), 1);
});

at_both!(many_writers_at_once_get_dense_places, async |mut archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let posts = (0..200).map(|n| {
        let (archive, alice, lobby) = (&archive, &alice, &lobby);
        async move { post(archive, alice, lobby, &format!("k{n}"), "x").await.seq.number() }
    });
    let mut places = futures_util::future::join_all(posts).await;
    places.sort_unstable();
    assert_eq!(places, (3..203).collect::<Vec<_>>());
    let mut fed = Vec::new();
    while fed.len() < 204 {
        let Some(Fed::Committed(events)) = archive.feed.next().await else { panic!("the feed ended") };
        fed.extend(events);
    }
    let order: Vec<_> = fed.iter().filter(|e| e.stream == Stream::Room(lobby.id)).map(|e| e.seq.number()).collect();
    assert_eq!(order, (1..203).collect::<Vec<_>>(), "the feed is in commit order");
});

at_both!(time_never_runs_backwards_in_a_stream, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let earlier = NOW.plus_ms(-60_000);
    let (author, room) = (alice.clone(), lobby.clone());
    let posted = archive.store.write(Lane::One(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move {
            messages::append(tx, permit(&author, &room), Said::new(author, key("k"), body("x")), None, earlier).await
        })
    });
    assert_eq!(posted.await.unwrap().unwrap().at, NOW);
});

at_both!(a_session_lives_until_it_is_closed_or_too_old, async |archive: Archive| {
    let alice = archive.store.write(Lane::Any, |tx| Box::pin(person(tx, "alice"))).await.unwrap().unwrap();
    let id =
        archive.store.write(Lane::Any, move |tx| Box::pin(sessions::open(tx, alice.id, token(1), NOW))).await.unwrap();
    let find = async |now| {
        let found = archive.store.read(move |conn| Box::pin(sessions::find(conn, token(1), now))).await;
        found.unwrap().map(|found| found.session)
    };
    let session = find(NOW).await.unwrap();
    assert_eq!((session.id, session.person.id, session.admin), (id, alice.id, false));
    assert!(find(NOW.plus_ms(limits::SESSION_IDLE_MS)).await.is_none());
    let later = NOW.plus_ms(limits::SESSION_IDLE_MS - 1);
    archive.store.write(Lane::Any, move |tx| Box::pin(sessions::touch(tx, id, later))).await.unwrap();
    assert!(find(NOW.plus_ms(limits::SESSION_IDLE_MS)).await.is_some());
    assert!(find(NOW.plus_ms(limits::SESSION_AGE_MS)).await.is_none());
    let closing = session.clone();
    let close = archive.store.write(Lane::One(Stream::User(alice.id)), move |tx| {
        Box::pin(async move { sessions::close(tx, closing.person.id, closing.id, NOW).await })
    });
    close.await.unwrap();
    assert!(find(NOW).await.is_none());
    let told =
        archive.store.read(move |conn| Box::pin(streams::events_since(conn, Stream::User(alice.id), Seq::ZERO, 10)));
    let told = told.await.unwrap();
    assert!(matches!(told[..], [ref event] if event.change == Change::SessionClosed { session: id }), "{told:?}");
});

at_both!(an_invitation_and_a_set_up_link_are_used_once, async |archive: Archive| {
    let alice = archive.store.write(Lane::Any, |tx| Box::pin(person(tx, "alice"))).await.unwrap().unwrap();
    let until = NOW.plus_ms(limits::SETUP_AGE_MS);
    let offers = archive.store.write(Lane::Any, move |tx| {
        Box::pin(async move {
            invitations::insert(tx, token(7), alice.id, NOW).await?;
            identity::keep_setup(tx, token(8), until).await
        })
    });
    offers.await.unwrap();
    let takes = (0..10).map(|_| {
        archive.store.write(Lane::Any, move |tx| {
            Box::pin(async move {
                let invited = invitations::take(tx, token(7), alice.id, NOW).await?;
                Ok::<_, Fault>((invited, identity::take_setup(tx, token(8), NOW).await?))
            })
        })
    });
    let results: Vec<_> = futures_util::future::join_all(takes).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(results.iter().filter(|(invited, _)| *invited).count(), 1);
    assert_eq!(results.iter().filter(|(_, set_up)| *set_up).count(), 1);
});

at_both!(the_directory_hides_private_rooms_from_outsiders, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let host = alice.clone();
    let made = archive.store.write(Lane::Any, |tx| {
        Box::pin(async move {
            let vault = rooms::insert(tx, &name("vault"), Visibility::Private, NOW).await?.unwrap();
            members::join(tx, &vault, &host, NOW).await?;
            rooms::insert(tx, &name("Lobby two"), Visibility::Public, NOW).await
        })
    });
    made.await.unwrap();
    let seen = async |who: UserId, prefix: &'static str| {
        let listed = archive.store.read(move |conn| Box::pin(rooms::directory(conn, who, prefix, 10))).await.unwrap();
        listed.into_iter().map(|l| (l.room.name.as_str().to_owned(), l.members, l.joined)).collect::<Vec<_>>()
    };
    let row = |name: &str, members, joined| (name.to_owned(), members, joined);
    assert_eq!(seen(alice.id, "").await, [row("lobby", 2, true), row("Lobby two", 0, false), row("vault", 1, true)]);
    assert_eq!(seen(bob.id, "").await, [row("lobby", 2, true), row("Lobby two", 0, false)]);
    assert_eq!(seen(bob.id, "lobby ").await, [row("Lobby two", 0, false)]);
    assert_eq!(seen(bob.id, "vault").await, []);
    assert_eq!(seen(bob.id, "%").await, []);
});

at_both!(a_newer_schema_and_another_product_are_refused, async |archive: Archive| {
    archive.run("INSERT INTO stonechat_schema (version, applied_at) VALUES (999, 0)");
    let refused = archive.try_reopen().await.err().map(|error| error.to_string()).unwrap();
    assert!(refused.contains("schema 999") && refused.contains("newer Stonechat"), "{refused}");
    archive.run("DROP TABLE stonechat_schema");
    let refused = archive.try_reopen().await.err().map(|error| error.to_string()).unwrap();
    assert!(refused.contains("belongs to another program"), "{refused}");
});

at_both!(a_panic_takes_its_own_writes_and_nobody_elses, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let (author, room) = (alice.clone(), lobby.clone());
    let panicked = archive.store.write::<(), Fault, _>(Lane::One(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move {
            messages::append(tx, permit(&author, &room), Said::new(author, key("k"), body("never")), None, NOW).await?;
            panic!("a job breaks");
        })
    });
    assert!(panicked.await.is_err());
    let posted = post(&archive, &alice, &lobby, "k", "after").await;
    assert_eq!(posted.seq, Seq::new(3));
    assert_eq!(history(&archive, &alice, &lobby, 1 << 40, 50).await.len(), 1);
});

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_this_accounts_eyes_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let archive = Archive::sqlite().await;
    lobby(&archive).await;
    let folder = archive.folder();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}
