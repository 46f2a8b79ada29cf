//! Sessions: a random token each, of which only the hash is kept.

use model::{Change, Session, SessionId, Stream, Timestamp, TokenHash, UserId, limits};

use crate::{Fault, Tx, engine::Conn, sql::Sql, streams, users};

static INSERT: Sql =
    Sql::new("INSERT INTO sessions (user_id, token, created_at, used_at) VALUES (?1, ?2, ?3, ?3) RETURNING id");
static FIND: Sql = Sql::new(
    "SELECT s.id, s.used_at, u.id, u.username, u.display, u.version, u.picture, u.admin FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.token = ?1 AND s.used_at > ?2 AND s.created_at > ?3",
);
static TOUCH: Sql = Sql::new("UPDATE sessions SET used_at = ?2 WHERE id = ?1 AND used_at < ?2");
static DELETE: Sql = Sql::new("DELETE FROM sessions WHERE id = ?1");
static SWEEP: Sql = Sql::new("DELETE FROM sessions WHERE user_id = ?1 AND (used_at <= ?2 OR created_at <= ?3)");

pub(crate) static STATEMENTS: [&Sql; 5] = [&INSERT, &FIND, &TOUCH, &DELETE, &SWEEP];

/// A session that was found, and when it was last used.
pub struct Found {
    /// The session.
    pub session: Session,
    /// When it was last used, to within the interval of [`touch`].
    pub used_at: Timestamp,
}

/// Opens a session; those of the same person that are over are swept away.
pub async fn open(tx: &mut Tx, user: UserId, token: TokenHash, at: Timestamp) -> Result<SessionId, Fault> {
    let [idle, aged] = cut_off(at);
    tx.run(&SWEEP, &[user.into(), idle.into(), aged.into()]).await?;
    let row = tx.row(&INSERT, &[user.into(), token.into(), at.into()]).await?;
    row.ok_or_else(|| Fault::new("a session was not kept"))?.int().map(SessionId::new)
}

/// The session of this token, unless it is over.
pub async fn find(conn: &mut Conn, token: TokenHash, now: Timestamp) -> Result<Option<Found>, Fault> {
    let [idle, aged] = cut_off(now);
    let Some(mut row) = conn.row(&FIND, &[token.into(), idle.into(), aged.into()]).await? else { return Ok(None) };
    let (id, used_at) = (SessionId::new(row.int()?), row.time()?);
    let person = users::person(&mut row)?;
    Ok(Some(Found { session: Session { id, person, admin: row.int()? != 0 }, used_at }))
}

/// Notes that the session was used.
pub async fn touch(tx: &mut Tx, session: SessionId, at: Timestamp) -> Result<(), Fault> {
    tx.run(&TOUCH, &[session.into(), at.into()]).await.map(drop)
}

/// Ends a session. Its sockets close because of the event.
pub async fn close(tx: &mut Tx, session: &Session, at: Timestamp) -> Result<(), Fault> {
    if tx.run(&DELETE, &[session.id.into()]).await? == 1 {
        let change = Change::SessionClosed { session: session.id };
        streams::record(tx, Stream::User(session.person.id), change, at).await?;
    }
    Ok(())
}

/// Sessions last used, or opened, before these moments are over.
pub(crate) fn cut_off(now: Timestamp) -> [Timestamp; 2] {
    [now.plus_ms(-limits::SESSION_IDLE_MS), now.plus_ms(-limits::SESSION_AGE_MS)]
}
