//! Messages: posting one, once, changing it, taking it back, and reading them by pages.

mod row;

use std::collections::BTreeMap;

use model::{
    Amend, Body, Change, ClientKey, Edited, FileId, Mention, Message, Permit, Person, Post, Posted, Quote, Read, Reply,
    RoomId, Said, Seq, Source, Stream, Timestamp, UserId,
};

pub use self::row::Page;
use self::row::select;
pub(crate) use self::row::{body, read};
use crate::{
    Fault, Tx, edits,
    engine::Conn,
    files, mentions, reactions, saved, search,
    sql::{Sql, Value},
    streams,
};

static FIND_BY_KEY: Sql = Sql::new(
    "SELECT room_id, seq, at, body, files, deleted_at, edits, reply_to, forward_room, forward_seq
     FROM messages
     WHERE author_id = ?1 AND client_key = ?2",
);
static INSERT: Sql = Sql::new(
    "INSERT INTO messages (room_id, seq, author_id, client_key, body, at, files, mentions, reply_to, thread,
                           forward_author, forward_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
     ON CONFLICT (author_id, client_key) DO NOTHING",
);
static SET_SOURCE: Sql =
    Sql::new("UPDATE messages SET forward_room = ?3, forward_seq = ?4 WHERE room_id = ?1 AND seq = ?2");
static SET_HOPS: Sql = Sql::new("UPDATE messages SET hops = ?3 WHERE room_id = ?1 AND seq = ?2");
static HEARD: Sql = Sql::new(
    "SELECT hops, at FROM messages WHERE room_id = ?1 AND seq > ?2 AND author_id <> ?3 ORDER BY seq DESC LIMIT 1",
);
static BEFORE: Sql = select!("WHERE m.room_id = ?1 AND m.seq < ?2 ORDER BY m.seq DESC LIMIT ?3");
static AFTER: Sql = select!("WHERE m.room_id = ?1 AND m.seq > ?2 ORDER BY m.seq LIMIT ?3");
static BETWEEN: Sql = select!("WHERE m.room_id = ?1 AND m.seq >= ?2 AND m.seq <= ?3 ORDER BY m.seq");
static FIND: Sql = select!("WHERE m.room_id = ?1 AND m.seq = ?2");
static FIRST_FROM: Sql = Sql::new("SELECT seq, at FROM messages WHERE room_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1");
static PINNED: Sql =
    select!("WHERE m.room_id = ?1 AND m.pinned_at IS NOT NULL ORDER BY m.pinned_at DESC, m.seq DESC LIMIT ?2");
static IN_THREAD: Sql = select!("WHERE m.room_id = ?1 AND m.thread = ?2 AND m.seq > ?3 ORDER BY m.seq LIMIT ?4");
static ADD_REPLY: Sql =
    Sql::new("UPDATE messages SET replies = replies + 1 WHERE room_id = ?1 AND seq = ?2 RETURNING replies");
static EDIT: Sql =
    Sql::new("UPDATE messages SET body = ?3, edits = edits + 1, mentions = ?4 WHERE room_id = ?1 AND seq = ?2");
static PIN: Sql = Sql::new("UPDATE messages SET pinned_at = ?3 WHERE room_id = ?1 AND seq = ?2");
static COUNT_PINS: Sql = Sql::new("SELECT COUNT(*) FROM messages WHERE room_id = ?1 AND pinned_at IS NOT NULL");
static CLEAR: Sql = Sql::new(
    "UPDATE messages SET body = '', files = 0, edits = 0, mentions = 0, reactions = 0, pinned_at = NULL, deleted_at = ?3,
                         forward_author = NULL, forward_at = NULL, forward_room = NULL, forward_seq = NULL
     WHERE room_id = ?1 AND seq = ?2 AND deleted_at IS NULL",
);

