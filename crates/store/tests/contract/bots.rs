//! Bots: their accounts, tokens and hooks, and how far each hook has told.

use model::{
    Change, HookId, HookKey, HookWish, Person, Room, Scope, Scopes, Seq, Stream, Timestamp, UserId, Username,
    limits::SESSION_AGE_MS,
};
use store::{
    BoxFuture, Conn, Fault, Lane, Tx, bots,
    hooks::{self, Turn},
    members, messages, sessions, users,
};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{direct, lobby, log, person, post, token},
};

async fn writes<T: Send + 'static>(
    archive: &Archive,
    body: impl for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, Fault>> + Send + 'static,
) -> T {
    archive.store.write(Lane::Any, body).await.unwrap()
}

async fn reads<T: Send + 'static>(
    archive: &Archive,
    body: impl for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, Fault>> + Send + 'static,
) -> T {
    archive.store.read(body).await.unwrap()
}

/// A bot of somebody's, in a room.
async fn rook(archive: &Archive, owner: &Person, room: &Room) -> Person {
    let (owner, room) = (owner.id, room.clone());
    writes(archive, move |tx| {
        Box::pin(async move {
            let name = Username::parse("rook").unwrap();
            let bot = users::insert_bot(tx, &name, owner, NOW).await?.unwrap();
            assert!(members::join(tx, &room, &bot, NOW).await?);
            Ok(bot)
        })
    })
    .await
}

async fn outgoing(archive: &Archive, bot: &Person, room: &Room, cursor: u64) -> HookId {
    let (place, wish) =
        ((bot.id, room.id), HookWish::Outgoing { url: "https://a.example/".into(), key: HookKey::new(vec![7; 32]) });
    writes(archive, move |tx| {
        Box::pin(async move { hooks::insert(tx, place, (wish, token(9)), Seq::new(cursor), NOW).await })
    })
    .await
}

async fn due(archive: &Archive, now: Timestamp) -> Vec<HookId> {
    reads(archive, move |conn| Box::pin(hooks::due(conn, now, 10))).await
}

async fn take(archive: &Archive, id: HookId, now: Timestamp) -> Option<Turn> {
    writes(archive, move |tx| Box::pin(hooks::take(tx, id, now, now.plus_ms(60_000)))).await
}

at_both!(a_bot_is_a_person_to_whom_nobody_logs_in, async |archive: Archive| {
    let (alice, bob, room) = lobby(&archive).await;
    let bot = rook(&archive, &alice, &room).await;
    assert!(bot.bot && !alice.bot);
    let (id, owner) = (bot.id, alice.id);
    let found = reads(&archive, move |conn| Box::pin(users::find_by_id(conn, id))).await;
    assert_eq!(found, Some(bot.clone()));
    let name = Username::parse("rook").unwrap();
    assert!(
        reads(&archive, move |conn| Box::pin(async move { users::find_credentials(conn, &name).await }))
            .await
            .is_none()
    );
    assert_eq!(writes(&archive, |tx| Box::pin(person(tx, "Rook"))).await, None, "its name is taken");
    assert_eq!(reads(&archive, move |conn| Box::pin(bots::of(conn, owner))).await, std::slice::from_ref(&bot));

    let scopes = Scopes::of(&[Scope::Read, Scope::Post]);
    let label = model::Line::kept("ci".into());
    writes(&archive, move |tx| {
        Box::pin(async move { sessions::open_token(tx, id, token(1), (&label, scopes), NOW).await })
    })
    .await;
    let late = NOW.plus_ms(10 * SESSION_AGE_MS);
    let found = reads(&archive, move |conn| Box::pin(sessions::find(conn, token(1), late))).await.unwrap();
    assert_eq!((found.session.scopes, found.session.person.id), (scopes, id));
    let user = bob.id;
    writes(&archive, move |tx| Box::pin(sessions::open(tx, user, token(2), NOW))).await;
    let found = reads(&archive, move |conn| Box::pin(sessions::find(conn, token(2), NOW))).await.unwrap();
    assert_eq!(found.session.scopes, Scopes::ALL);

    // Retired, it is in no room but its direct chats, and its sessions are told to close.
    let pair = direct(&archive, &[&alice, &bot]).await;
    outgoing(&archive, &bot, &room, 0).await;
    let head = log(&archive, Stream::User(id), 0).await.last().unwrap().seq.number();
    let gone = bot.clone();
    writes(&archive, move |tx| Box::pin(async move { bots::retire(tx, &gone, NOW).await })).await;
    let told: Vec<Change> = log(&archive, Stream::User(id), head).await.into_iter().map(|event| event.change).collect();
    assert!(matches!(told[..], [Change::RoomLeft { .. }, Change::SessionClosed { .. }]), "{told:?}");
    let rooms = reads(&archive, move |conn| Box::pin(members::rooms_of(conn, id))).await;
    assert_eq!(rooms.iter().map(|standing| standing.room.id).collect::<Vec<_>>(), [pair.id]);
    assert_eq!(reads(&archive, move |conn| Box::pin(bots::of(conn, owner))).await, []);
    assert_eq!(reads(&archive, move |conn| Box::pin(hooks::of(conn, id))).await, []);
    assert!(reads(&archive, move |conn| Box::pin(sessions::find(conn, token(1), NOW))).await.is_none());
});

