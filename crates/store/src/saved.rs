//! Messages that people saved for themselves.

use std::collections::BTreeMap;

use model::{Change, Permit, Read, RoomId, Seq, Stream, Timestamp, UserId};

use crate::{Fault, Tx, engine::Conn, sql::Sql, streams};

static FIND: Sql = Sql::new("SELECT 1 FROM saved WHERE user_id = ?1 AND room_id = ?2 AND message_seq = ?3");
static COUNT: Sql = Sql::new("SELECT COUNT(*) FROM saved WHERE user_id = ?1");
static INSERT: Sql = Sql::new("INSERT INTO saved (user_id, room_id, message_seq, seq) VALUES (?1, ?2, ?3, ?4)");
static REMOVE: Sql = Sql::new("DELETE FROM saved WHERE user_id = ?1 AND room_id = ?2 AND message_seq = ?3");
static REMOVE_OF_MESSAGE: Sql = Sql::new("DELETE FROM saved WHERE room_id = ?1 AND message_seq = ?2");
static REMOVE_OF_MEMBER: Sql = Sql::new("DELETE FROM saved WHERE user_id = ?1 AND room_id = ?2");
static PLACES: Sql =
    Sql::new("SELECT room_id, message_seq FROM saved WHERE user_id = ?1 ORDER BY room_id, message_seq");
static PAGE: Sql =
    Sql::new("SELECT seq, room_id, message_seq FROM saved WHERE user_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3");

pub(crate) static STATEMENTS: [&Sql; 8] =
    [&FIND, &COUNT, &INSERT, &REMOVE, &REMOVE_OF_MESSAGE, &REMOVE_OF_MEMBER, &PLACES, &PAGE];

/// A saved message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its place among all that the person saved: what was saved later has a greater one.
    pub turn: Seq,
    /// Its room.
    pub room: RoomId,
    /// Its place there.
    pub message: Seq,
}

/// Whether a person has a message saved.
pub async fn stands(conn: &mut Conn, permit: &Permit<Read>, message: Seq) -> Result<bool, Fault> {
    Ok(conn.row(&FIND, &[permit.user().into(), permit.room().into(), message.into()]).await?.is_some())
}

/// How many messages a person has saved.
pub async fn count(conn: &mut Conn, user: UserId) -> Result<usize, Fault> {
    let row = conn.row(&COUNT, &[user.into()]).await?;
    Ok(row.ok_or_else(|| Fault::new("a count has no row"))?.count()? as usize)
}

/// Saves a message for a person, or lets go of it; it was the other way round until now. Their own stream tells of it.
pub async fn set(tx: &mut Tx, permit: &Permit<Read>, (message, on): (Seq, bool), at: Timestamp) -> Result<(), Fault> {
    let (room, user) = (permit.room(), permit.user());
    let event = streams::record(tx, Stream::User(user), Change::SavedSet { room, message, on }, at).await?;
    let place = [user.into(), room.into(), message.into()];
    if on {
        tx.run(&INSERT, &[&place[..], &[event.seq.into()]].concat()).await.map(drop)
    } else {
        tx.run(&REMOVE, &place).await.map(drop)
    }
}

/// Nobody has a message saved any more. Who had hears of its end in the room.
pub(crate) async fn remove_of_message(tx: &mut Tx, room: RoomId, message: Seq) -> Result<(), Fault> {
    tx.run(&REMOVE_OF_MESSAGE, &[room.into(), message.into()]).await.map(drop)
}

/// Somebody who left a room has nothing of it saved.
pub(crate) async fn remove_of_member(tx: &mut Tx, room: RoomId, user: UserId) -> Result<(), Fault> {
    tx.run(&REMOVE_OF_MEMBER, &[user.into(), room.into()]).await.map(drop)
}

/// The places of all that a person saved, by room.
pub(crate) async fn places(conn: &mut Conn, user: UserId) -> Result<BTreeMap<RoomId, Vec<Seq>>, Fault> {
    let mut places: BTreeMap<RoomId, Vec<Seq>> = BTreeMap::new();
    for mut row in conn.rows(&PLACES, &[user.into()]).await? {
        places.entry(RoomId::new(row.int()?)).or_default().push(row.seq()?);
    }
    Ok(places)
}

/// What a person saved before a turn, the last first, at most `limit`.
pub async fn page(conn: &mut Conn, user: UserId, before: Seq, limit: usize) -> Result<Vec<Saved>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&PAGE, &[user.into(), before.into(), limit.into()]).await?;
    let saved = rows
        .into_iter()
        .map(|mut row| Ok(Saved { turn: row.seq()?, room: RoomId::new(row.int()?), message: row.seq()? }));
    saved.collect()
}
