//! Whom messages name.

use std::collections::BTreeMap;

use model::{Mention, RoomId, Seq, Timestamp, UserId};

use crate::{Fault, Tx, engine::Conn, sql::Sql, users};

static INSERT: Sql =
    Sql::new("INSERT INTO mentions (room_id, message_seq, word, user_id, at) VALUES (?1, ?2, ?3, ?4, ?5)");
static REMOVE: Sql = Sql::new("DELETE FROM mentions WHERE room_id = ?1 AND message_seq = ?2");
static BETWEEN: Sql = Sql::new(
    "SELECT n.message_seq, n.word, u.id, u.username, u.display, u.version, u.picture, u.owner_id
     FROM mentions n LEFT JOIN users u ON u.id = n.user_id
     WHERE n.room_id = ?1 AND n.message_seq >= ?2 AND n.message_seq <= ?3 ORDER BY n.message_seq, n.word",
);

// Whoever came in later was not meant by those that name everybody.
static NAMING: Sql = Sql::new(
    "SELECT f.at, f.room_id, f.message_seq
     FROM (SELECT n.at, n.room_id, n.message_seq
           FROM mentions n JOIN members me ON me.room_id = n.room_id AND me.user_id = n.user_id
           WHERE n.user_id = ?1 AND n.at <= ?2
           UNION
           SELECT n.at, n.room_id, n.message_seq
           FROM members me JOIN mentions n ON n.room_id = me.room_id
           WHERE me.user_id = ?1 AND n.user_id IS NULL AND n.at >= me.joined_at AND n.at <= ?2) AS f
     JOIN messages m ON m.room_id = f.room_id AND m.seq = f.message_seq
     WHERE m.author_id <> ?1
       AND NOT EXISTS (SELECT 1 FROM regards g WHERE g.user_id = ?1 AND g.other_id = m.author_id)
       AND (f.at < ?2 OR (f.at = ?2 AND (f.room_id < ?3 OR (f.room_id = ?3 AND f.message_seq < ?4))))
     ORDER BY f.at DESC, f.room_id DESC, f.message_seq DESC LIMIT ?5",
);

pub(crate) static STATEMENTS: [&Sql; 4] = [&INSERT, &REMOVE, &BETWEEN, &NAMING];

/// Where a message stands that names somebody. What was said later is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Naming {
    /// When it was posted.
    pub at: Timestamp,
    /// Its room.
    pub room: RoomId,
    /// Its place there.
    pub message: Seq,
}

/// The messages of others that name a person, or everybody in a room since they are in it, before this one; newest first, at most
/// `limit`.
pub async fn naming(conn: &mut Conn, user: UserId, before: Option<Naming>, limit: usize) -> Result<Vec<Naming>, Fault> {
    let end = Naming { at: Timestamp::from_ms(i64::MAX), room: RoomId::new(i64::MAX), message: Seq::new(u64::MAX) };
    let Naming { at, room, message } = before.unwrap_or(end);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&NAMING, &[user.into(), at.into(), room.into(), message.into(), limit.into()]).await?;
    let naming = rows
        .into_iter()
        .map(|mut row| Ok(Naming { at: row.time()?, room: RoomId::new(row.int()?), message: row.seq()? }));
    naming.collect()
}

/// Notes whom a message names, each word once. `at`: when the message was posted.
pub(crate) async fn set(
    tx: &mut Tx,
    (room, seq): (RoomId, Seq),
    mentions: &[Mention],
    at: Timestamp,
) -> Result<(), Fault> {
    for Mention { word, person } in mentions {
        let who = person.as_ref().map(|person| person.id);
        tx.run(&INSERT, &[room.into(), seq.into(), word.as_str().into(), who.into(), at.into()]).await?;
    }
    Ok(())
}

/// Forgets whom a message names.
pub(crate) async fn remove(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(), Fault> {
    tx.run(&REMOVE, &[room.into(), seq.into()]).await.map(drop)
}

/// Whom the messages from one place to another name, both included, by their words.
pub(crate) async fn between(
    conn: &mut Conn,
    room: RoomId,
    first: Seq,
    last: Seq,
) -> Result<BTreeMap<Seq, Vec<Mention>>, Fault> {
    let mut mentions: BTreeMap<Seq, Vec<Mention>> = BTreeMap::new();
    for mut row in conn.rows(&BETWEEN, &[room.into(), first.into(), last.into()]).await? {
        let (seq, word) = (row.seq()?, row.text()?);
        let person = users::optional_person(&mut row)?;
        mentions.entry(seq).or_default().push(Mention { word, person });
    }
    Ok(mentions)
}
