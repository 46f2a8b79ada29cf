//! What people tell of themselves, and the usernames that they gave up.

use model::{
    Change, Line, Person, Profile, SetProfile, Status, Stream, Timestamp, UserId,
    limits::{FORMER_NAME_MS, FORMER_NAMES_MAX},
};

use crate::{
    Fault, Tx,
    engine::Conn,
    members,
    sql::{Row, Sql},
    streams,
    users::{self, Known},
};

static FIND: Sql = Sql::new(
    "SELECT id, username, display, version, picture, owner_id, about, time_zone, status_text, status_emoji, status_until
     FROM users WHERE id = ?1",
);
static CARD: Sql = Sql::new(
    "SELECT u.id, u.username, u.display, u.version, u.picture, u.owner_id, u.last_seen,
            CASE WHEN u.id = ?1 OR EXISTS (
                SELECT 1 FROM members mine JOIN members theirs ON theirs.room_id = mine.room_id
                WHERE mine.user_id = ?1 AND theirs.user_id = u.id
            ) AND NOT EXISTS (
                SELECT 1 FROM regards b WHERE b.user_id = u.id AND b.other_id = ?1 AND b.regard = 2
            ) THEN 1 ELSE 0 END,
            u.about, u.time_zone, u.status_text, u.status_emoji, u.status_until
     FROM users u WHERE u.id = ?2",
);
static FIND_OTHER: Sql = Sql::new(
    "SELECT 1 FROM users WHERE (username_key = ?1 OR username_skeleton = ?2) AND id <> ?3
     UNION ALL
     SELECT 1 FROM former_names
     WHERE (username_key = ?1 OR username_skeleton = ?2) AND user_id <> ?3 AND until > ?4
     LIMIT 1",
);
static FIND_LOOK_ALIKE: Sql = Sql::new("SELECT 1 FROM users WHERE username_skeleton = ?1 AND id <> ?2");
static RENAME: Sql =
    Sql::new("UPDATE users SET username = ?2, username_key = ?3, username_skeleton = ?4 WHERE id = ?1");
static SET: Sql = Sql::new(
    "UPDATE users SET display = ?2, about = ?3, time_zone = ?4, status_text = ?5, status_emoji = ?6, status_until = ?7,
            version = version + 1
     WHERE id = ?1 RETURNING id, username, display, version, picture, owner_id",
);
static SET_PICTURE: Sql = Sql::new(
    "UPDATE users SET picture = ?2, version = version + 1 WHERE id = ?1
     RETURNING id, username, display, version, picture, owner_id",
);
static HOLD: Sql = Sql::new(
    "INSERT INTO former_names (username_key, username_skeleton, user_id, until) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (username_key) DO UPDATE
     SET username_skeleton = excluded.username_skeleton, user_id = excluded.user_id, until = excluded.until",
);
static RELEASE: Sql = Sql::new("DELETE FROM former_names WHERE username_key = ?1");
static RELEASE_OLDEST: Sql = Sql::new(
    "DELETE FROM former_names WHERE user_id = ?1 AND username_key NOT IN (
         SELECT username_key FROM former_names WHERE user_id = ?1 ORDER BY until DESC, username_key LIMIT ?2
     )",
);

pub(crate) static STATEMENTS: [&Sql; 10] =
    [&FIND, &CARD, &FIND_OTHER, &FIND_LOOK_ALIKE, &RENAME, &SET, &SET_PICTURE, &HOLD, &RELEASE, &RELEASE_OLDEST];

/// What became of the wish to tell something else of oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Telling {
    /// It is told.
    Told,
    /// Somebody else has this name, had it until lately, or has one that looks like it.
    Taken,
}

/// Somebody, as `asker` may know them, and what they tell of themselves to those who share a room with them.
pub async fn card(conn: &mut Conn, asker: UserId, user: UserId) -> Result<Option<(Known, Profile)>, Fault> {
    let Some(mut row) = conn.row(&CARD, &[asker.into(), user.into()]).await? else { return Ok(None) };
    let (person, last_seen) = (users::person(&mut row)?, row.optional_int()?.map(Timestamp::from_ms));
    let known = Known { person, shared: row.int()? != 0, last_seen };
    Ok(Some((known, profile(&mut row)?)))
}

