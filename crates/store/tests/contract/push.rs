//! Devices that messages are pushed to: a session's own, and gone with it; and what people want of notices.

use model::{
    Change, Line, Marks, NoticePrefs, Notify, Person, PushId, Quiet, RoomWish, Scopes, Seq, Session, SessionId, Stream,
    Subscription, UserId, limits::PUSH_DEVICES_MAX,
};
use store::{
    Fault, Lane, Tx, notice_prefs,
    push::{self, Addressee, Health, Told},
    room_prefs, sessions,
};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{lobby, log, mark, post, reader, token},
};

async fn writes<T: Send + 'static>(
    archive: &Archive,
    body: impl for<'t> FnOnce(&'t mut Tx) -> store::BoxFuture<'t, Result<T, Fault>> + Send + 'static,
) -> T {
    archive.store.write(Lane::Any, body).await.unwrap()
}

/// A session of somebody's.
async fn session(archive: &Archive, who: &Person, byte: u8) -> Session {
    let person = who.clone();
    writes(archive, move |tx| {
        Box::pin(async move {
            let id = sessions::open(tx, person.id, token(byte), NOW).await?;
            Ok(Session { id, person, admin: false, scopes: Scopes::ALL })
        })
    })
    .await
}

fn subscription(endpoint: &str) -> Subscription {
    Subscription { endpoint: endpoint.to_owned(), public_key: vec![4; 65], auth: vec![7; 16] }
}

async fn subscribe(archive: &Archive, session: &Session, endpoint: &str) -> PushId {
    let (session, wish) = (session.clone(), subscription(endpoint));
    writes(archive, move |tx| Box::pin(async move { push::subscribe(tx, &session, wish, NOW).await })).await
}

async fn devices(archive: &Archive, who: UserId) -> Vec<Told> {
    archive.store.read::<_, Fault, _>(move |conn| Box::pin(push::of_user(conn, who, NOW))).await.unwrap()
}

async fn audience(archive: &Archive, room: &model::Room, head: u64) -> Vec<Addressee> {
    let room = room.id;
    let read = archive.store.read::<_, Fault, _>(move |conn| Box::pin(push::audience(conn, room, Seq::new(head), NOW)));
    read.await.unwrap()
}

at_both!(a_device_is_its_session_s_and_ends_with_it, async |archive: Archive| {
    let (alice, bob, _) = lobby(&archive).await;
    let (phone, desk) = (session(&archive, &bob, 1).await, session(&archive, &bob, 2).await);
    let first = subscribe(&archive, &phone, "https://push.example/phone").await;
    assert_eq!(subscribe(&archive, &phone, "https://push.example/phone").await, first, "the same again is the same");
    let other = subscribe(&archive, &phone, "https://push.example/other").await;
    assert_eq!(devices(&archive, bob.id).await.iter().map(|told| told.device.id).collect::<Vec<_>>(), [other]);
    subscribe(&archive, &desk, "https://push.example/desk").await;
    assert_eq!(devices(&archive, bob.id).await.len(), 2);
    // The browser's next person.
    let hers = session(&archive, &alice, 3).await;
    subscribe(&archive, &hers, "https://push.example/desk").await;
    assert_eq!((devices(&archive, bob.id).await.len(), devices(&archive, alice.id).await.len()), (1, 1));
    let ended = hers.clone();
    writes(&archive, move |tx| Box::pin(async move { sessions::close(tx, ended.person.id, ended.id, NOW).await }))
        .await;
    assert_eq!(devices(&archive, alice.id).await, []);
    let late = NOW.plus_ms(model::limits::SESSION_IDLE_MS + 1);
    let (id, seq) = (bob.id, Seq::new(9));
    let none = archive.store.read::<_, Fault, _>(move |conn| Box::pin(push::of_user(conn, id, late))).await;
    assert_eq!(none.unwrap(), [], "nothing is pushed to a session that is over");
    let not_hers = writes(&archive, move |tx| Box::pin(push::unsubscribe(tx, alice.id, other))).await;
    let wanted = archive
        .store
        .read::<_, Fault, _>(move |conn| Box::pin(push::is_wanted(conn, other, model::RoomId::new(1), seq)))
        .await;
    assert_eq!((not_hers, wanted.unwrap()), (false, true));
    assert!(writes(&archive, move |tx| Box::pin(push::unsubscribe(tx, id, other))).await);
    for byte in 0..=u8::try_from(PUSH_DEVICES_MAX).unwrap() {
        let one = session(&archive, &bob, 100 + byte).await;
        subscribe(&archive, &one, &format!("https://push.example/{byte}")).await;
    }
    let all = devices(&archive, bob.id).await;
    assert_eq!((all.len(), all[0].device.subscription.endpoint.as_str()), (PUSH_DEVICES_MAX, "https://push.example/1"));
});

