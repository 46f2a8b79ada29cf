//! How far each member has come in a room.

use model::{Change, Marks, MemberMarks, Permit, Read, RoomId, Seq, Stream, Timestamp, UserId, limits};

use crate::{
    Fault, Tx,
    engine::Conn,
    sql::{Row, Sql},
    streams,
};

static FIND: Sql = Sql::new("SELECT delivered, read FROM members WHERE room_id = ?1 AND user_id = ?2");
static SET: Sql = Sql::new("UPDATE members SET delivered = ?3, read = ?4 WHERE room_id = ?1 AND user_id = ?2");
static OTHERS: Sql = Sql::new(
    "SELECT m.user_id, m.delivered, m.read FROM members m JOIN users u ON u.id = m.user_id
     WHERE m.room_id = ?1 AND m.user_id <> ?2 AND u.receipts = 1
       AND NOT EXISTS (SELECT 1 FROM regards b WHERE b.user_id = ?2 AND b.other_id = m.user_id AND b.regard = 2)
     ORDER BY m.user_id LIMIT ?3",
);
static COUNT_UNREAD: Sql = Sql::new(
    "SELECT COUNT(*) FROM (
         SELECT 1 FROM (
             SELECT author_id FROM messages WHERE room_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?5
         ) AS near WHERE near.author_id <> ?3 LIMIT ?4
     ) AS counted",
);

pub(crate) static STATEMENTS: [&Sql; 4] = [&FIND, &SET, &OTHERS, &COUNT_UNREAD];

/// A person's step from one place to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where they were.
    pub from: Marks,
    /// Where they are now.
    pub to: Marks,
    /// Whether the room is told.
    pub told: bool,
}

/// A member's own marks.
pub async fn find(conn: &mut Conn, permit: &Permit<Read>) -> Result<Marks, Fault> {
    let row = conn.row(&FIND, &[permit.room().into(), permit.user().into()]).await?;
    marks(&mut row.ok_or_else(|| Fault::new("a member has no marks"))?)
}

/// Takes a step. The member's own stream tells of it if it was of `read`.
pub async fn advance(tx: &mut Tx, permit: &Permit<Read>, step: Step, at: Timestamp) -> Result<(), Fault> {
    let (room, user) = (permit.room(), permit.user());
    set(tx, room, user, step.to).await?;
    let stream = Stream::Room(room);
    if step.told {
        let moved = Change::MarksMoved(MemberMarks { member: user, marks: step.to });
        streams::record(tx, stream, moved, at).await?;
    }
    if step.to.read != step.from.read {
        let read = step.to.read;
        let head = streams::head(tx, stream).await?.ok_or_else(|| Fault::new("a room has no stream"))?;
        let unread = unread(tx, permit, read).await?;
        streams::record(tx, Stream::User(user), Change::RoomRead { room, read, unread, head }, at).await?;
    }
    Ok(())
}

/// Messages of others after a place, counted up to `limits::UNREAD_MAX`.
pub async fn unread(conn: &mut Conn, permit: &Permit<Read>, read: Seq) -> Result<u32, Fault> {
    let [most, near] = BOUNDS;
    let args = [permit.room().into(), read.into(), permit.user().into(), most.into(), near.into()];
    let counted = conn.row(&COUNT_UNREAD, &args).await?;
    counted.ok_or_else(|| Fault::new("a count has no row"))?.count()
}

/// The marks of those other members who give receipts and whom the asker does not block, by id, at most `limit`.
pub async fn others(conn: &mut Conn, permit: &Permit<Read>, limit: usize) -> Result<Vec<MemberMarks>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&OTHERS, &[permit.room().into(), permit.user().into(), limit.into()]).await?;
    let told = rows.into_iter().map(|mut row| {
        let member = UserId::new(row.int()?);
        Ok(MemberMarks { member, marks: marks(&mut row)? })
    });
    told.collect()
}

pub(crate) async fn set(tx: &mut Tx, room: RoomId, user: UserId, marks: Marks) -> Result<(), Fault> {
    tx.run(&SET, &[room.into(), user.into(), marks.delivered.into(), marks.read.into()]).await.map(drop)
}

/// The most that is counted, and among how many messages after the mark. The second is met by those alone who say a thousand
/// things without ever reading, such as programs: their own messages would be passed over one by one, at each hello.
pub(crate) const BOUNDS: [i64; 2] = [limits::UNREAD_MAX as i64, 1_000];

/// The next two columns of a row.
pub(crate) fn marks(row: &mut Row) -> Result<Marks, Fault> {
    Ok(Marks { delivered: row.seq()?, read: row.seq()? })
}
