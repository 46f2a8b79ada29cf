//! What people tell of themselves, who hears of it, and the names that they gave up.

use model::{
    Change, Line, Person, Profile, SetProfile, Status, Stream, Timestamp, UserId, Username, limits::FORMER_NAME_MS,
};
use store::{
    Fault, Lane, members,
    profiles::{self, Telling},
    users,
};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{account, direct, history, lobby, log, person, post},
};

fn line(text: &str) -> Line {
    Line::kept(text.to_owned())
}

fn called(display: &str) -> SetProfile {
    SetProfile { username: None, display: Some(line(display)), profile: Profile::default() }
}

fn renamed(username: &str) -> SetProfile {
    SetProfile { username: Some(Username::parse(username).unwrap()), display: None, profile: Profile::default() }
}

async fn set(archive: &Archive, who: &Person, wish: SetProfile, at: Timestamp) -> Telling {
    let who = who.id;
    let lane = Lane::Many(Stream::User(who));
    let told = archive.store.write(lane, move |tx| Box::pin(profiles::set(tx, who, wish, at)));
    Result::<_, Fault>::unwrap(told.await)
}

async fn card(archive: &Archive, asker: &Person, who: &Person) -> (users::Known, Profile) {
    let (asker, who) = (asker.id, who.id);
    let read = archive.store.read(move |conn| Box::pin(profiles::card(conn, asker, who)));
    Result::<_, Fault>::unwrap(read.await).unwrap()
}

at_both!(a_change_is_told_in_every_room_and_to_oneself, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let carol = account(&archive, "carol").await;
    post(&archive, &alice, &lobby, "k1", "hello").await;
    let chat = direct(&archive, &[&alice, &bob]).await;
    let apart = direct(&archive, &[&bob, &carol]).await;
    let heads =
        [log(&archive, Stream::Room(lobby.id), 0).await.len(), log(&archive, Stream::Room(apart.id), 0).await.len()];

    assert_eq!(set(&archive, &alice, called("Alice Liddell"), NOW).await, Telling::Told);
    let now = Person { display: Some(line("Alice Liddell")), version: 1, ..alice.clone() };
    let told = Change::ProfileSet { person: now.clone() };
    for stream in [Stream::Room(lobby.id), Stream::Room(chat.id), Stream::User(alice.id)] {
        assert_eq!(log(&archive, stream, 0).await.pop().unwrap().change, told);
    }
    assert_eq!(log(&archive, Stream::Room(lobby.id), 0).await.len(), heads[0] + 1);
    assert_eq!(log(&archive, Stream::Room(apart.id), 0).await.len(), heads[1], "she is not there");

    // Whatever is read now names her so, also what was written before.
    assert_eq!(history(&archive, &bob, &lobby, 1 << 40, 5).await[0].said.author, now);
    let read = archive.store.read(move |conn| Box::pin(members::page(conn, lobby.id, UserId::new(0), 5)));
    assert!(Result::<Vec<Person>, Fault>::unwrap(read.await).contains(&now));
    // The same once more is no news.
    assert_eq!(set(&archive, &alice, called("Alice Liddell"), NOW).await, Telling::Told);
    assert_eq!(log(&archive, Stream::Room(lobby.id), 0).await.len(), heads[0] + 1);
});

at_both!(all_of_a_profile_is_kept_and_told_to_who_shares_a_room, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let carol = account(&archive, "carol").await;
    let status = Status { text: line("On holiday"), emoji: Some(line("🏝️")), until: Some(NOW.plus_ms(9)) };
    let profile =
        Profile { about: Some(line("curiouser")), time_zone: Some(line("Europe/Vienna")), status: Some(status) };
    let wish = SetProfile { username: None, display: None, profile: profile.clone() };
    assert_eq!(set(&archive, &alice, wish, NOW).await, Telling::Told);
    for (asker, shared) in [(&alice, true), (&bob, true), (&carol, false)] {
        let (known, told) = card(&archive, asker, &alice).await;
        assert_eq!((known.shared, known.person.version, &told), (shared, 1, &profile));
    }
    let none = SetProfile { username: None, display: None, profile: Profile::default() };
    assert_eq!(set(&archive, &alice, none, NOW).await, Telling::Told);
    assert_eq!(card(&archive, &bob, &alice).await.1, Profile::default());
});

at_both!(a_former_name_is_nobody_elses_for_a_while, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    post(&archive, &alice, &lobby, "k1", "hello").await;
    assert_eq!(set(&archive, &alice, renamed("bob"), NOW).await, Telling::Taken);
    assert_eq!(set(&archive, &alice, called("B. Dodgson"), NOW).await, Telling::Told);
    assert_eq!(set(&archive, &alice, called("Bob"), NOW).await, Telling::Taken, "it looks like another's username");
    assert_eq!(set(&archive, &alice, renamed("liddell"), NOW).await, Telling::Told);
    assert_eq!(history(&archive, &bob, &lobby, 1 << 40, 5).await[0].said.author.name.as_str(), "liddell");

    let late = NOW.plus_ms(FORMER_NAME_MS);
    assert_eq!(set(&archive, &bob, renamed("ALICE"), NOW).await, Telling::Taken);
    let taken = archive.store.write(Lane::Any, |tx| Box::pin(person(tx, "alice")));
    assert_eq!(Result::<_, Fault>::unwrap(taken.await), None, "nor to a newcomer");
    // Its owner may have it back, and the next one is held in its place.
    assert_eq!(set(&archive, &alice, renamed("alice"), NOW).await, Telling::Told);
    assert_eq!(set(&archive, &bob, renamed("liddell"), NOW).await, Telling::Taken);
    assert_eq!(set(&archive, &bob, renamed("liddell"), late).await, Telling::Told);
    // Of each person the last three are held.
    for (name, ms) in [("ann", 1), ("beth", 2), ("cleo", 3), ("dora", 4)] {
        assert_eq!(set(&archive, &alice, renamed(name), late.plus_ms(ms)).await, Telling::Told);
    }
    assert_eq!(set(&archive, &bob, renamed("cleo"), late).await, Telling::Taken);
    assert_eq!(set(&archive, &bob, renamed("alice"), late).await, Telling::Told, "the fourth is free");
});