at_both!(who_wants_to_know_and_has_not_read_is_the_audience, async |archive: Archive| {
    let (alice, bob, lobby) = lobby(&archive).await;
    let (hers, his) = (session(&archive, &alice, 1).await, session(&archive, &bob, 2).await);
    subscribe(&archive, &hers, "https://push.example/hers").await;
    let phone = subscribe(&archive, &his, "https://push.example/his").await;
    let seq = post(&archive, &alice, &lobby, "k", "hello").await.seq;
    let all = audience(&archive, &lobby, seq.number()).await;
    assert_eq!(all.iter().map(|to| to.device.user).collect::<Vec<_>>(), [alice.id, bob.id]);
    assert_eq!(all[1].device.subscription, subscription("https://push.example/his"));
    assert_eq!((all[1].notify, &all[1].notices), (Notify::All, &NoticePrefs::default()));
    assert!(all[1].read < seq);
    mark(&archive, &bob, &lobby, Marks::at(seq), true).await;
    assert_eq!(audience(&archive, &lobby, seq.number()).await.len(), 1);
    let still = archive.store.read::<_, Fault, _>(move |conn| Box::pin(push::is_wanted(conn, phone, lobby.id, seq)));
    assert!(!still.await.unwrap());
    let (_, _, lobby) = (&alice, &bob, &lobby);
    let later = post(&archive, &alice, lobby, "k2", "more").await.seq;
    assert_eq!(audience(&archive, lobby, later.number()).await.len(), 2);
    let permit = reader(&bob, lobby);
    let nothing = RoomWish { notify: Some(Notify::Nothing), ..RoomWish::default() };
    writes(&archive, move |tx| Box::pin(async move { room_prefs::set(tx, &permit, nothing, NOW).await })).await;
    assert_eq!(audience(&archive, lobby, later.number()).await.len(), 1);
});

at_both!(what_became_of_pushes_is_kept, async |archive: Archive| {
    let (_, bob, _) = lobby(&archive).await;
    let his = session(&archive, &bob, 2).await;
    let id = subscribe(&archive, &his, "https://push.example/his").await;
    let health = async || {
        let since = NOW.plus_ms(-1_000);
        archive.store.read::<_, Fault, _>(move |conn| Box::pin(push::health(conn, since, NOW))).await.unwrap()
    };
    let counts = |arrived, failed, silent| Health { devices: 1, arrived, failed, silent };
    assert_eq!(health().await, counts(0, 0, 0));
    writes(&archive, move |tx| Box::pin(push::note_sent(tx, id, NOW))).await;
    assert_eq!(health().await, counts(0, 0, 1));
    writes(&archive, move |tx| Box::pin(push::note_failed(tx, id, 403, NOW))).await;
    assert_eq!(devices(&archive, bob.id).await[0].failed, Some((NOW, 403)));
    writes(&archive, move |tx| Box::pin(push::note_sent(tx, id, NOW))).await;
    let (session, another) = (his.id, SessionId::new(99));
    assert!(!writes(&archive, move |tx| Box::pin(push::note_arrived(tx, another, id, NOW))).await);
    assert!(writes(&archive, move |tx| Box::pin(push::note_arrived(tx, session, id, NOW))).await);
    assert_eq!(health().await, counts(1, 0, 0));
    let told = devices(&archive, bob.id).await.remove(0);
    assert_eq!((told.sent_at, told.arrived_at, told.failed), (Some(NOW), Some(NOW), None));
    // Another address has taken its place meanwhile.
    writes(&archive, move |tx| Box::pin(push::forget(tx, id, "https://push.example/before"))).await;
    assert_eq!(devices(&archive, bob.id).await.len(), 1);
    writes(&archive, move |tx| Box::pin(push::forget(tx, id, "https://push.example/his"))).await;
    assert_eq!(devices(&archive, bob.id).await, []);
});

at_both!(the_first_key_stays, async |archive: Archive| {
    let find = async || archive.store.read::<_, Fault, _>(|conn| Box::pin(push::find_key(conn))).await.unwrap();
    assert_eq!(find().await, None);
    for key in [vec![1, 2, 3], vec![4]] {
        assert_eq!(writes(&archive, move |tx| Box::pin(push::keep_key(tx, key))).await, [1, 2, 3]);
    }
    assert_eq!(find().await, Some(vec![1, 2, 3]));
});

at_both!(what_somebody_wants_of_notices_is_kept_and_told_once, async |archive: Archive| {
    let (_, bob, _) = lobby(&archive).await;
    let quiet = |from| Quiet::between(from, 420, Line::kept("Europe/Vienna".into()));
    let wishes = [
        NoticePrefs { hidden: true, quiet: None },
        NoticePrefs { hidden: true, quiet: None },
        NoticePrefs { hidden: true, quiet: quiet(1_320) },
        NoticePrefs { hidden: false, quiet: quiet(0) },
        NoticePrefs::default(),
    ];
    let before = log(&archive, Stream::User(bob.id), 0).await.len();
    for wish in wishes.clone() {
        let (id, wanted) = (bob.id, wish.clone());
        writes(&archive, move |tx| Box::pin(notice_prefs::set(tx, id, wanted, NOW))).await;
        let kept = archive.store.read::<_, Fault, _>(move |conn| Box::pin(notice_prefs::find(conn, id))).await;
        assert_eq!(kept.unwrap(), wish);
    }
    let told = log(&archive, Stream::User(bob.id), 0).await.into_iter().skip(before).map(|event| event.change);
    let news = wishes.into_iter().skip(1).map(Change::NoticePrefsSet);
    assert!(told.eq(news));
});
