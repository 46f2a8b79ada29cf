//! Messages: posting one, once, and reading them by pages.

use model::{
    Body, Change, ClientKey, Message, Permit, Person, Post, Posted, Read, RoomId, Seq, Stream, Timestamp, UserId,
};

use crate::{
    Fault, Tx,
    engine::Conn,
    sql::{Row, Sql},
    streams, users,
};

static FIND_BY_KEY: Sql =
    Sql::new("SELECT room_id, seq, at, body FROM messages WHERE author_id = ?1 AND client_key = ?2");
static INSERT: Sql = Sql::new(
    "INSERT INTO messages (room_id, seq, author_id, client_key, body, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (author_id, client_key) DO NOTHING",
);
static BEFORE: Sql = Sql::new(
    "SELECT m.seq, m.at, u.id, u.username, u.display, u.version, m.client_key, m.body
     FROM messages m JOIN users u ON u.id = m.author_id
     WHERE m.room_id = ?1 AND m.seq < ?2 ORDER BY m.seq DESC LIMIT ?3",
);
static AFTER: Sql = Sql::new(
    "SELECT m.seq, m.at, u.id, u.username, u.display, u.version, m.client_key, m.body
     FROM messages m JOIN users u ON u.id = m.author_id
     WHERE m.room_id = ?1 AND m.seq > ?2 ORDER BY m.seq LIMIT ?3",
);

pub(crate) static STATEMENTS: [&Sql; 4] = [&FIND_BY_KEY, &INSERT, &BEFORE, &AFTER];

/// What an author's key named before.
#[derive(Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The receipt it got.
    pub posted: Posted,
    /// What it said.
    pub body: Body,
}

/// The write that this author's key names, if it was kept.
pub async fn find_by_key(conn: &mut Conn, author: UserId, key: &ClientKey) -> Result<Option<Earlier>, Fault> {
    let Some(mut row) = conn.row(&FIND_BY_KEY, &[author.into(), key.as_str().into()]).await? else { return Ok(None) };
    let posted = Posted { room: RoomId::new(row.int()?), key: key.clone(), seq: row.seq()?, at: row.time()? };
    Ok(Some(Earlier { posted, body: body(row.text()?)? }))
}

/// Keeps a message at the next place of its room's stream. `None` if the author's key was taken meanwhile, in another room:
/// then nothing of this transaction may stand.
pub async fn append(
    tx: &mut Tx,
    permit: Permit<Post>,
    author: Person,
    message: (ClientKey, Body),
    at: Timestamp,
) -> Result<Option<Posted>, Fault> {
    let (key, text) = message;
    let room = permit.room();
    let change = Change::MessagePosted { author, key: key.clone(), text: text.clone() };
    let event = streams::record(tx, Stream::Room(room), change, at).await?;
    let place = [room.into(), event.seq.into(), permit.user().into()];
    let content = [key.as_str().into(), text.as_str().into(), event.at.into()];
    let kept = tx.run(&INSERT, &[place, content].concat()).await? == 1;
    Ok(kept.then_some(Posted { room, key, seq: event.seq, at: event.at }))
}

/// The last messages before a place, oldest first, at most `limit`.
pub async fn before(conn: &mut Conn, permit: &Permit<Read>, seq: Seq, limit: usize) -> Result<Vec<Message>, Fault> {
    let mut messages = page(conn, &BEFORE, permit.room(), seq, limit).await?;
    messages.reverse();
    Ok(messages)
}

/// The first messages after a place, oldest first, at most `limit`.
pub async fn after(conn: &mut Conn, permit: &Permit<Read>, seq: Seq, limit: usize) -> Result<Vec<Message>, Fault> {
    page(conn, &AFTER, permit.room(), seq, limit).await
}

async fn page(conn: &mut Conn, sql: &Sql, room: RoomId, seq: Seq, limit: usize) -> Result<Vec<Message>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(sql, &[room.into(), seq.into(), limit.into()]).await?;
    rows.into_iter().map(message).collect()
}

fn message(mut row: Row) -> Result<Message, Fault> {
    let (seq, at) = (row.seq()?, row.time()?);
    let author = users::person(&mut row)?;
    let key = ClientKey::parse(&row.text()?).map_err(|e| Fault::caused("a kept key is bad", e))?;
    Ok(Message { seq, at, author, key, text: body(row.text()?)? })
}

fn body(text: String) -> Result<Body, Fault> {
    Body::try_from(text).map_err(|e| Fault::caused("a kept text is bad", e))
}
