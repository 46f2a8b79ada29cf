//! Accounts.

use model::{Change, Line, PasswordHash, Person, Stream, Timestamp, UserId, Username};

use crate::{
    Fault, Tx,
    engine::Conn,
    sql::{Row, Sql, Value},
    streams,
};

// A name that is taken, or looks like one that is, or was given up lately, inserts nothing: of two at once, one gets the row.
static INSERT: Sql = Sql::new(
    "INSERT INTO users (username, username_key, username_skeleton, password, admin, created_at, owner_id)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
     WHERE NOT EXISTS (
         SELECT 1 FROM former_names WHERE (username_key = ?2 OR username_skeleton = ?3) AND until > ?6
     )
     ON CONFLICT DO NOTHING RETURNING id",
);
static FIND_BY_KEY: Sql =
    Sql::new("SELECT id, username, display, version, picture, owner_id FROM users WHERE username_key = ?1");
static FIND_BY_ID: Sql = Sql::new("SELECT id, username, display, version, picture, owner_id FROM users WHERE id = ?1");
static FIND_CREDENTIALS: Sql = Sql::new("SELECT id, password FROM users WHERE username_key = ?1 AND owner_id IS NULL");
static FIND_ADMIN: Sql = Sql::new("SELECT id FROM users WHERE admin = 1 LIMIT 1");
static FIND_RECEIPTS: Sql = Sql::new("SELECT receipts FROM users WHERE id = ?1");
static SET_RECEIPTS: Sql = Sql::new("UPDATE users SET receipts = ?2 WHERE id = ?1 AND receipts <> ?2");
static NOTE_SEEN: Sql =
    Sql::new("UPDATE users SET last_seen = ?2 WHERE id = ?1 AND (last_seen IS NULL OR last_seen < ?2)");
// A prefix is a range of keys, as in the directory of rooms.
static PAGE: Sql = Sql::new(
    "SELECT u.id, u.username, u.display, u.version, u.picture, u.owner_id, u.last_seen,
            CASE WHEN EXISTS (
                SELECT 1 FROM members mine JOIN members theirs ON theirs.room_id = mine.room_id
                WHERE mine.user_id = ?1 AND theirs.user_id = u.id
            ) AND NOT EXISTS (
                SELECT 1 FROM regards b WHERE b.user_id = u.id AND b.other_id = ?1 AND b.regard = 2
            ) THEN 1 ELSE 0 END
     FROM users u
     WHERE u.id > ?2 AND u.username_key >= ?3 AND u.username_key <= ?4 ORDER BY u.id LIMIT ?5",
);
// The engines have no way in common to pass a list. A statement for each person is a round trip for each on PostgreSQL; one
// for so many at once, filled up with nobody, is prepared once and asked seldom.
const AT_ONCE: usize = 25;
static SHARED: Sql = Sql::new(
    "SELECT u.id, u.last_seen FROM users u
     WHERE u.id IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
                    ?24, ?25, ?26)
       AND EXISTS (
           SELECT 1 FROM members mine JOIN members theirs ON theirs.room_id = mine.room_id
           WHERE mine.user_id = ?1 AND theirs.user_id = u.id
       )
       AND NOT EXISTS (SELECT 1 FROM regards b WHERE b.user_id = u.id AND b.other_id = ?1 AND b.regard = 2)",
);

pub(crate) static STATEMENTS: [&Sql; 10] = [
    &INSERT,
    &FIND_BY_KEY,
    &FIND_BY_ID,
    &FIND_CREDENTIALS,
    &FIND_ADMIN,
    &FIND_RECEIPTS,
    &SET_RECEIPTS,
    &NOTE_SEEN,
    &PAGE,
    &SHARED,
];

/// A new account.
pub struct NewUser {
    /// Its name.
    pub username: Username,
    /// Its password, hashed.
    pub password: PasswordHash,
    /// Whether it administers the server.
    pub admin: bool,
}

/// Somebody, as one who asks may know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub person: Person,
    /// Whether they share a room with the asker, and do not block them.
    pub shared: bool,
    /// When they were last there.
    pub last_seen: Option<Timestamp>,
}

/// Makes an account; `None` if the name, or one that looks like it, is taken.
pub async fn insert(tx: &mut Tx, user: &NewUser, at: Timestamp) -> Result<Option<Person>, Fault> {
    let NewUser { username, password, admin } = user;
    open(tx, username, (password.as_str(), *admin), None, at).await
}

/// Makes a bot: nobody logs in to its account.
pub async fn insert_bot(
    tx: &mut Tx,
    username: &Username,
    owner: UserId,
    at: Timestamp,
) -> Result<Option<Person>, Fault> {
    open(tx, username, ("", false), Some(owner), at).await
}

