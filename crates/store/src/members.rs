//! Who is in which room.

use model::{Change, Membership, Person, Room, RoomId, Seq, Stream, Timestamp, UserId, Username};

use crate::{Fault, Tx, engine::Conn, rooms, sql::Sql, streams};

static INSERT: Sql =
    Sql::new("INSERT INTO members (room_id, user_id, joined_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
static DELETE: Sql = Sql::new("DELETE FROM members WHERE room_id = ?1 AND user_id = ?2");
static FIND: Sql = Sql::new("SELECT joined_at FROM members WHERE room_id = ?1 AND user_id = ?2");
static PAGE: Sql = Sql::new(
    "SELECT u.id, u.username FROM members m JOIN users u ON u.id = m.user_id
     WHERE m.room_id = ?1 AND m.user_id > ?2 ORDER BY m.user_id LIMIT ?3",
);
static COUNT_ROOMS: Sql = Sql::new("SELECT COUNT(*) FROM members WHERE user_id = ?1");
static ROOMS_OF: Sql = Sql::new(
    "SELECT r.id, r.name, r.visibility, s.head
     FROM members m JOIN rooms r ON r.id = m.room_id JOIN streams s ON s.kind = 1 AND s.owner = r.id
     WHERE m.user_id = ?1 ORDER BY r.name_key, r.id",
);

pub(crate) static STATEMENTS: [&Sql; 6] = [&INSERT, &DELETE, &FIND, &PAGE, &COUNT_ROOMS, &ROOMS_OF];

/// Brings a person into a room; says whether they were outside. Both streams tell of it.
pub async fn join(tx: &mut Tx, room: &Room, member: &Person, at: Timestamp) -> Result<bool, Fault> {
    if tx.run(&INSERT, &[room.id.into(), member.id.into(), at.into()]).await? == 0 {
        return Ok(false);
    }
    let joined = Change::MemberJoined { member: member.clone() };
    let head = streams::record(tx, Stream::Room(room.id), joined, at).await?.seq;
    let entered = Change::RoomJoined { room: room.clone(), head };
    streams::record(tx, Stream::User(member.id), entered, at).await?;
    Ok(true)
}

/// Takes a person out of a room; says whether they were in it. Both streams tell of it.
pub async fn leave(tx: &mut Tx, room: RoomId, member: &Person, at: Timestamp) -> Result<bool, Fault> {
    if tx.run(&DELETE, &[room.into(), member.id.into()]).await? == 0 {
        return Ok(false);
    }
    streams::record(tx, Stream::Room(room), Change::MemberLeft { member: member.clone() }, at).await?;
    streams::record(tx, Stream::User(member.id), Change::RoomLeft { room }, at).await?;
    Ok(true)
}

/// What a person is to a room.
pub async fn find(conn: &mut Conn, room: RoomId, user: UserId) -> Result<Membership, Fault> {
    let row = conn.row(&FIND, &[room.into(), user.into()]).await?;
    Ok(if row.is_some() { Membership::Member } else { Membership::Outsider })
}

/// Members with an id above `after`, by id.
pub async fn page(conn: &mut Conn, room: RoomId, after: UserId, limit: usize) -> Result<Vec<Person>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&PAGE, &[room.into(), after.into(), limit.into()]).await?;
    let people =
        rows.into_iter().map(|mut row| Ok(Person { id: UserId::new(row.int()?), name: Username::kept(row.text()?) }));
    people.collect()
}

/// How many rooms a person is in.
pub async fn count_rooms(conn: &mut Conn, user: UserId) -> Result<usize, Fault> {
    let row = conn.row(&COUNT_ROOMS, &[user.into()]).await?;
    let count = row.ok_or_else(|| Fault::new("a count has no row"))?.int()?;
    usize::try_from(count).map_err(|e| Fault::caused("a count is negative", e))
}

/// The rooms that a person is in, by name, and where each stream stands.
pub async fn rooms_of(conn: &mut Conn, user: UserId) -> Result<Vec<(Room, Seq)>, Fault> {
    let rows = conn.rows(&ROOMS_OF, &[user.into()]).await?;
    rows.into_iter().map(|mut row| Ok((rooms::room(row.int()?, row.text()?, row.int()?)?, row.seq()?))).collect()
}
