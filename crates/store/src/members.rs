//! Who is in which room.

use model::{Change, Marks, Membership, Person, Room, RoomId, RoomPrefs, Seq, Stream, Timestamp, UserId, Visibility};

use crate::{
    Fault, Tx, directs,
    engine::Conn,
    hooks, marks, room_prefs, rooms, saved,
    sql::{Sql, Value},
    streams, users,
};

static INSERT: Sql =
    Sql::new("INSERT INTO members (room_id, user_id, joined_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
static DELETE: Sql = Sql::new("DELETE FROM members WHERE room_id = ?1 AND user_id = ?2");
static FIND: Sql = Sql::new(
    "SELECT u.id, u.username, u.display, u.version, u.picture, u.owner_id FROM members m JOIN users u ON u.id = m.user_id
     WHERE m.room_id = ?1 AND m.user_id = ?2",
);
static PAGE: Sql = Sql::new(
    "SELECT u.id, u.username, u.display, u.version, u.picture, u.owner_id FROM members m JOIN users u ON u.id = m.user_id
     WHERE m.room_id = ?1 AND m.user_id > ?2 ORDER BY m.user_id LIMIT ?3",
);
static COUNT: Sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 FROM members WHERE room_id = ?1 LIMIT ?2) AS counted");
static COUNT_ROOMS: Sql = Sql::new("SELECT COUNT(*) FROM members WHERE user_id = ?1");
static ROOM_IDS_OF: Sql = Sql::new("SELECT room_id FROM members WHERE user_id = ?1 ORDER BY room_id");
static ROOMS_OF: Sql = Sql::new(
    "SELECT r.id, r.name, r.visibility, r.topic, s.head, m.delivered, m.read,
            (SELECT COUNT(*) FROM (
                 SELECT 1 FROM (
                     SELECT n.author_id FROM messages n
                     WHERE n.room_id = m.room_id AND n.seq > m.read ORDER BY n.seq LIMIT ?3
                 ) AS near WHERE near.author_id <> m.user_id LIMIT ?2
             ) AS counted),
            (SELECT l.at FROM messages l WHERE l.room_id = m.room_id ORDER BY l.seq DESC LIMIT 1),
            m.notify, m.favourite, m.unread_from
     FROM members m JOIN rooms r ON r.id = m.room_id JOIN streams s ON s.kind = 1 AND s.owner = r.id
     WHERE m.user_id = ?1 ORDER BY r.name_key, r.id",
);

pub(crate) static STATEMENTS: [&Sql; 8] =
    [&INSERT, &DELETE, &FIND, &PAGE, &COUNT, &COUNT_ROOMS, &ROOM_IDS_OF, &ROOMS_OF];

/// A room that a person is in, where its stream stands, and how far they have come in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The room.
    pub room: Room,
    /// The head of its stream.
    pub head: Seq,
    /// How far they have come.
    pub marks: Marks,
    /// What they want of it.
    pub prefs: RoomPrefs,
    /// Messages of others after what they read, up to `limits::UNREAD_MAX`.
    pub unread: u32,
    /// The messages there that they saved, by place.
    pub saved: Vec<Seq>,
    /// When something was last said there.
    pub last_at: Option<Timestamp>,
}

/// Brings a person into a room; says whether they were outside. Both streams tell of it. What was said before is not unread.
pub async fn join(tx: &mut Tx, room: &Room, member: &Person, at: Timestamp) -> Result<bool, Fault> {
    if tx.run(&INSERT, &[room.id.into(), member.id.into(), at.into()]).await? == 0 {
        return Ok(false);
    }
    let joined = Change::MemberJoined { member: member.clone() };
    let head = streams::record(tx, Stream::Room(room.id), joined, at).await?.seq;
    marks::set(tx, room.id, member.id, Marks::at(head)).await?;
    let entered = Change::RoomJoined { room: room.clone(), head };
    streams::record(tx, Stream::User(member.id), entered, at).await?;
    Ok(true)
}

