//! Rooms, and the directory of them.

use model::{Change, Line, Permit, Person, Post, Room, RoomId, RoomName, Stream, Timestamp, UserId, Visibility};

use crate::{
    Fault, Tx, directs,
    engine::Conn,
    sql::{Row, Sql},
    streams,
};

// Of two who make a public room of one name at once, one gets the row.
static INSERT: Sql = Sql::new(
    "INSERT INTO rooms (name, name_key, visibility, created_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING RETURNING id",
);
static FIND: Sql = Sql::new("SELECT id, name, visibility, topic FROM rooms WHERE id = ?1");
static FIND_BY_NAME: Sql =
    Sql::new("SELECT id, name, visibility, topic FROM rooms WHERE name_key = ?1 AND visibility = 1");
// The private rooms in this list are the asker's own; direct chats are in none. A prefix is a range: every key that begins with it
// sorts between the prefix itself and the prefix followed by the last character there is. Counted are those on the page only.
static DIRECTORY: Sql = Sql::new(
    "SELECT r.id, r.name, r.visibility, r.topic,
            (SELECT COUNT(*) FROM members c WHERE c.room_id = r.id),
            (SELECT COUNT(*) FROM members me WHERE me.room_id = r.id AND me.user_id = ?1)
     FROM (SELECT id, name, visibility, topic, name_key FROM rooms
           WHERE visibility = 1 AND name_key >= ?2 AND name_key <= ?3
           UNION ALL
           SELECT o.id, o.name, o.visibility, o.topic, o.name_key FROM members m JOIN rooms o ON o.id = m.room_id
           WHERE m.user_id = ?1 AND o.visibility = 2 AND o.name_key >= ?2 AND o.name_key <= ?3
           ORDER BY name_key, id LIMIT ?4) AS r
     ORDER BY r.name_key, r.id",
);

static SET_TOPIC: Sql = Sql::new("UPDATE rooms SET topic = ?2 WHERE id = ?1");

pub(crate) static STATEMENTS: [&Sql; 5] = [&INSERT, &SET_TOPIC, &FIND, &FIND_BY_NAME, &DIRECTORY];

/// A room in the directory.
pub struct Listed {
    /// The room.
    pub room: Room,
    /// How many are in it.
    pub members: u64,
    /// Whether the asker is.
    pub joined: bool,
}

/// Makes a room; `None` if it is public and its name is taken.
pub async fn insert(
    tx: &mut Tx,
    name: &RoomName,
    visibility: Visibility,
    at: Timestamp,
) -> Result<Option<Room>, Fault> {
    let args = [name.as_str().into(), name.key().into(), number(visibility).into(), at.into()];
    let Some(mut row) = tx.row(&INSERT, &args).await? else { return Ok(None) };
    let room = Room { id: RoomId::new(row.int()?), name: name.clone(), visibility, topic: None, people: Vec::new() };
    streams::open(tx, Stream::Room(room.id), at).await?;
    Ok(Some(room))
}

/// The room of this id.
pub async fn find(conn: &mut Conn, id: RoomId) -> Result<Option<Room>, Fault> {
    let Some(mut row) = conn.row(&FIND, &[id.into()]).await? else { return Ok(None) };
    directs::complete(conn, room(&mut row)?).await.map(Some)
}

/// The public room of this name.
pub async fn find_by_name(conn: &mut Conn, name: &RoomName) -> Result<Option<Room>, Fault> {
    let Some(mut row) = conn.row(&FIND_BY_NAME, &[name.key().into()]).await? else { return Ok(None) };
    room(&mut row).map(Some)
}

/// Says what a room is about. Its stream tells of it.
pub async fn set_topic(
    tx: &mut Tx,
    permit: &Permit<Post>,
    (by, topic): (Person, Option<Line>),
    at: Timestamp,
) -> Result<(), Fault> {
    let room = permit.room();
    tx.run(&SET_TOPIC, &[room.into(), topic.as_ref().map(Line::as_str).into()]).await?;
    streams::record(tx, Stream::Room(room), Change::TopicSet { by, topic }, at).await.map(drop)
}

/// The rooms that a person can see whose folded name begins with `prefix`, by name.
pub async fn directory(conn: &mut Conn, user: UserId, prefix: &str, limit: usize) -> Result<Vec<Listed>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let last = format!("{prefix}{}", char::MAX);
    let rows = conn.rows(&DIRECTORY, &[user.into(), prefix.into(), last.into(), limit.into()]).await?;
    let listed = rows.into_iter().map(|mut row| {
        let room = room(&mut row)?;
        Ok(Listed { room, members: row.int()?.unsigned_abs(), joined: row.int()? != 0 })
    });
    listed.collect()
}

const fn number(visibility: Visibility) -> i64 {
    match visibility {
        Visibility::Public => 1,
        Visibility::Private => 2,
        Visibility::Direct => 3,
    }
}

/// A room as its row has it: a direct chat is still without its people.
pub(crate) fn room(row: &mut Row) -> Result<Room, Fault> {
    optional_room(row)?.ok_or_else(|| Fault::new("a room is not there"))
}

/// The same, where there may be none: the columns `id`, `name`, `visibility` and `topic`.
pub(crate) fn optional_room(row: &mut Row) -> Result<Option<Room>, Fault> {
    let (id, name, visibility) = (row.optional_int()?, row.optional_text()?, row.optional_int()?);
    let topic = row.optional_text()?.map(Line::kept);
    let Some(((id, name), visibility)) = id.zip(name).zip(visibility) else { return Ok(None) };
    let visibility = match visibility {
        1 => Visibility::Public,
        2 => Visibility::Private,
        3 => Visibility::Direct,
        _ => return Err(Fault::new("a room has a visibility that this program does not know")),
    };
    Ok(Some(Room { id: RoomId::new(id), name: RoomName::kept(name), visibility, topic, people: Vec::new() }))
}
