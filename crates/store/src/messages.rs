//! Messages: posting one, once, and reading them by pages.

use model::{
    Body, Change, ClientKey, Delete, File, FileId, Message, Permit, Person, Post, Posted, Read, RoomId, Seq, Stream,
    Timestamp, UserId,
};

use crate::{
    Fault, Tx,
    engine::Conn,
    files, search,
    sql::{Row, Sql},
    streams, users,
};

static FIND_BY_KEY: Sql =
    Sql::new("SELECT room_id, seq, at, body, files, deleted_at FROM messages WHERE author_id = ?1 AND client_key = ?2");
static INSERT: Sql = Sql::new(
    "INSERT INTO messages (room_id, seq, author_id, client_key, body, at, files) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (author_id, client_key) DO NOTHING",
);
static BEFORE: Sql = Sql::new(
    "SELECT m.seq, m.at, u.id, u.username, u.display, u.version, u.picture, m.client_key, m.body, m.files, m.deleted_at
     FROM messages m JOIN users u ON u.id = m.author_id
     WHERE m.room_id = ?1 AND m.seq < ?2 ORDER BY m.seq DESC LIMIT ?3",
);
static AFTER: Sql = Sql::new(
    "SELECT m.seq, m.at, u.id, u.username, u.display, u.version, u.picture, m.client_key, m.body, m.files, m.deleted_at
     FROM messages m JOIN users u ON u.id = m.author_id
     WHERE m.room_id = ?1 AND m.seq > ?2 ORDER BY m.seq LIMIT ?3",
);

static AUTHOR: Sql = Sql::new("SELECT author_id FROM messages WHERE room_id = ?1 AND seq = ?2");
static CLEAR: Sql = Sql::new(
    "UPDATE messages SET body = '', files = 0, deleted_at = ?3 WHERE room_id = ?1 AND seq = ?2 AND deleted_at IS NULL",
);

pub(crate) static STATEMENTS: [&Sql; 6] = [&FIND_BY_KEY, &INSERT, &BEFORE, &AFTER, &AUTHOR, &CLEAR];

/// What an author's key named before.
#[derive(Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The receipt it got.
    pub posted: Posted,
    /// What it said, and the files that went with it; `None` if it was taken back since.
    pub said: Option<(Body, Vec<FileId>)>,
}

/// The write that this author's key names, if it was kept.
pub async fn find_by_key(conn: &mut Conn, author: UserId, key: &ClientKey) -> Result<Option<Earlier>, Fault> {
    let Some(mut row) = conn.row(&FIND_BY_KEY, &[author.into(), key.as_str().into()]).await? else { return Ok(None) };
    let posted = Posted { room: RoomId::new(row.int()?), key: key.clone(), seq: row.seq()?, at: row.time()? };
    let (text, files, deleted) = (body(row.text()?)?, row.int()?, row.optional_int()?.is_some());
    let files = if files > 0 { files::of_message(conn, posted.room, posted.seq).await? } else { Vec::new() };
    let files = files.into_iter().map(|file| file.id).collect();
    Ok(Some(Earlier { posted, said: (!deleted).then_some((text, files)) }))
}

/// Keeps a message at the next place of its room's stream. `None` if the author's key was taken meanwhile, in another room:
/// then nothing of this transaction may stand. The files were found by [`files::ready`] in this transaction.
pub async fn append(
    tx: &mut Tx,
    permit: Permit<Post>,
    author: Person,
    message: (ClientKey, Body, Vec<File>),
    at: Timestamp,
) -> Result<Option<Posted>, Fault> {
    let (key, text, files) = message;
    let room = permit.room();
    let change = Change::MessagePosted { author, key: key.clone(), text: text.clone(), files: files.clone() };
    let event = streams::record(tx, Stream::Room(room), change, at).await?;
    let place = [room.into(), event.seq.into(), permit.user().into()];
    let count = i64::try_from(files.len()).unwrap_or(i64::MAX);
    let content = [key.as_str().into(), text.as_str().into(), event.at.into(), count.into()];
    let kept = tx.run(&INSERT, &[&place[..], &content].concat()).await? == 1;
    search::index(tx, (room, event.seq), permit.user(), (&text, &files), event.at).await?;
    files::attach(tx, &files, event.seq).await?;
    Ok(kept.then_some(Posted { room, key, seq: event.seq, at: event.at }))
}

/// Who said what stands at this place, if a message does.
pub async fn author(conn: &mut Conn, room: RoomId, seq: Seq) -> Result<Option<UserId>, Fault> {
    conn.row(&AUTHOR, &[room.into(), seq.into()]).await?.map(|mut row| row.int().map(UserId::new)).transpose()
}

/// Takes a message back: text and files are gone, and the stream tells of it. One that was taken back before is left alone.
pub async fn delete(tx: &mut Tx, permit: Permit<Delete>, seq: Seq, at: Timestamp) -> Result<(), Fault> {
    let room = permit.room();
    if tx.run(&CLEAR, &[room.into(), seq.into(), at.into()]).await? == 1 {
        search::unindex(tx, room, seq).await?;
        files::remove_of_message(tx, room, seq).await?;
        streams::record(tx, Stream::Room(room), Change::MessageDeleted { message: seq }, at).await?;
    }
    Ok(())
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
    let mut messages = Vec::with_capacity(rows.len());
    let mut any = false;
    for row in rows {
        let (message, files) = message(row)?;
        any |= files > 0;
        messages.push(message);
    }
    if any {
        let seqs = || messages.iter().map(|message| message.seq);
        let [first, last] = [seqs().min(), seqs().max()].map(Option::unwrap_or_default);
        let mut files = files::between(conn, room, first, last).await?;
        for message in &mut messages {
            message.files = files.remove(&message.seq).unwrap_or_default();
        }
    }
    Ok(messages)
}

/// A message still without its files, and how many it has.
fn message(mut row: Row) -> Result<(Message, i64), Fault> {
    let (seq, at) = (row.seq()?, row.time()?);
    let author = users::person(&mut row)?;
    let key = ClientKey::parse(&row.text()?).map_err(|e| Fault::caused("a kept key is bad", e))?;
    let (text, files, deleted) = (body(row.text()?)?, row.int()?, row.optional_int()?.is_some());
    Ok((Message { seq, at, author, key, text, files: Vec::new(), deleted }, files))
}

pub(crate) fn body(text: String) -> Result<Body, Fault> {
    Body::try_from(text).map_err(|e| Fault::caused("a kept text is bad", e))
}
