//! Whom people ignore and block: theirs alone, told to their own devices, and what it keeps from others.

use model::{Change, Person, Regard, Regarded, Stream, UserId, limits::REGARDED_MAX};
use store::{Fault, Lane, regards, users};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{lobby, log},
};

async fn set(archive: &Archive, who: &Person, person: &Person, regard: Regard) -> bool {
    let (user, what) = (who.id, Regarded { person: person.clone(), regard });
    let set = archive.store.write(Lane::One(Stream::User(user)), move |tx| {
        Box::pin(async move { regards::set(tx, user, what, NOW).await })
    });
    Result::<_, Fault>::unwrap(set.await)
}

async fn list(archive: &Archive, who: &Person) -> Vec<Regarded> {
    let user = who.id;
    Result::<_, Fault>::unwrap(archive.store.read(move |conn| Box::pin(regards::of(conn, user))).await)
}

async fn part(archive: &Archive, one: &Person, other: &Person) -> bool {
    let (one, other) = (one.id, other.id);
    Result::<_, Fault>::unwrap(archive.store.read(move |conn| Box::pin(regards::part(conn, one, other))).await)
}

async fn shares(archive: &Archive, asker: &Person, with: &Person) -> bool {
    let (asker, people) = (asker.id, [with.id]);
    let shared = archive.store.read(move |conn| Box::pin(async move { users::shared(conn, asker, &people).await }));
    !Result::<_, Fault>::unwrap(shared.await).is_empty()
}

at_both!(how_somebody_is_regarded_is_kept_and_told_once, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let before = log(&archive, Stream::User(alice.id), 0).await.len();
    let steps = [Regard::Open, Regard::Ignored, Regard::Ignored, Regard::Blocked, Regard::Open, Regard::Blocked];
    for regard in steps {
        assert!(set(&archive, &alice, &bob, regard).await);
        let kept = Some(Regarded { person: bob.clone(), regard }).filter(|_| regard != Regard::Open);
        assert_eq!(list(&archive, &alice).await, kept.into_iter().collect::<Vec<_>>());
        for (one, other) in [(&alice, &bob), (&bob, &alice)] {
            assert_eq!(part(&archive, one, other).await, regard == Regard::Blocked);
        }
        assert_eq!(
            shares(&archive, &bob, &alice).await,
            regard != Regard::Blocked,
            "who is blocked does not see her come"
        );
        assert!(shares(&archive, &alice, &bob).await);
    }
    assert_eq!(list(&archive, &bob).await, []);
    let told = log(&archive, Stream::User(alice.id), 0).await;
    let told: Vec<_> = told.into_iter().skip(before).map(|event| event.change).collect();
    let news = [Regard::Ignored, Regard::Blocked, Regard::Open, Regard::Blocked];
    assert_eq!(told, news.map(|regard| Change::RegardSet(Regarded { person: bob.clone(), regard })));
});

at_both!(nobody_ignores_people_without_end, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    archive
        .store
        .write(Lane::Any, move |tx| {
            Box::pin(async move {
                for n in 0..REGARDED_MAX {
                    let user = users::NewUser {
                        username: model::Username::kept(format!("other{n}")),
                        password: model::PasswordHash::new("$".into()),
                        admin: false,
                    };
                    let person = users::insert(tx, &user, NOW).await?.unwrap();
                    assert!(regards::set(tx, alice.id, Regarded { person, regard: Regard::Ignored }, NOW).await?);
                }
                let more = Regarded { person: bob.clone(), regard: Regard::Ignored };
                assert!(!regards::set(tx, alice.id, more, NOW).await?);
                let listed = regards::of(tx, alice.id).await?;
                assert_eq!(listed.len(), REGARDED_MAX);
                // One who is ignored already is blocked all the same.
                let first = Regarded { regard: Regard::Blocked, ..listed[0].clone() };
                assert!(regards::set(tx, alice.id, first, NOW).await?);
                assert_eq!(regards::find(tx, alice.id, UserId::new(0)).await?, Regard::Open);
                Result::<(), Fault>::Ok(())
            })
        })
        .await
        .unwrap();
});
