//! Hooks: the doors of rooms to programs elsewhere, and how far outgoing ones have come.

use model::{HookId, HookKey, HookWish, Person, RoomId, Seq, Timestamp, TokenHash, UserId};

use crate::{
    Fault, Tx,
    engine::Conn,
    sql::{Row, Sql, Value},
    users,
};

static INSERT: Sql = Sql::new(
    "INSERT INTO hooks (bot_id, room_id, token, url, secret, cursor, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
);
static OF_BOT: Sql = Sql::new(
    "SELECT id, room_id, url, created_at, sent_at, failed_at, failure, next_at FROM hooks WHERE bot_id = ?1 ORDER BY id",
);
static BY_TOKEN: Sql = Sql::new(
    "SELECT h.room_id, u.id, u.username, u.display, u.version, u.picture, u.owner_id
     FROM hooks h JOIN users u ON u.id = h.bot_id WHERE h.token = ?1",
);
static LISTENS: Sql = Sql::new("SELECT 1 FROM hooks WHERE bot_id = ?1 AND room_id = ?2 AND url IS NOT NULL LIMIT 1");
static REMOVE: Sql = Sql::new("DELETE FROM hooks WHERE id = ?1 AND bot_id = ?2");
static REMOVE_ALL: Sql = Sql::new("DELETE FROM hooks WHERE bot_id = ?1");
static REMOVE_OF_MEMBER: Sql = Sql::new("DELETE FROM hooks WHERE room_id = ?1 AND bot_id = ?2");
static DUE: Sql = Sql::new(
    "SELECT h.id FROM hooks h JOIN streams s ON s.kind = 1 AND s.owner = h.room_id
     WHERE h.url IS NOT NULL AND h.next_at <= ?1 AND s.head > h.cursor ORDER BY h.next_at, h.id LIMIT ?2",
);
static TAKE: Sql = Sql::new(
    "UPDATE hooks SET next_at = ?3 WHERE id = ?1 AND next_at <= ?2
     RETURNING id, bot_id, room_id, url, secret, cursor, tries, next_at",
);
static TOLD: Sql = Sql::new("UPDATE hooks SET cursor = ?3, tries = 0 WHERE id = ?1 AND next_at = ?2");
static BROUGHT: Sql = Sql::new("UPDATE hooks SET sent_at = ?2, failed_at = NULL, failure = NULL WHERE id = ?1");
static FAILED: Sql =
    Sql::new("UPDATE hooks SET tries = tries + 1, failed_at = ?3, failure = ?4 WHERE id = ?1 AND next_at = ?2");
static LET_GO: Sql = Sql::new("UPDATE hooks SET next_at = ?3 WHERE id = ?1 AND next_at = ?2");

pub(crate) static STATEMENTS: [&Sql; 13] = [
    &INSERT,
    &OF_BOT,
    &BY_TOKEN,
    &LISTENS,
    &REMOVE,
    &REMOVE_ALL,
    &REMOVE_OF_MEMBER,
    &DUE,
    &TAKE,
    &TOLD,
    &BROUGHT,
    &FAILED,
    &LET_GO,
];

/// A hook, as its bot's owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Its name for programs.
    pub id: HookId,
    /// Of which room.
    pub room: RoomId,
    /// Where it leads; none: it is an incoming one.
    pub url: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last brought something.
    pub sent_at: Option<Timestamp>,
    /// When it last failed, if it has brought nothing since; with which status, and when it is tried again.
    pub failed: Option<(Timestamp, u16, Timestamp)>,
}

/// An outgoing hook that one server is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which.
    pub id: HookId,
    /// Whose.
    pub bot: UserId,
    /// Of which room.
    pub room: RoomId,
    /// Where it leads.
    pub url: String,
    /// What it signs with.
    pub key: HookKey,
    /// Everything up to there was told.
    pub cursor: Seq,
    /// How often what comes next was tried in vain.
    pub tries: u32,
    /// Until when nobody else is at it: the name of this turn.
    pub until: Timestamp,
}

/// Keeps a hook. An outgoing one tells what comes after `cursor`.
pub async fn insert(
    tx: &mut Tx,
    (bot, room): (UserId, RoomId),
    (wish, token): (HookWish, TokenHash),
    cursor: Seq,
    at: Timestamp,
) -> Result<HookId, Fault> {
    let [token, url, secret] = match wish {
        HookWish::Incoming => [token.into(), Value::Null, Value::Null],
        HookWish::Outgoing { url, key } => [Value::Null, url.into(), Value::Bytes(key.reveal().to_vec())],
    };
    let row = tx.row(&INSERT, &[bot.into(), room.into(), token, url, secret, cursor.into(), at.into()]).await?;
    row.ok_or_else(|| Fault::new("a hook was not kept"))?.int().map(HookId::new)
}

