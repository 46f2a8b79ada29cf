//! Searching: the index of messages' words, which is written in the transaction of each message, and what is found by it.
//!
//! A message's entry has its terms, folded in `model`, so that both engines give the same answers; and marks, which are terms
//! that nobody can write: its room, its author, what it has. So every operator is a term of one question to the index.

mod expression;
mod filling;

use std::time::Duration;

use model::{
    Body, File, FileKind, Has, Phrase, RoomId, RoomName, Seq, Timestamp, UserId, limits::SEARCH_ROOMS_MAX, terms,
};

use crate::{
    Fault, Tx,
    engine::Conn,
    members,
    sql::{Sql, Value},
};
pub use filling::{fill, is_filled};

static INDEX: Sql = Sql::each(
    "INSERT INTO message_index (id, room_id, seq, terms)
     SELECT COALESCE(MAX(id) + 1, ?1), ?2, ?3, ?4 FROM message_index WHERE id >= ?1 AND id < ?1 + 1048576
     ON CONFLICT (room_id, seq) DO NOTHING",
    "INSERT INTO message_index (id, room_id, seq, terms)
     VALUES (?1 + nextval('message_index_turn'), ?2, ?3, CAST(CAST(?4 AS TEXT) AS TSVECTOR))
     ON CONFLICT (room_id, seq) DO NOTHING",
);
static UNINDEX: Sql = Sql::new("DELETE FROM message_index WHERE room_id = ?1 AND seq = ?2");
static FIND: Sql = Sql::each(
    "SELECT i.id, i.room_id, i.seq
     FROM message_terms t CROSS JOIN message_index i ON i.id = t.rowid
     WHERE t.terms MATCH ?1 AND t.rowid >= ?2 AND t.rowid < ?3
       AND EXISTS (SELECT 1 FROM members me WHERE me.room_id = i.room_id AND me.user_id = ?4)
     ORDER BY t.rowid DESC LIMIT ?5",
    "SELECT i.id, i.room_id, i.seq
     FROM message_index i
     WHERE i.terms @@ CAST(CAST(?1 AS TEXT) AS TSQUERY) AND i.id >= ?2 AND i.id < ?3
       AND EXISTS (SELECT 1 FROM members me WHERE me.room_id = i.room_id AND me.user_id = ?4)
     ORDER BY i.id DESC LIMIT ?5",
);
static OWN_ROOMS_OF_NAME: Sql = Sql::new(
    "SELECT r.id FROM members me JOIN rooms r ON r.id = me.room_id
     WHERE me.user_id = ?1 AND r.name_key = ?2 AND r.visibility <> 3 ORDER BY r.id LIMIT ?3",
);

pub(crate) static STATEMENTS: [&Sql; 4] = [&INDEX, &UNINDEX, &FIND, &OWN_ROOMS_OF_NAME];
pub(crate) use filling::STATEMENTS as FILLING;

/// Ids of one millisecond.
const IDS_PER_MS: i64 = 1 << 20;

/// What messages are looked for: every group of `wanted` has one that they have, and they have none of `unwanted`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Groups of which each message has at least one.
    pub wanted: Vec<Vec<Mark>>,
    /// What it does not have.
    pub unwanted: Vec<Mark>,
    /// The earliest moment.
    pub since: Option<Timestamp>,
    /// The moment before which it was said.
    pub until: Option<Timestamp>,
    /// The one found before which to go on: [`Found::id`].
    pub before: Option<i64>,
}

/// What the index knows of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It has these words.
    Words(Phrase),
    /// Its author.
    Author(UserId),
    /// Its room.
    Room(RoomId),
    /// What it has besides.
    Has(Has),
}

/// Where a message is that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its place in the order of all messages: those said later have a greater one.
    pub id: i64,
    /// Its room.
    pub room: RoomId,
    /// Its place there.
    pub seq: Seq,
}

/// Takes a message into the index, unless it is there.
pub(crate) async fn index(
    tx: &mut Tx,
    (room, seq): (RoomId, Seq),
    author: UserId,
    (text, files): (&Body, &[File]),
    at: Timestamp,
) -> Result<(), Fault> {
    let mut marks = vec![Mark::Room(room), Mark::Author(author)];
    if !files.is_empty() {
        marks.push(Mark::Has(Has::File));
    }
    for file in files {
        match file.kind {
            FileKind::Picture => marks.push(Mark::Has(Has::Picture)),
            FileKind::Audio => marks.push(Mark::Has(Has::Audio)),
            FileKind::Video => marks.push(Mark::Has(Has::Video)),
            FileKind::Other => {}
        }
    }
    if has_link(text.as_str()) {
        marks.push(Mark::Has(Has::Link));
    }
    let entry = expression::entry(tx, &marks, &terms(text.as_str()));
    tx.run(&INDEX, &[first_id(at).into(), room.into(), seq.into(), entry.into()]).await.map(drop)
}

/// Takes a message out of the index, before its text is another or none.
pub(crate) async fn unindex(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(), Fault> {
    tx.run(&UNINDEX, &[room.into(), seq.into()]).await.map(drop)
}

/// The newest messages of those looked for that stand in the asker's rooms, at most `limit`. A fault that is slow if the index has
/// to be looked through for longer than `time`.
pub async fn find(
    conn: &mut Conn,
    asker: UserId,
    sought: &Sought,
    limit: usize,
    time: Duration,
) -> Result<Vec<Found>, Fault> {
    let mut wanted = sought.wanted.clone();
    if !wanted.iter().flatten().any(|mark| matches!(mark, Mark::Room(_))) {
        // Whoever is in few rooms is not made to wait while the others' are looked through.
        let rooms = members::room_ids_of(conn, asker).await?;
        if rooms.is_empty() {
            return Ok(Vec::new());
        }
        if rooms.len() <= SEARCH_ROOMS_MAX {
            wanted.push(rooms.into_iter().map(Mark::Room).collect());
        }
    }
    let question = expression::question(conn, &wanted, &sought.unwanted);
    let since = sought.since.map_or(0, first_id);
    let until = [sought.until.map(first_id), sought.before].into_iter().flatten().min().unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let args: [Value; 5] = [question.into(), since.into(), until.into(), asker.into(), limit.into()];
    conn.limit(Some(time)).await?;
    let rows = conn.rows(&FIND, &args).await;
    conn.limit(None).await?;
    let found =
        rows?.into_iter().map(|mut row| Ok(Found { id: row.int()?, room: RoomId::new(row.int()?), seq: row.seq()? }));
    found.collect()
}

/// The asker's rooms of this name, direct chats aside: among private ones there may be several.
pub async fn own_rooms_of_name(conn: &mut Conn, asker: UserId, name: &RoomName) -> Result<Vec<RoomId>, Fault> {
    let most = i64::try_from(SEARCH_ROOMS_MAX).unwrap_or(i64::MAX);
    let rows = conn.rows(&OWN_ROOMS_OF_NAME, &[asker.into(), name.key().into(), most.into()]).await?;
    rows.into_iter().map(|mut row| row.int().map(RoomId::new)).collect()
}

/// The least id of a moment.
fn first_id(at: Timestamp) -> i64 {
    at.as_ms().clamp(0, i64::MAX / IDS_PER_MS - 1) * IDS_PER_MS
}

fn has_link(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["https://", "http://"].iter().any(|scheme| {
        let mut links = text.split(scheme).skip(1);
        links.any(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '['))
    })
}
