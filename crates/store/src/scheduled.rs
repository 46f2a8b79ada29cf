//! What people want to be said later.

use model::{Change, ClientKey, Person, Posted, RoomId, Scheduled, Stream, Timestamp, UserId};

use crate::{
    Fault, Tx,
    engine::Conn,
    messages::body,
    sql::{Row, Sql},
    streams, users,
};

static COUNT: Sql = Sql::new("SELECT COUNT(*) FROM scheduled WHERE user_id = ?1");
static INSERT: Sql = Sql::new(
    "INSERT INTO scheduled (user_id, key, room_id, body, at, remind) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (user_id, key) DO NOTHING",
);
static REMOVE: Sql = Sql::new("DELETE FROM scheduled WHERE user_id = ?1 AND key = ?2");
static FAIL: Sql = Sql::new("UPDATE scheduled SET failure = ?3 WHERE user_id = ?1 AND key = ?2");
static OF: Sql = Sql::new(
    "SELECT room_id, key, body, at, remind, failure FROM scheduled WHERE user_id = ?1 ORDER BY at, key LIMIT ?2",
);
static DUE: Sql = Sql::new(
    "SELECT s.room_id, s.key, s.body, s.at, s.remind, s.failure, u.id, u.username, u.display, u.version, u.picture, u.owner_id
     FROM scheduled s JOIN users u ON u.id = s.user_id
     WHERE s.failure IS NULL AND s.at <= ?1 ORDER BY s.at, s.key LIMIT ?2",
);

pub(crate) static STATEMENTS: [&Sql; 6] = [&COUNT, &INSERT, &REMOVE, &FAIL, &OF, &DUE];

/// How many a person has.
pub async fn count(conn: &mut Conn, user: UserId) -> Result<usize, Fault> {
    Ok(conn.row(&COUNT, &[user.into()]).await?.ok_or_else(|| Fault::new("a count has no row"))?.count()? as usize)
}

/// Keeps one; a repeat of its key changes nothing.
pub async fn insert(tx: &mut Tx, user: UserId, what: &Scheduled) -> Result<(), Fault> {
    let Scheduled { room, key, text, at, remind, failure: _ } = what;
    let args = [
        user.into(),
        key.as_str().into(),
        (*room).into(),
        text.as_str().into(),
        (*at).into(),
        i64::from(*remind).into(),
    ];
    tx.run(&INSERT, &args).await.map(drop)
}

/// Tells a person that what they wanted to be reminded of was said.
pub async fn remind(tx: &mut Tx, user: UserId, posted: &Posted, at: Timestamp) -> Result<(), Fault> {
    let reminded = Change::Reminded { room: posted.room, message: posted.seq };
    streams::record(tx, Stream::User(user), reminded, at).await.map(drop)
}

/// Takes one away, because it was said, or because its author wants so. Says whether it was there.
pub async fn remove(tx: &mut Tx, user: UserId, key: &ClientKey) -> Result<bool, Fault> {
    Ok(tx.run(&REMOVE, &[user.into(), key.as_str().into()]).await? > 0)
}

/// Notes why one could not be said. It is not tried again.
pub async fn fail(tx: &mut Tx, user: UserId, key: &ClientKey, why: &str) -> Result<(), Fault> {
    tx.run(&FAIL, &[user.into(), key.as_str().into(), why.into()]).await.map(drop)
}

/// What a person wants to be said later, by its time, at most `limit`.
pub async fn of(conn: &mut Conn, user: UserId, limit: usize) -> Result<Vec<Scheduled>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    conn.rows(&OF, &[user.into(), limit.into()]).await?.into_iter().map(|mut row| scheduled(&mut row)).collect()
}

/// What is to be said by now, and by whom, the oldest first, at most `limit`.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: usize) -> Result<Vec<(Person, Scheduled)>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&DUE, &[now.into(), limit.into()]).await?.into_iter();
    rows.map(|mut row| {
        let what = scheduled(&mut row)?;
        Ok((users::person(&mut row)?, what))
    })
    .collect()
}

fn scheduled(row: &mut Row) -> Result<Scheduled, Fault> {
    let (room, key) = (RoomId::new(row.int()?), row.text()?);
    let key = ClientKey::parse(&key).map_err(|e| Fault::caused("a kept key is bad", e))?;
    let (text, at) = (body(row.text()?)?, row.time()?);
    Ok(Scheduled { room, key, text, at, remind: row.int()? != 0, failure: row.optional_text()? })
}
