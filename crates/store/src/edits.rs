//! What messages said before they were changed.

use model::{Body, Permit, Read, RoomId, Seq, Timestamp};

use crate::{Fault, Tx, engine::Conn, messages::body, sql::Sql};

static INSERT: Sql =
    Sql::new("INSERT INTO edits (room_id, message_seq, number, body, until) VALUES (?1, ?2, ?3, ?4, ?5)");
static FIRST: Sql = Sql::new("SELECT body FROM edits WHERE room_id = ?1 AND message_seq = ?2 AND number = 0");
static ALL: Sql = Sql::new("SELECT until, body FROM edits WHERE room_id = ?1 AND message_seq = ?2 ORDER BY number");
static REMOVE: Sql = Sql::new("DELETE FROM edits WHERE room_id = ?1 AND message_seq = ?2");

pub(crate) static STATEMENTS: [&Sql; 4] = [&INSERT, &FIRST, &ALL, &REMOVE];

/// Keeps what a message said until `at`, after it was changed `number` times.
pub(crate) async fn keep(
    tx: &mut Tx,
    (room, seq): (RoomId, Seq),
    number: u32,
    text: &Body,
    at: Timestamp,
) -> Result<(), Fault> {
    let args = [room.into(), seq.into(), i64::from(number).into(), text.as_str().into(), at.into()];
    tx.run(&INSERT, &args).await.map(drop)
}

/// What a message said when it was posted, if it was changed since.
pub(crate) async fn first(conn: &mut Conn, room: RoomId, seq: Seq) -> Result<Option<Body>, Fault> {
    let row = conn.row(&FIRST, &[room.into(), seq.into()]).await?;
    row.map(|mut row| body(row.text()?)).transpose()
}

/// What a message said before, and until when, oldest first.
pub async fn of_message(conn: &mut Conn, permit: &Permit<Read>, seq: Seq) -> Result<Vec<(Timestamp, Body)>, Fault> {
    let rows = conn.rows(&ALL, &[permit.room().into(), seq.into()]).await?;
    rows.into_iter().map(|mut row| Ok((row.time()?, body(row.text()?)?))).collect()
}

/// Forgets what a message said before.
pub(crate) async fn remove(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(), Fault> {
    tx.run(&REMOVE, &[room.into(), seq.into()]).await.map(drop)
}