pub(crate) static STATEMENTS: [&Sql; 17] = [
    &FIND_BY_KEY,
    &SET_SOURCE,
    &SET_HOPS,
    &HEARD,
    &INSERT,
    &BEFORE,
    &AFTER,
    &BETWEEN,
    &FIND,
    &FIRST_FROM,
    &PINNED,
    &IN_THREAD,
    &ADD_REPLY,
    &EDIT,
    &PIN,
    &COUNT_PINS,
    &CLEAR,
];

/// What an author's key named before.
#[derive(Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The receipt it got.
    pub posted: Posted,
    /// What it said then, the files that went with it, and the message that it answered; `None` if it was taken back since.
    pub said: Option<(Body, Vec<FileId>, Option<Seq>)>,
    /// The message that it passed on.
    pub source: Option<Source>,
}

/// The write that this author's key names, if it was kept.
pub async fn find_by_key(conn: &mut Conn, author: UserId, key: &ClientKey) -> Result<Option<Earlier>, Fault> {
    let Some(mut row) = conn.row(&FIND_BY_KEY, &[author.into(), key.as_str().into()]).await? else { return Ok(None) };
    let posted = Posted { room: RoomId::new(row.int()?), key: key.clone(), seq: row.seq()?, at: row.time()? };
    let (mut text, files, deleted) = (body(row.text()?)?, row.int()?, row.optional_int()?.is_some());
    let (changed, reply) = (row.int()? > 0, row.optional_seq()?);
    let source = row.optional_int()?.map(RoomId::new).zip(row.optional_seq()?);
    let source = source.map(|(room, message)| Source { room, message });
    if changed {
        text = edits::first(conn, posted.room, posted.seq).await?.unwrap_or(text);
    }
    let files = if files > 0 { files::of_message(conn, posted.room, posted.seq).await? } else { Vec::new() };
    let files = files.into_iter().map(|file| file.id).collect();
    Ok(Some(Earlier { posted, said: (!deleted).then_some((text, files, reply)), source }))
}

/// Keeps a message at the next place of its room's stream. `None` if the author's key was taken meanwhile, in another room:
/// then nothing of this transaction may stand. The files were found by [`files::ready`], and what it answers by [`find`], in this
/// transaction; what `said` says of a reply is passed over.
pub async fn append(
    tx: &mut Tx,
    permit: Permit<Post>,
    said: Said,
    answers: Option<Message>,
    at: Timestamp,
) -> Result<Option<Posted>, Fault> {
    let room = permit.room();
    let reply = match answers {
        Some(message) => Some(Box::new(answer(tx, room, message).await?)),
        None => None,
    };
    let places = [reply.as_ref().map(|reply| reply.to.seq).into(), reply.as_ref().map(|reply| reply.thread).into()];
    let said = Said { reply, ..said };
    let event = streams::record(tx, Stream::Room(room), Change::MessagePosted(Box::new(said.clone())), at).await?;
    let place = [room.into(), event.seq.into(), permit.user().into()];
    let content = [said.key.as_str().into(), said.text.as_str().into(), event.at.into()];
    let counts = [count(said.files.len()), count(said.mentions.len())];
    let forward = said.forward.as_ref();
    let forward = [forward.map(|words| words.author.id).into(), forward.map(|words| words.at).into()];
    let kept = tx.run(&INSERT, &[&place[..], &content, &counts, &places, &forward].concat()).await? == 1;
    search::index(tx, (room, event.seq), permit.user(), (&said.text, &said.files), event.at).await?;
    files::attach(tx, &said.files, event.seq).await?;
    mentions::set(tx, (room, event.seq), &said.mentions, event.at).await?;
    Ok(kept.then_some(Posted { room, key: said.key, seq: event.seq, at: event.at }))
}

/// Notes which message was passed on by one that was just posted, so that a repeat can be told from another write.
pub async fn set_source(tx: &mut Tx, posted: &Posted, source: Source) -> Result<(), Fault> {
    let place = [posted.room.into(), posted.seq.into()];
    tx.run(&SET_SOURCE, &[place, [source.room.into(), source.message.into()]].concat()).await.map(drop)
}