async fn open(
    tx: &mut Tx,
    username: &Username,
    (password, admin): (&str, bool),
    owner: Option<UserId>,
    at: Timestamp,
) -> Result<Option<Person>, Fault> {
    let names = [username.as_str().into(), username.key().into(), username.skeleton().into()];
    let rest = [password.into(), i64::from(admin).into(), at.into(), owner.into()];
    let Some(mut row) = tx.row(&INSERT, &[&names[..], &rest].concat()).await? else { return Ok(None) };
    let id = UserId::new(row.int()?);
    streams::open(tx, Stream::User(id), at).await?;
    Ok(Some(Person { bot: owner.is_some(), ..Person::new(id, username.clone()) }))
}

/// The person of this name.
pub async fn find(conn: &mut Conn, username: &Username) -> Result<Option<Person>, Fault> {
    conn.row(&FIND_BY_KEY, &[username.key().into()]).await?.map(|mut row| person(&mut row)).transpose()
}

/// The person of this id.
pub async fn find_by_id(conn: &mut Conn, id: UserId) -> Result<Option<Person>, Fault> {
    conn.row(&FIND_BY_ID, &[id.into()]).await?.map(|mut row| person(&mut row)).transpose()
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

/// Whether a person gives and gets receipts.
pub async fn gives_receipts(conn: &mut Conn, user: UserId) -> Result<bool, Fault> {
    let row = conn.row(&FIND_RECEIPTS, &[user.into()]).await?;
    Ok(row.ok_or_else(|| Fault::new("a person has no account"))?.int()? != 0)
}

/// Sets whether a person gives and gets receipts. Their stream tells of it if it is news.
pub async fn set_receipts(tx: &mut Tx, user: UserId, on: bool, at: Timestamp) -> Result<(), Fault> {
    if tx.run(&SET_RECEIPTS, &[user.into(), i64::from(on).into()]).await? == 1 {
        streams::record(tx, Stream::User(user), Change::ReceiptsSet { on }, at).await?;
    }
    Ok(())
}

/// Notes that a person was there until `at`.
pub async fn note_seen(tx: &mut Tx, user: UserId, at: Timestamp) -> Result<(), Fault> {
    tx.run(&NOTE_SEEN, &[user.into(), at.into()]).await.map(drop)
}

/// People whose id is above `after` and whose folded name begins with `prefix`, by id, as `asker` may know them.
pub async fn page(
    conn: &mut Conn,
    asker: UserId,
    prefix: &str,
    after: UserId,
    limit: usize,
) -> Result<Vec<Known>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let last = format!("{prefix}{}", char::MAX);
    let args = [asker.into(), after.into(), prefix.into(), last.into(), limit.into()];
    let known = conn.rows(&PAGE, &args).await?.into_iter().map(|mut row| {
        let (person, last_seen) = (person(&mut row)?, row.optional_int()?.map(Timestamp::from_ms));
        Ok(Known { person, shared: row.int()? != 0, last_seen })
    });
    known.collect()
}

/// Those of these people who share a room with `asker` and do not block them, and when each was last there.
pub async fn shared(
    conn: &mut Conn,
    asker: UserId,
    people: &[UserId],
) -> Result<Vec<(UserId, Option<Timestamp>)>, Fault> {
    let mut shared = Vec::new();
    for some in people.chunks(AT_ONCE) {
        let mut args = vec![asker.into()];
        args.extend(some.iter().map(|id| Value::from(*id)));
        args.resize(1 + AT_ONCE, Value::Null);
        for mut row in conn.rows(&SHARED, &args).await? {
            shared.push((UserId::new(row.int()?), row.optional_int()?.map(Timestamp::from_ms)));
        }
    }
    Ok(shared)
}

/// A person, as the columns `id`, `username`, `display`, `version` and `picture` of their account say.
pub(crate) fn person(row: &mut Row) -> Result<Person, Fault> {
    optional_person(row)?.ok_or_else(|| Fault::new("a person has no account"))
}

/// The same, where there may be none.
pub(crate) fn optional_person(row: &mut Row) -> Result<Option<Person>, Fault> {
    let (id, name, display) = (row.optional_int()?, row.optional_text()?, row.optional_text()?);
    let version = row.optional_int()?.unwrap_or_default();
    let version = u64::try_from(version).map_err(|e| Fault::caused("a version is negative", e))?;
    let picture = row.optional_int()?.unwrap_or_default() != 0;
    let bot = row.optional_int()?.is_some();
    let person = |(id, name)| Person {
        id: UserId::new(id),
        name: Username::kept(name),
        display: display.map(Line::kept),
        version,
        picture,
        bot,
    };
    Ok(id.zip(name).map(person))
}
