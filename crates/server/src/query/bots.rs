//! Which bots somebody has; and whose door an address is.

use model::{HookKind, Person, RoomId, Session, TokenHash};
use protocol::http::{Bot, BotToken, Bots, Hook, HookFailure};
use store::{Conn, Fault, bots, hooks, sessions};

use crate::{Failure, House};

/// The bots of whoever asks, with their tokens and hooks.
pub(crate) async fn bots(house: &House, session: &Session) -> Result<Bots, Failure> {
    let owner = session.person.id;
    let read = house.store.read::<_, Fault, _>(move |conn| {
        Box::pin(async move {
            let mut all = Vec::new();
            for bot in bots::of(conn, owner).await? {
                all.push(whole(conn, bot).await?);
            }
            Ok(Bots { bots: all })
        })
    });
    Ok(read.await?)
}

/// The room that an incoming hook leads into, and the bot that speaks there.
pub(crate) async fn hook(house: &House, token: TokenHash) -> Result<Option<(RoomId, Person)>, Failure> {
    let read = house.store.read::<_, Fault, _>(move |conn| Box::pin(hooks::by_token(conn, token)));
    Ok(read.await?)
}

async fn whole(conn: &mut Conn, bot: Person) -> Result<Bot, Fault> {
    let tokens = sessions::tokens(conn, bot.id).await?.into_iter().map(|token| {
        let sessions::Token { id, label, scopes, created_at, used_at } = token;
        BotToken { id, label, scopes: scopes.list(), created_at, used_at }
    });
    let hooks = hooks::of(conn, bot.id).await?.into_iter().map(|hook| {
        let hooks::Hook { id, room, url, created_at, sent_at, failed } = hook;
        let kind = if url.is_some() { HookKind::Outgoing } else { HookKind::Incoming };
        let failed = failed.map(|(at, status, next_at)| HookFailure { at, status, next_at });
        Hook { id, kind, room, url, created_at, sent_at, failed }
    });
    Ok(Bot { tokens: tokens.collect(), hooks: hooks.collect(), bot })
}
