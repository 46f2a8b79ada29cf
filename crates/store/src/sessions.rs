//! Sessions: a random token each, of which only the hash is kept.

use model::{Change, Line, Scopes, Session, SessionId, Stream, Timestamp, TokenHash, UserId, limits};

use crate::{Fault, Tx, engine::Conn, sql::Sql, streams, users};

static INSERT: Sql =
    Sql::new("INSERT INTO sessions (user_id, token, created_at, used_at) VALUES (?1, ?2, ?3, ?3) RETURNING id");
static FIND: Sql = Sql::new(
    "SELECT s.id, s.used_at, u.id, u.username, u.display, u.version, u.picture, u.owner_id, u.admin, s.scopes
     FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.token = ?1 AND (s.scopes IS NOT NULL OR s.used_at > ?2 AND s.created_at > ?3)",
);
static INSERT_TOKEN: Sql = Sql::new(
    "INSERT INTO sessions (user_id, token, created_at, used_at, label, scopes) VALUES (?1, ?2, ?3, ?3, ?4, ?5) RETURNING id",
);
static TOKENS: Sql = Sql::new(
    "SELECT id, label, scopes, created_at, used_at FROM sessions WHERE user_id = ?1 AND scopes IS NOT NULL ORDER BY id",
);
static TOUCH: Sql = Sql::new("UPDATE sessions SET used_at = ?2 WHERE id = ?1 AND used_at < ?2");
static DELETE: Sql = Sql::new("DELETE FROM sessions WHERE id = ?1");
static SWEEP: Sql = Sql::new("DELETE FROM sessions WHERE user_id = ?1 AND (used_at <= ?2 OR created_at <= ?3)");

pub(crate) static STATEMENTS: [&Sql; 7] = [&INSERT, &INSERT_TOKEN, &TOKENS, &FIND, &TOUCH, &DELETE, &SWEEP];

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
    let admin = row.int()? != 0;
    let scopes = row.optional_int()?.map_or(Scopes::ALL, Scopes::kept);
    Ok(Some(Found { session: Session { id, person, admin, scopes }, used_at }))
}

/// A bot's token, of which nobody knows more than this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The session that it is.
    pub id: SessionId,
    /// What its owner calls it.
    pub label: Line,
    /// What it may do.
    pub scopes: Scopes,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to within the interval of [`touch`].
    pub used_at: Timestamp,
}

/// Makes a token for a bot: a session that lasts until it is revoked.
pub async fn open_token(
    tx: &mut Tx,
    bot: UserId,
    token: TokenHash,
    (label, scopes): (&Line, Scopes),
    at: Timestamp,
) -> Result<SessionId, Fault> {
    let args = [bot.into(), token.into(), at.into(), label.as_str().into(), scopes.number().into()];
    let row = tx.row(&INSERT_TOKEN, &args).await?;
    row.ok_or_else(|| Fault::new("a token was not kept"))?.int().map(SessionId::new)
}

/// The tokens of a bot, by their age.
pub async fn tokens(conn: &mut Conn, bot: UserId) -> Result<Vec<Token>, Fault> {
    let rows = conn.rows(&TOKENS, &[bot.into()]).await?.into_iter();
    rows.map(|mut row| {
        let (id, label) = (SessionId::new(row.int()?), Line::kept(row.text()?));
        let scopes = Scopes::kept(row.int()?);
        Ok(Token { id, label, scopes, created_at: row.time()?, used_at: row.time()? })
    })
    .collect()
}

/// Notes that the session was used.
pub async fn touch(tx: &mut Tx, session: SessionId, at: Timestamp) -> Result<(), Fault> {
    tx.run(&TOUCH, &[session.into(), at.into()]).await.map(drop)
}

/// Ends a session of this person. Its sockets close because of the event.
pub async fn close(tx: &mut Tx, user: UserId, session: SessionId, at: Timestamp) -> Result<(), Fault> {
    if tx.run(&DELETE, &[session.into()]).await? == 1 {
        streams::record(tx, Stream::User(user), Change::SessionClosed { session }, at).await?;
    }
    Ok(())
}

/// Sessions last used, or opened, before these moments are over.
pub(crate) fn cut_off(now: Timestamp) -> [Timestamp; 2] {
    [now.plus_ms(-limits::SESSION_IDLE_MS), now.plus_ms(-limits::SESSION_AGE_MS)]
}
