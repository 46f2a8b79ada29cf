//! Taking into the index what was said before there was one, room by room and a little at a time, while the house is open.

use model::{RoomId, Seq, Stream, UserId};

use super::index;
use crate::{Fault, Tx, engine::Conn, files, messages, sql::Sql, streams};

// Of two servers that fill at once, one waits for the other.
static HOLD_PROGRESS: Sql = Sql::new("UPDATE index_progress SET one = 1 WHERE one = 1 RETURNING room_id, seq");
static SET_PROGRESS: Sql = Sql::new("UPDATE index_progress SET room_id = ?1, seq = ?2 WHERE one = 1");
static END_PROGRESS: Sql = Sql::new("DELETE FROM index_progress");
static FIND_PROGRESS: Sql = Sql::new("SELECT one FROM index_progress");
static NEXT: Sql =
    Sql::new("SELECT room_id, seq FROM messages WHERE (room_id, seq) > (?1, ?2) ORDER BY room_id, seq LIMIT 1");
static KEPT: Sql = Sql::new(
    "SELECT seq, at, author_id, body, files, deleted_at FROM messages
     WHERE room_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3",
);

pub(crate) static STATEMENTS: [&Sql; 6] = [&HOLD_PROGRESS, &SET_PROGRESS, &END_PROGRESS, &FIND_PROGRESS, &NEXT, &KEPT];

/// Whether everything that was said can be found.
pub async fn is_filled(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(conn.row(&FIND_PROGRESS, &[]).await?.is_none())
}

/// Takes in some more of what was said before, at most so many messages; says whether something may be left.
pub async fn fill(tx: &mut Tx, limit: usize) -> Result<bool, Fault> {
    let Some(mut row) = tx.row(&HOLD_PROGRESS, &[]).await? else { return Ok(false) };
    let (room, seq) = (RoomId::new(row.int()?), row.seq()?);
    let Some(mut row) = tx.row(&NEXT, &[room.into(), seq.into()]).await? else {
        tx.run(&END_PROGRESS, &[]).await?;
        return Ok(false);
    };
    let (room, first) = (RoomId::new(row.int()?), row.seq()?);
    // Nobody takes a message back, or says it anew, while its words are on their way.
    streams::lock(tx, Stream::Room(room)).await?;
    let last = take_in(tx, room, first, limit).await?;
    tx.run(&SET_PROGRESS, &[room.into(), last.into()]).await?;
    Ok(true)
}

/// Takes in the messages of a room from a place on; gives the place of the last.
async fn take_in(tx: &mut Tx, room: RoomId, first: Seq, limit: usize) -> Result<Seq, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut last = first;
    for mut row in tx.rows(&KEPT, &[room.into(), first.into(), limit.into()]).await? {
        let (seq, at, author) = (row.seq()?, row.time()?, UserId::new(row.int()?));
        let (text, count) = (messages::body(row.text()?)?, row.int()?);
        last = seq;
        if row.optional_int()?.is_some() {
            continue;
        }
        let files = if count > 0 { files::of_message(tx, room, seq).await? } else { Vec::new() };
        index(tx, (room, seq), author, (&text, &files), at).await?;
    }
    Ok(last)
}
