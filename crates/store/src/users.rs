//! Accounts.

use model::{PasswordHash, Person, Stream, Timestamp, UserId, Username};

use crate::{Fault, Tx, engine::Conn, sql::Sql, streams};

// A name that is taken, or looks like one that is, inserts nothing: of two at once, one gets the row.
static INSERT: Sql = Sql::new(
    "INSERT INTO users (username, username_key, username_skeleton, password, admin, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING RETURNING id",
);
static FIND_BY_KEY: Sql = Sql::new("SELECT id, username FROM users WHERE username_key = ?1");
static FIND_CREDENTIALS: Sql = Sql::new("SELECT id, password FROM users WHERE username_key = ?1");
static FIND_ADMIN: Sql = Sql::new("SELECT id FROM users WHERE admin = 1 LIMIT 1");

pub(crate) static STATEMENTS: [&Sql; 4] = [&INSERT, &FIND_BY_KEY, &FIND_CREDENTIALS, &FIND_ADMIN];

/// A new account.
pub struct NewUser {
    /// Its name.
    pub username: Username,
    /// Its password, hashed.
    pub password: PasswordHash,
    /// Whether it administers the server.
    pub admin: bool,
}

/// Makes an account; `None` if the name, or one that looks like it, is taken.
pub async fn insert(tx: &mut Tx, user: &NewUser, at: Timestamp) -> Result<Option<Person>, Fault> {
    let NewUser { username, password, admin } = user;
    let names = [username.as_str().into(), username.key().into(), username.skeleton().into()];
    let rest = [password.as_str().into(), i64::from(*admin).into(), at.into()];
    let Some(mut row) = tx.row(&INSERT, &[names, rest].concat()).await? else { return Ok(None) };
    let id = UserId::new(row.int()?);
    streams::open(tx, Stream::User(id), at).await?;
    Ok(Some(Person { id, name: username.clone() }))
}

/// The person of this name.
pub async fn find(conn: &mut Conn, username: &Username) -> Result<Option<Person>, Fault> {
    let Some(mut row) = conn.row(&FIND_BY_KEY, &[username.key().into()]).await? else { return Ok(None) };
    Ok(Some(Person { id: UserId::new(row.int()?), name: Username::kept(row.text()?) }))
}

/// The account of this name and its password's hash.
pub async fn find_credentials(conn: &mut Conn, username: &Username) -> Result<Option<(UserId, PasswordHash)>, Fault> {
    let Some(mut row) = conn.row(&FIND_CREDENTIALS, &[username.key().into()]).await? else { return Ok(None) };
    Ok(Some((UserId::new(row.int()?), PasswordHash::new(row.text()?))))
}

/// Whether anybody administers this server.
pub async fn any_admin(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(conn.row(&FIND_ADMIN, &[]).await?.is_some())
}