/// Notes how many bots have spoken before one that was just posted, each after hearing the one before, and that one with them.
pub async fn set_hops(tx: &mut Tx, posted: &Posted, hops: u32) -> Result<(), Fault> {
    tx.run(&SET_HOPS, &[posted.room.into(), posted.seq.into(), i64::from(hops).into()]).await.map(drop)
}

/// The hops of the newest message after `after` in a room that is not of this author, and when it was said.
pub async fn heard(
    conn: &mut Conn,
    room: RoomId,
    after: Seq,
    author: UserId,
) -> Result<Option<(u32, Timestamp)>, Fault> {
    let row = conn.row(&HEARD, &[room.into(), after.into(), author.into()]).await?;
    row.map(|mut row| Ok((row.count()?, row.time()?))).transpose()
}

/// How a message is answered: in the thread that it belongs to, or that begins with it.
async fn answer(tx: &mut Tx, room: RoomId, message: Message) -> Result<Reply, Fault> {
    let thread = message.said.reply.as_ref().map_or(message.seq, |reply| reply.thread);
    let counted = tx.row(&ADD_REPLY, &[room.into(), thread.into()]).await?;
    let replies = counted.ok_or_else(|| Fault::new("a thread has no beginning"))?.count()?;
    let Message { seq, said, deleted, .. } = message;
    let to = Quote { seq, author: said.author, text: Quote::beginning(said.text.as_str()), deleted };
    Ok(Reply { to, thread, replies })
}

/// The message at this place, if one stands there.
pub async fn find(conn: &mut Conn, room: RoomId, seq: Seq) -> Result<Option<Message>, Fault> {
    let rows = conn.rows(&FIND, &[room.into(), seq.into()]).await?;
    Ok(read(conn, room, rows).await?.messages.pop())
}

/// The same as a page of one message, or of none.
pub async fn at(conn: &mut Conn, permit: &Permit<Read>, seq: Seq) -> Result<Page, Fault> {
    page(conn, &FIND, permit, &[seq.into()]).await
}

/// The place up to `end` from which on nothing is older than this moment; `end` if everything is. Time never runs backwards within a
/// room, so it is found by halving, in some twenty looks among a million messages, and costs no index.
pub async fn first_at(conn: &mut Conn, permit: &Permit<Read>, at: Timestamp, end: Seq) -> Result<Seq, Fault> {
    let (mut low, mut high) = (0, end.number());
    while low < high {
        let middle = low + (high - low) / 2;
        let first = conn.row(&FIRST_FROM, &[permit.room().into(), Seq::new(middle).into()]).await?;
        let first = first.map(|mut row| Ok::<_, Fault>((row.seq()?, row.time()?))).transpose()?;
        match first {
            Some((seq, then)) if then < at => low = seq.number() + 1,
            Some(_) | None => high = middle,
        }
    }
    Ok(Seq::new(high))
}

/// Changes a message's text; what it said before is kept beside it. The message was found in this transaction.
pub async fn edit(
    tx: &mut Tx,
    permit: Permit<Amend>,
    message: Message,
    (text, mentions): (Body, Vec<Mention>),
    at: Timestamp,
) -> Result<(), Fault> {
    let (room, seq) = (permit.room(), message.seq);
    edits::keep(tx, (room, seq), message.edits, &message.said.text, at).await?;
    let named = count(mentions.len());
    tx.run(&EDIT, &[room.into(), seq.into(), text.as_str().into(), named]).await?;
    mentions::remove(tx, room, seq).await?;
    mentions::set(tx, (room, seq), &mentions, message.at).await?;
    search::unindex(tx, room, seq).await?;
    search::index(tx, (room, seq), permit.user(), (&text, &message.said.files), message.at).await?;
    let edited = Edited { message: seq, text, mentions, edits: message.edits.saturating_add(1) };
    streams::record(tx, Stream::Room(room), Change::MessageEdited(Box::new(edited)), at).await.map(drop)
}