/// The hooks of a bot, by their age.
pub async fn of(conn: &mut Conn, bot: UserId) -> Result<Vec<Hook>, Fault> {
    conn.rows(&OF_BOT, &[bot.into()]).await?.into_iter().map(|mut row| hook(&mut row)).collect()
}

/// The room that this address leads into, and the bot that speaks there.
pub async fn by_token(conn: &mut Conn, token: TokenHash) -> Result<Option<(RoomId, Person)>, Fault> {
    let Some(mut row) = conn.row(&BY_TOKEN, &[token.into()]).await? else { return Ok(None) };
    Ok(Some((RoomId::new(row.int()?), users::person(&mut row)?)))
}

/// Whether a bot is told of what is said in a room.
pub async fn listens(conn: &mut Conn, bot: UserId, room: RoomId) -> Result<bool, Fault> {
    Ok(conn.row(&LISTENS, &[bot.into(), room.into()]).await?.is_some())
}

/// Removes a hook of this bot. Says whether it was there.
pub async fn remove(tx: &mut Tx, bot: UserId, id: HookId) -> Result<bool, Fault> {
    Ok(tx.run(&REMOVE, &[id.into(), bot.into()]).await? > 0)
}

/// Removes all hooks of a bot.
pub(crate) async fn remove_all(tx: &mut Tx, bot: UserId) -> Result<(), Fault> {
    tx.run(&REMOVE_ALL, &[bot.into()]).await.map(drop)
}

/// Removes the hooks of somebody who has left a room.
pub(crate) async fn remove_of_member(tx: &mut Tx, room: RoomId, member: UserId) -> Result<(), Fault> {
    tx.run(&REMOVE_OF_MEMBER, &[room.into(), member.into()]).await.map(drop)
}

/// Outgoing hooks that have something to tell by now, those that have waited longest first, at most `limit`.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: usize) -> Result<Vec<HookId>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    conn.rows(&DUE, &[now.into(), limit.into()]).await?.into_iter().map(|mut row| row.int().map(HookId::new)).collect()
}

/// Takes a hook on until some moment, unless another server is at it.
pub async fn take(tx: &mut Tx, id: HookId, now: Timestamp, until: Timestamp) -> Result<Option<Turn>, Fault> {
    tx.row(&TAKE, &[id.into(), now.into(), until.into()]).await?.map(|mut row| turn(&mut row)).transpose()
}

/// Everything up to this place was told. Says whether it is still this turn.
pub async fn tell(tx: &mut Tx, turn: &Turn, cursor: Seq) -> Result<bool, Fault> {
    Ok(tx.run(&TOLD, &[turn.id.into(), turn.until.into(), cursor.into()]).await? > 0)
}

/// The other server took something.
pub async fn note_sent(tx: &mut Tx, id: HookId, at: Timestamp) -> Result<(), Fault> {
    tx.run(&BROUGHT, &[id.into(), at.into()]).await.map(drop)
}

/// A try was in vain. `status`: what the other server answered; 0: nothing.
pub async fn note_failed(tx: &mut Tx, turn: &Turn, status: u16, at: Timestamp) -> Result<(), Fault> {
    let args = [turn.id.into(), turn.until.into(), at.into(), i64::from(status).into()];
    tx.run(&FAILED, &args).await.map(drop)
}

/// Ends a turn; the next is not before this moment.
pub async fn let_go(tx: &mut Tx, turn: &Turn, next_at: Timestamp) -> Result<(), Fault> {
    tx.run(&LET_GO, &[turn.id.into(), turn.until.into(), next_at.into()]).await.map(drop)
}

fn hook(row: &mut Row) -> Result<Hook, Fault> {
    let (id, room, url, created_at) =
        (HookId::new(row.int()?), RoomId::new(row.int()?), row.optional_text()?, row.time()?);
    let sent_at = row.optional_int()?.map(Timestamp::from_ms);
    let failed_at = row.optional_int()?.map(Timestamp::from_ms);
    let status = u16::try_from(row.optional_int()?.unwrap_or_default());
    let status = status.map_err(|e| Fault::caused("a status is out of range", e))?;
    let next_at = row.time()?;
    Ok(Hook { id, room, url, created_at, sent_at, failed: failed_at.map(|at| (at, status, next_at)) })
}

fn turn(row: &mut Row) -> Result<Turn, Fault> {
    Ok(Turn {
        id: HookId::new(row.int()?),
        bot: UserId::new(row.int()?),
        room: RoomId::new(row.int()?),
        url: row.text()?,
        key: HookKey::new(row.bytes()?),
        cursor: row.seq()?,
        tries: row.count()?,
        until: row.time()?,
    })
}
