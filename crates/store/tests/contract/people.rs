//! Who is known to whom, and when they were last there.

use model::{Person, UserId};
use store::{Fault, Lane, users};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{account, direct, lobby},
};

async fn page(
    archive: &Archive,
    asker: &Person,
    prefix: &'static str,
    after: i64,
    limit: usize,
) -> Vec<(String, bool)> {
    let asker = asker.id;
    let read = archive
        .store
        .read(move |conn| Box::pin(async move { users::page(conn, asker, prefix, UserId::new(after), limit).await }));
    let known: Result<Vec<_>, Fault> = read.await;
    known.unwrap().into_iter().map(|known| (known.person.name.as_str().to_owned(), known.shared)).collect()
}

at_both!(people_are_found_by_the_beginning_of_their_names, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    for name in ["Alma", "ALBERT", "zoë"] {
        account(&archive, name).await;
    }
    let row = |name: &str, shared| (name.to_owned(), shared);
    let all = [row("alice", true), row("bob", true), row("Alma", false), row("ALBERT", false), row("zoë", false)];
    assert_eq!(page(&archive, &alice, "", 0, 10).await, all);
    assert_eq!(page(&archive, &alice, "", bob.id.number(), 2).await, all[2..4]);
    assert_eq!(page(&archive, &alice, "al", 0, 10).await, [all[0].clone(), all[2].clone(), all[3].clone()]);
    assert_eq!(page(&archive, &alice, "zoë", 0, 10).await, all[4..]);
    assert_eq!(page(&archive, &alice, "%", 0, 10).await, []);
});

at_both!(only_who_shares_a_room_is_known_to_have_been_there, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let mut strangers = Vec::new();
    for name in ["carol", "dave", "mallory"] {
        strangers.push(account(&archive, name).await);
    }
    let [carol, dave, mallory] = &strangers[..] else { panic!("three") };
    direct(&archive, &[&alice, carol]).await;
    direct(&archive, &[dave]).await;
    let seen = async |who: &Person, ms| {
        let who = who.id;
        let noted = archive.store.write(Lane::Any, move |tx| Box::pin(users::note_seen(tx, who, NOW.plus_ms(ms))));
        Result::<(), Fault>::unwrap(noted.await);
    };
    seen(&bob, 5).await;
    seen(&bob, 3).await;
    seen(dave, 9).await;
    // More than one statement takes, with repeats and with nobody.
    let mut asked: Vec<_> = (100..160).map(UserId::new).collect();
    asked.extend([bob.id, carol.id, dave.id, mallory.id]);
    let read = archive.store.read(move |conn| Box::pin(async move { users::shared(conn, alice.id, &asked).await }));
    let mut shared: Vec<_> = Result::<_, Fault>::unwrap(read.await);
    shared.sort();
    assert_eq!(shared, [(bob.id, Some(NOW.plus_ms(5))), (carol.id, None)]);
});
