//! Whom people ignore and block.

use std::collections::BTreeSet;

use model::{Change, Regard, Regarded, RoomId, Sight, Stream, Timestamp, UserId, limits::REGARDED_MAX};

use crate::{Fault, Tx, engine::Conn, sql::Sql, streams, users};

static FIND: Sql = Sql::new("SELECT regard FROM regards WHERE user_id = ?1 AND other_id = ?2");
static COUNT: Sql = Sql::new("SELECT COUNT(*) FROM regards WHERE user_id = ?1");
static SET: Sql = Sql::new(
    "INSERT INTO regards (user_id, other_id, regard) VALUES (?1, ?2, ?3)
     ON CONFLICT (user_id, other_id) DO UPDATE SET regard = ?3",
);
static REMOVE: Sql = Sql::new("DELETE FROM regards WHERE user_id = ?1 AND other_id = ?2");
static OF: Sql = Sql::new(
    "SELECT g.regard, u.id, u.username, u.display, u.version, u.picture, u.owner_id
     FROM regards g JOIN users u ON u.id = g.other_id WHERE g.user_id = ?1 ORDER BY g.other_id",
);
static BLOCKED: Sql = Sql::new("SELECT other_id FROM regards WHERE user_id = ?1 AND regard = 2");

static PART: Sql = Sql::new(
    "SELECT 1 FROM regards WHERE user_id = ?1 AND other_id = ?2 AND regard = 2
     UNION ALL SELECT 1 FROM regards WHERE user_id = ?2 AND other_id = ?1 AND regard = 2 LIMIT 1",
);

static DEAF_TO: Sql = Sql::new(
    "SELECT g.user_id FROM members m JOIN regards g ON g.user_id = m.user_id AND g.other_id = ?2 WHERE m.room_id = ?1",
);

pub(crate) static STATEMENTS: [&Sql; 8] = [&FIND, &PART, &DEAF_TO, &COUNT, &SET, &REMOVE, &OF, &BLOCKED];

/// Sets how a person regards another. Their own stream tells of it if it is news. `false`: they regard [`REGARDED_MAX`] otherwise
/// than as anybody, and cannot one more.
pub async fn set(tx: &mut Tx, user: UserId, what: Regarded, at: Timestamp) -> Result<bool, Fault> {
    let other = what.person.id;
    let before = find(tx, user, other).await?;
    if before == what.regard {
        return Ok(true);
    }
    match number(what.regard) {
        None => tx.run(&REMOVE, &[user.into(), other.into()]).await?,
        Some(_) if before == Regard::Open && is_full(tx, user).await? => return Ok(false),
        Some(number) => tx.run(&SET, &[user.into(), other.into(), number.into()]).await?,
    };
    streams::record(tx, Stream::User(user), Change::RegardSet(what), at).await?;
    Ok(true)
}

/// How a person regards another.
pub async fn find(conn: &mut Conn, user: UserId, other: UserId) -> Result<Regard, Fault> {
    match conn.row(&FIND, &[user.into(), other.into()]).await? {
        Some(mut row) => regard(row.int()?),
        None => Ok(Regard::Open),
    }
}

/// Whether one of the two blocks the other.
pub async fn part(conn: &mut Conn, one: UserId, other: UserId) -> Result<bool, Fault> {
    Ok(conn.row(&PART, &[one.into(), other.into()]).await?.is_some())
}

/// Everybody whom a person regards otherwise than as anybody, by id.
pub async fn of(conn: &mut Conn, user: UserId) -> Result<Vec<Regarded>, Fault> {
    let rows = conn.rows(&OF, &[user.into()]).await?.into_iter();
    rows.map(|mut row| Ok(Regarded { regard: regard(row.int()?)?, person: users::person(&mut row)? })).collect()
}

/// The members of a room who ignore or block somebody.
pub async fn deaf_to(conn: &mut Conn, room: RoomId, author: UserId) -> Result<BTreeSet<UserId>, Fault> {
    let rows = conn.rows(&DEAF_TO, &[room.into(), author.into()]).await?.into_iter();
    rows.map(|mut row| Ok(UserId::new(row.int()?))).collect()
}

/// What a person sees of others' receipts.
pub async fn sight(conn: &mut Conn, user: UserId) -> Result<Sight, Fault> {
    let receipts = users::gives_receipts(conn, user).await?;
    let rows = conn.rows(&BLOCKED, &[user.into()]).await?.into_iter();
    let blocked = rows.map(|mut row| Ok(UserId::new(row.int()?))).collect::<Result<BTreeSet<_>, Fault>>()?;
    Ok(Sight { receipts, blocked })
}

async fn is_full(conn: &mut Conn, user: UserId) -> Result<bool, Fault> {
    let counted = conn.row(&COUNT, &[user.into()]).await?;
    let count = counted.ok_or_else(|| Fault::new("a count has no row"))?.int()?;
    Ok(usize::try_from(count).is_ok_and(|count| count >= REGARDED_MAX))
}

/// The number that is kept; for `Open` nothing is.
pub(crate) fn number(regard: Regard) -> Option<i64> {
    match regard {
        Regard::Open => None,
        Regard::Ignored => Some(1),
        Regard::Blocked => Some(2),
    }
}

/// What a kept number says; in an event nothing stands for `Open`.
pub(crate) fn regard(number: i64) -> Result<Regard, Fault> {
    match number {
        0 => Ok(Regard::Open),
        1 => Ok(Regard::Ignored),
        2 => Ok(Regard::Blocked),
        _ => Err(Fault::new("a regard has an unknown number")),
    }
}
