//! What people think of messages.

use std::collections::BTreeMap;

use model::{Change, Emoji, Permit, Person, Post, Reaction, RoomId, Seq, Stream, Timestamp, UserId};

use crate::{Fault, Tx, engine::Conn, sql::Sql, streams, users};

static FIND: Sql =
    Sql::new("SELECT 1 FROM reactions WHERE room_id = ?1 AND message_seq = ?2 AND user_id = ?3 AND emoji = ?4");
static INSERT: Sql =
    Sql::new("INSERT INTO reactions (room_id, message_seq, user_id, emoji, seq) VALUES (?1, ?2, ?3, ?4, ?5)");
static REMOVE: Sql =
    Sql::new("DELETE FROM reactions WHERE room_id = ?1 AND message_seq = ?2 AND user_id = ?3 AND emoji = ?4");
static REMOVE_OF_MESSAGE: Sql = Sql::new("DELETE FROM reactions WHERE room_id = ?1 AND message_seq = ?2");
static COUNT: Sql = Sql::new("UPDATE messages SET reactions = reactions + ?3 WHERE room_id = ?1 AND seq = ?2");
static BETWEEN: Sql = Sql::new(
    "SELECT r.message_seq, r.emoji, u.id, u.username, u.display, u.version, u.picture, u.owner_id
     FROM reactions r JOIN users u ON u.id = r.user_id
     WHERE r.room_id = ?1 AND r.message_seq >= ?2 AND r.message_seq <= ?3 ORDER BY r.message_seq, r.seq",
);

pub(crate) static STATEMENTS: [&Sql; 6] = [&FIND, &INSERT, &REMOVE, &REMOVE_OF_MESSAGE, &COUNT, &BETWEEN];

/// Whether a person's reaction stands.
pub async fn stands(conn: &mut Conn, (room, message): (RoomId, Seq), by: UserId, emoji: &Emoji) -> Result<bool, Fault> {
    Ok(conn.row(&FIND, &[room.into(), message.into(), by.into(), emoji.as_str().into()]).await?.is_some())
}

/// Keeps a reaction to a message, or takes it back; it was the other way round until now.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit<Post>,
    by: Person,
    (message, emoji, on): (Seq, Emoji, bool),
    at: Timestamp,
) -> Result<(), Fault> {
    let (room, user) = (permit.room(), permit.user());
    let place = [room.into(), message.into(), user.into(), emoji.as_str().into()];
    let change = Change::ReactionSet { message, by, emoji, on };
    let event = streams::record(tx, Stream::Room(room), change, at).await?;
    if on {
        tx.run(&INSERT, &[&place[..], &[event.seq.into()]].concat()).await?;
    } else {
        tx.run(&REMOVE, &place).await?;
    }
    let more: i64 = if on { 1 } else { -1 };
    tx.run(&COUNT, &[room.into(), message.into(), more.into()]).await.map(drop)
}

/// Forgets what people think of a message.
pub(crate) async fn remove_of_message(tx: &mut Tx, room: RoomId, message: Seq) -> Result<(), Fault> {
    tx.run(&REMOVE_OF_MESSAGE, &[room.into(), message.into()]).await.map(drop)
}

/// The reactions to the messages from one place to another, both included, in the order in which they were set; and who set them.
pub(crate) async fn between(
    conn: &mut Conn,
    room: RoomId,
    (first, last): (Seq, Seq),
    people: &mut BTreeMap<UserId, Person>,
) -> Result<BTreeMap<Seq, Vec<Reaction>>, Fault> {
    let mut reactions: BTreeMap<Seq, Vec<Reaction>> = BTreeMap::new();
    for mut row in conn.rows(&BETWEEN, &[room.into(), first.into(), last.into()]).await? {
        let (seq, emoji) = (row.seq()?, row.text()?);
        let emoji = Emoji::parse(&emoji).map_err(|e| Fault::caused("a kept emoji is bad", e))?;
        let by = users::person(&mut row)?;
        reactions.entry(seq).or_default().push(Reaction { by: by.id, emoji });
        people.insert(by.id, by);
    }
    Ok(reactions)
}
