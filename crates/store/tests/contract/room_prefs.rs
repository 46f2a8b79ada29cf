//! What people want of a room: theirs alone, told to their own devices, and gone when they leave.

use model::{Change, Notify, Person, RoomPrefs, RoomWish, Stream};
use store::{Fault, Lane, members, room_prefs};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{lobby, log, reader, standing},
};

async fn set(archive: &Archive, who: &Person, room: &model::Room, wish: RoomWish) {
    let permit = reader(who, room);
    let set = archive.store.write(Lane::One(Stream::User(who.id)), move |tx| {
        Box::pin(async move { room_prefs::set(tx, &permit, wish, NOW).await })
    });
    Result::<(), Fault>::unwrap(set.await);
}

fn told_of(notify: Notify) -> RoomWish {
    RoomWish { notify: Some(notify), favourite: None }
}

fn favourite(favourite: bool) -> RoomWish {
    RoomWish { notify: None, favourite: Some(favourite) }
}

at_both!(a_change_of_one_thing_leaves_the_other_as_it_is, async |archive: Archive| {
    let (_, bob, lobby) = lobby(&archive).await;
    let before = log(&archive, Stream::User(bob.id), 0).await.len();
    for wish in [favourite(true), told_of(Notify::Mentions), favourite(true), favourite(false), RoomWish::default()] {
        let expected = wish.upon(standing(&archive, &bob, &lobby).await.prefs);
        set(&archive, &bob, &lobby, wish).await;
        assert_eq!(standing(&archive, &bob, &lobby).await.prefs, expected);
    }
    let told: Vec<_> =
        log(&archive, Stream::User(bob.id), 0).await.into_iter().skip(before).map(|e| e.change).collect();
    let news = [(Notify::All, true), (Notify::Mentions, true), (Notify::Mentions, false)];
    let prefs = news.map(|(notify, favourite)| RoomPrefs { notify, favourite, unread_from: None });
    assert_eq!(told, prefs.map(|prefs| Change::RoomPrefsSet { room: lobby.id, prefs }));
});

at_both!(what_somebody_wants_of_a_room_is_kept_and_told_once, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    assert_eq!(standing(&archive, &bob, &lobby).await.prefs, RoomPrefs::default());
    let before = log(&archive, Stream::User(bob.id), 0).await.len();
    for notify in [Notify::All, Notify::Mentions, Notify::Mentions, Notify::Nothing, Notify::All, Notify::Nothing] {
        set(&archive, &bob, &lobby, told_of(notify)).await;
        assert_eq!(standing(&archive, &bob, &lobby).await.prefs, RoomPrefs { notify, ..RoomPrefs::default() });
    }
    assert_eq!(standing(&archive, &alice, &lobby).await.prefs, RoomPrefs::default(), "each for themselves");
    let told: Vec<_> =
        log(&archive, Stream::User(bob.id), 0).await.into_iter().skip(before).map(|e| e.change).collect();
    let news = [Notify::Mentions, Notify::Nothing, Notify::All, Notify::Nothing];
    assert_eq!(
        told,
        news.map(|notify| Change::RoomPrefsSet { room: lobby.id, prefs: RoomPrefs { notify, ..RoomPrefs::default() } })
    );
});

at_both!(who_leaves_and_comes_back_begins_anew, async |archive: Archive| {
    let (_, bob, lobby) = lobby(&archive).await;
    set(&archive, &bob, &lobby, told_of(Notify::Nothing)).await;
    let (room, member) = (lobby.clone(), bob.clone());
    let left = archive.store.write(Lane::Many(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move { members::leave(tx, room.id, &member, NOW).await })
    });
    assert!(Result::<_, Fault>::unwrap(left.await));
    let told = log(&archive, Stream::User(bob.id), 0).await.len();
    set(&archive, &bob, &lobby, told_of(Notify::Mentions)).await;
    assert_eq!(log(&archive, Stream::User(bob.id), 0).await.len(), told, "nobody who is outside wants anything");
    let (room, member) = (lobby.clone(), bob.clone());
    let back = archive.store.write(Lane::Many(Stream::Room(lobby.id)), move |tx| {
        Box::pin(async move { members::join(tx, &room, &member, NOW).await })
    });
    assert!(Result::<_, Fault>::unwrap(back.await));
    assert_eq!(standing(&archive, &bob, &lobby).await.prefs, RoomPrefs::default());
});