/// Takes a message back: text, files and all that hangs on it are gone, and the stream tells of it. One that was taken back before
/// is left alone.
pub async fn delete(tx: &mut Tx, permit: Permit<Amend>, seq: Seq, at: Timestamp) -> Result<(), Fault> {
    let room = permit.room();
    if tx.run(&CLEAR, &[room.into(), seq.into(), at.into()]).await? == 1 {
        search::unindex(tx, room, seq).await?;
        files::remove_of_message(tx, room, seq).await?;
        edits::remove(tx, room, seq).await?;
        mentions::remove(tx, room, seq).await?;
        reactions::remove_of_message(tx, room, seq).await?;
        saved::remove_of_message(tx, room, seq).await?;
        streams::record(tx, Stream::Room(room), Change::MessageDeleted { message: seq }, at).await?;
    }
    Ok(())
}

/// Pins a message to its room, or takes the pin out.
pub async fn pin(
    tx: &mut Tx,
    permit: &Permit<Post>,
    by: Person,
    (message, on): (Seq, bool),
    at: Timestamp,
) -> Result<(), Fault> {
    let room = permit.room();
    tx.run(&PIN, &[room.into(), message.into(), on.then_some(at).into()]).await?;
    streams::record(tx, Stream::Room(room), Change::PinSet { message, by, on }, at).await.map(drop)
}

/// How many messages are pinned to a room.
pub async fn count_pins(conn: &mut Conn, room: RoomId) -> Result<usize, Fault> {
    let row = conn.row(&COUNT_PINS, &[room.into()]).await?;
    Ok(row.ok_or_else(|| Fault::new("a count has no row"))?.count()? as usize)
}

/// The messages pinned to a room, those pinned last first, at most `limit`.
pub async fn pinned(conn: &mut Conn, permit: &Permit<Read>, limit: usize) -> Result<Vec<Message>, Fault> {
    let rows = conn.rows(&PINNED, &[permit.room().into(), count(limit)]).await?;
    Ok(read(conn, permit.room(), rows).await?.messages)
}

/// The last messages before a place, oldest first, at most `limit`.
pub async fn before(conn: &mut Conn, permit: &Permit<Read>, seq: Seq, limit: usize) -> Result<Page, Fault> {
    let mut page = page(conn, &BEFORE, permit, &[seq.into(), count(limit)]).await?;
    page.messages.reverse();
    Ok(page)
}

/// The first messages after a place, oldest first, at most `limit`.
pub async fn after(conn: &mut Conn, permit: &Permit<Read>, seq: Seq, limit: usize) -> Result<Page, Fault> {
    page(conn, &AFTER, permit, &[seq.into(), count(limit)]).await
}

/// The first messages of a thread after a place, oldest first, at most `limit`. The message that the thread begins with is not among
/// them.
pub async fn in_thread(
    conn: &mut Conn,
    permit: &Permit<Read>,
    thread: Seq,
    after: Seq,
    limit: usize,
) -> Result<Page, Fault> {
    page(conn, &IN_THREAD, permit, &[thread.into(), after.into(), count(limit)]).await
}

/// The messages from one place to another, both included, by their places.
pub async fn between(conn: &mut Conn, room: RoomId, first: Seq, last: Seq) -> Result<BTreeMap<Seq, Message>, Fault> {
    let rows = conn.rows(&BETWEEN, &[room.into(), first.into(), last.into()]).await?;
    let page = read(conn, room, rows).await?;
    Ok(page.messages.into_iter().map(|message| (message.seq, message)).collect())
}

async fn page(conn: &mut Conn, sql: &Sql, permit: &Permit<Read>, place: &[Value]) -> Result<Page, Fault> {
    let rows = conn.rows(sql, &[&[permit.room().into()], place].concat()).await?;
    read(conn, permit.room(), rows).await
}

fn count(number: usize) -> Value {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}
