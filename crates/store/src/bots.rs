//! Bots: the accounts of programs, and whose they are.

use model::{Person, RoomId, Stream, Timestamp, UserId, Visibility};

use crate::{Fault, Tx, engine::Conn, hooks, members, sessions, sql::Sql, streams, users};

static OF_OWNER: Sql = Sql::new(
    "SELECT id, username, display, version, picture, owner_id FROM users
     WHERE owner_id = ?1 AND retired_at IS NULL ORDER BY id",
);
static RETIRE: Sql = Sql::new("UPDATE users SET retired_at = ?2 WHERE id = ?1 AND retired_at IS NULL");

pub(crate) static STATEMENTS: [&Sql; 2] = [&OF_OWNER, &RETIRE];

/// The bots of a person, by their age.
pub async fn of(conn: &mut Conn, owner: UserId) -> Result<Vec<Person>, Fault> {
    conn.rows(&OF_OWNER, &[owner.into()]).await?.into_iter().map(|mut row| users::person(&mut row)).collect()
}

/// Ends what a bot can do: its tokens and hooks are void, and it leaves its rooms, but for direct chats, which are their people's for good.
pub async fn retire(tx: &mut Tx, bot: &Person, at: Timestamp) -> Result<(), Fault> {
    let rooms = members::rooms_of(tx, bot.id).await?.into_iter().map(|standing| standing.room);
    let mut rooms: Vec<RoomId> =
        rooms.filter(|room| room.visibility != Visibility::Direct).map(|room| room.id).collect();
    // All of them before the bot's own stream, in the order in which everybody takes them.
    rooms.sort_unstable();
    for room in &rooms {
        streams::lock(tx, Stream::Room(*room)).await?;
    }
    for room in rooms {
        members::leave(tx, room, bot, at).await?;
    }
    for token in sessions::tokens(tx, bot.id).await? {
        sessions::close(tx, bot.id, token.id, at).await?;
    }
    hooks::remove_all(tx, bot.id).await?;
    tx.run(&RETIRE, &[bot.id.into(), at.into()]).await.map(drop)
}