/// Sets what a person tells of themselves. If it is news, all their rooms are told of it, and they themselves.
pub async fn set(tx: &mut Tx, user: UserId, wish: SetProfile, at: Timestamp) -> Result<Telling, Fault> {
    let mut row = tx.row(&FIND, &[user.into()]).await?.ok_or_else(|| Fault::new("a person has no account"))?;
    let (person, told) = (users::person(&mut row)?, profile(&mut row)?);
    let SetProfile { username, display, profile } = wish;
    let username = username.filter(|username| *username != person.name);
    if username.is_none() && display == person.display && profile == told {
        return Ok(Telling::Told);
    }
    if let Some(display) = display.as_ref().filter(|_| display != person.display)
        && tx.row(&FIND_LOOK_ALIKE, &[display.skeleton().into(), user.into()]).await?.is_some()
    {
        return Ok(Telling::Taken);
    }
    if let Some(username) = username {
        let names = [username.key().into(), username.skeleton().into(), user.into()];
        if tx.row(&FIND_OTHER, &[&names[..], &[at.into()]].concat()).await?.is_some() {
            return Ok(Telling::Taken);
        }
        let [key, skeleton, _] = names;
        tx.run(&RENAME, &[user.into(), username.as_str().into(), key.clone(), skeleton]).await?;
        hold(tx, &person, at).await?;
        tx.run(&RELEASE, &[key]).await?;
    }
    let Profile { about, time_zone, status } = profile;
    let (text, emoji, until) =
        status.map_or((None, None, None), |Status { text, emoji, until }| (Some(text), emoji, until));
    let lines = [display, about, time_zone, text, emoji].map(|line| line.as_ref().map(Line::as_str).into());
    let set = tx.row(&SET, &[&[user.into()][..], &lines, &[until.into()]].concat()).await?;
    let person = users::person(&mut set.ok_or_else(|| Fault::new("a person has no account"))?)?;
    tell(tx, person, at).await?;
    Ok(Telling::Told)
}

/// Says whether a person has a picture now. All their rooms are told, also if they had another one before.
pub(crate) async fn set_picture(tx: &mut Tx, user: UserId, picture: bool, at: Timestamp) -> Result<(), Fault> {
    let set = tx.row(&SET_PICTURE, &[user.into(), i64::from(picture).into()]).await?;
    let person = users::person(&mut set.ok_or_else(|| Fault::new("a person has no account"))?)?;
    tell(tx, person, at).await
}

/// Tells all rooms of a person, and themselves.
async fn tell(tx: &mut Tx, person: Person, at: Timestamp) -> Result<(), Fault> {
    let rooms = members::room_ids_of(tx, person.id).await?;
    streams::record_profile(tx, &rooms, &person, at).await?;
    streams::record(tx, Stream::User(person.id), Change::ProfileSet { person }, at).await.map(drop)
}

/// Holds the name that a person had until now, so that nobody passes for them by it.
async fn hold(tx: &mut Tx, person: &Person, at: Timestamp) -> Result<(), Fault> {
    let until = at.plus_ms(FORMER_NAME_MS);
    let name = &person.name;
    tx.run(&HOLD, &[name.key().into(), name.skeleton().into(), person.id.into(), until.into()]).await?;
    let most = i64::try_from(FORMER_NAMES_MAX).unwrap_or(i64::MAX);
    tx.run(&RELEASE_OLDEST, &[person.id.into(), most.into()]).await.map(drop)
}

fn profile(row: &mut Row) -> Result<Profile, Fault> {
    let mut line = || row.optional_text().map(|text| text.map(Line::kept));
    let (about, time_zone, text, emoji) = (line()?, line()?, line()?, line()?);
    let until = row.optional_int()?.map(Timestamp::from_ms);
    Ok(Profile { about, time_zone, status: text.map(|text| Status { text, emoji, until }) })
}