at_both!(a_hook_has_one_turn_at_a_time_and_goes_on_where_it_was, async |archive: Archive| {
    let (alice, _, room) = lobby(&archive).await;
    let bot = rook(&archive, &alice, &room).await;
    let first = post(&archive, &alice, &room, "1", "one").await.seq;
    let id = outgoing(&archive, &bot, &room, first.number()).await;
    assert_eq!(due(&archive, NOW).await, []);
    let second = post(&archive, &alice, &room, "2", "two").await.seq;
    assert_eq!(due(&archive, NOW).await, [id]);
    let turn = take(&archive, id, NOW).await.unwrap();
    assert_eq!((turn.cursor, turn.tries, turn.key.reveal().len()), (first, 0, 32));
    assert_eq!(take(&archive, id, NOW.plus_ms(59_999)).await, None, "somebody is at it");
    assert_eq!(due(&archive, NOW).await, []);

    // It fails, and rests.
    let failed = turn.clone();
    writes(&archive, move |tx| {
        Box::pin(async move {
            hooks::note_failed(tx, &failed, 500, NOW).await?;
            hooks::let_go(tx, &failed, NOW.plus_ms(5_000)).await
        })
    })
    .await;
    let bot_id = bot.id;
    let seen = reads(&archive, move |conn| Box::pin(hooks::of(conn, bot_id))).await;
    assert_eq!(seen[0].failed, Some((NOW, 500, NOW.plus_ms(5_000))));
    assert_eq!(due(&archive, NOW.plus_ms(4_999)).await, []);
    let later = NOW.plus_ms(5_000);
    assert_eq!(due(&archive, later).await, [id]);
    let again = take(&archive, id, later).await.unwrap();
    assert_eq!((again.cursor, again.tries), (first, 1));

    // A turn that is over says nothing any more.
    let (stale, now) = (turn, again.clone());
    let told = writes(&archive, move |tx| {
        Box::pin(async move {
            let stale = hooks::tell(tx, &stale, second).await?;
            hooks::note_sent(tx, now.id, NOW).await?;
            Ok([stale, hooks::tell(tx, &now, second).await?])
        })
    })
    .await;
    assert_eq!(told, [false, true]);
    writes(&archive, move |tx| Box::pin(async move { hooks::let_go(tx, &again, Timestamp::from_ms(0)).await })).await;
    assert_eq!(due(&archive, later).await, []);
    let seen = reads(&archive, move |conn| Box::pin(hooks::of(conn, bot_id))).await;
    assert_eq!((seen[0].failed, seen[0].sent_at), (None, Some(NOW)));
    post(&archive, &alice, &room, "3", "three").await;
    assert_eq!(take(&archive, id, later).await.unwrap().tries, 0);

    // Its turn is nobody's business when the bot has left.
    let (member, place) = (bot.clone(), room.id);
    writes(&archive, move |tx| Box::pin(async move { members::leave(tx, place, &member, NOW).await })).await;
    assert_eq!(reads(&archive, move |conn| Box::pin(hooks::of(conn, bot_id))).await, []);
});

at_both!(an_address_leads_to_its_room_and_hops_are_counted_from_the_others, async |archive: Archive| {
    let (alice, bob, room) = lobby(&archive).await;
    let bot = rook(&archive, &alice, &room).await;
    let (place, id) = ((bot.id, room.id), bot.id);
    let hook = writes(&archive, move |tx| {
        Box::pin(async move { hooks::insert(tx, place, (HookWish::Incoming, token(4)), Seq::ZERO, NOW).await })
    })
    .await;
    let found = reads(&archive, |conn| Box::pin(hooks::by_token(conn, token(4)))).await;
    assert_eq!(found, Some((room.id, bot.clone())));
    assert_eq!(reads(&archive, |conn| Box::pin(hooks::by_token(conn, token(5)))).await, None);
    assert!(!reads(&archive, move |conn| Box::pin(hooks::listens(conn, id, place.1))).await);
    outgoing(&archive, &bot, &room, 0).await;
    assert!(reads(&archive, move |conn| Box::pin(hooks::listens(conn, id, place.1))).await);
    let other = bob.id;
    assert!(!writes(&archive, move |tx| Box::pin(hooks::remove(tx, other, hook))).await);
    assert!(writes(&archive, move |tx| Box::pin(hooks::remove(tx, id, hook))).await);

    let heard = async |after: Seq, author: UserId| {
        reads(&archive, move |conn| Box::pin(messages::heard(conn, place.1, after, author))).await
    };
    assert_eq!(heard(Seq::ZERO, id).await, None);
    let first = post(&archive, &alice, &room, "1", "one").await;
    let posted = post(&archive, &bot, &room, "1", "so").await;
    let noted = posted.clone();
    writes(&archive, move |tx| Box::pin(async move { messages::set_hops(tx, &noted, 2).await })).await;
    assert_eq!(heard(Seq::ZERO, id).await, Some((0, first.at)));
    assert_eq!(heard(Seq::ZERO, alice.id).await, Some((2, posted.at)));
    assert_eq!(heard(first.seq, id).await, None);
});