/// Takes a person out of a room; says whether they were in it. Both streams tell of it.
pub async fn leave(tx: &mut Tx, room: RoomId, member: &Person, at: Timestamp) -> Result<bool, Fault> {
    if tx.run(&DELETE, &[room.into(), member.id.into()]).await? == 0 {
        return Ok(false);
    }
    saved::remove_of_member(tx, room, member.id).await?;
    hooks::remove_of_member(tx, room, member.id).await?;
    streams::record(tx, Stream::Room(room), Change::MemberLeft { member: member.clone() }, at).await?;
    streams::record(tx, Stream::User(member.id), Change::RoomLeft { room }, at).await?;
    Ok(true)
}

/// What a person is to a room.
pub async fn find(conn: &mut Conn, room: RoomId, user: UserId) -> Result<Membership, Fault> {
    Ok(if find_person(conn, room, user).await?.is_some() { Membership::Member } else { Membership::Outsider })
}

/// A member as they are called now.
pub async fn find_person(conn: &mut Conn, room: RoomId, user: UserId) -> Result<Option<Person>, Fault> {
    conn.row(&FIND, &[room.into(), user.into()]).await?.map(|mut row| users::person(&mut row)).transpose()
}

/// Members with an id above `after`, by id.
pub async fn page(conn: &mut Conn, room: RoomId, after: UserId, limit: usize) -> Result<Vec<Person>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&PAGE, &[room.into(), after.into(), limit.into()]).await?;
    rows.into_iter().map(|mut row| users::person(&mut row)).collect()
}

/// How many people are in a room, as far as `most`: beyond it nobody is counted.
pub async fn count(conn: &mut Conn, room: RoomId, most: usize) -> Result<usize, Fault> {
    counted(conn, &COUNT, &[room.into(), i64::try_from(most).unwrap_or(i64::MAX).into()]).await
}

/// How many rooms a person is in.
pub async fn count_rooms(conn: &mut Conn, user: UserId) -> Result<usize, Fault> {
    counted(conn, &COUNT_ROOMS, &[user.into()]).await
}

async fn counted(conn: &mut Conn, sql: &Sql, args: &[Value]) -> Result<usize, Fault> {
    let row = conn.row(sql, args).await?;
    let count = row.ok_or_else(|| Fault::new("a count has no row"))?.int()?;
    usize::try_from(count).map_err(|e| Fault::caused("a count is negative", e))
}

/// The ids of the rooms that a person is in, from the least.
pub(crate) async fn room_ids_of(conn: &mut Conn, user: UserId) -> Result<Vec<RoomId>, Fault> {
    let rows = conn.rows(&ROOM_IDS_OF, &[user.into()]).await?;
    rows.into_iter().map(|mut row| row.int().map(RoomId::new)).collect()
}

/// The rooms that a person is in: direct chats, and then the others by name. Three statements, however many there are.
pub async fn rooms_of(conn: &mut Conn, user: UserId) -> Result<Vec<Standing>, Fault> {
    let mut directs = directs::people_of(conn, user).await?;
    let mut saved = saved::places(conn, user).await?;
    let [most, near] = marks::BOUNDS;
    let rows = conn.rows(&ROOMS_OF, &[user.into(), most.into(), near.into()]).await?;
    let standings = rows.into_iter().map(|mut row| {
        let mut room = rooms::room(&mut row)?;
        if room.visibility == Visibility::Direct {
            room = directs::between(room.id, directs.remove(&room.id).unwrap_or_default());
        }
        let (head, marks, unread) = (row.seq()?, marks::marks(&mut row)?, row.count()?);
        let last_at = row.optional_int()?.map(Timestamp::from_ms);
        let prefs = room_prefs::prefs(&mut row)?;
        let saved = saved.remove(&room.id).unwrap_or_default();
        Ok(Standing { room, head, marks, prefs, unread, saved, last_at })
    });
    standings.collect()
}
