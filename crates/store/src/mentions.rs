//! Whom messages name.

use std::collections::BTreeMap;

use model::{Mention, RoomId, Seq, Timestamp};

use crate::{Fault, Tx, engine::Conn, sql::Sql, users};

static INSERT: Sql =
    Sql::new("INSERT INTO mentions (room_id, message_seq, word, user_id, at) VALUES (?1, ?2, ?3, ?4, ?5)");
static REMOVE: Sql = Sql::new("DELETE FROM mentions WHERE room_id = ?1 AND message_seq = ?2");
static BETWEEN: Sql = Sql::new(
    "SELECT n.message_seq, n.word, u.id, u.username, u.display, u.version, u.picture
     FROM mentions n LEFT JOIN users u ON u.id = n.user_id
     WHERE n.room_id = ?1 AND n.message_seq >= ?2 AND n.message_seq <= ?3 ORDER BY n.message_seq, n.word",
);

pub(crate) static STATEMENTS: [&Sql; 3] = [&INSERT, &REMOVE, &BETWEEN];

/// Notes whom a message names, each word once. `at`: when the message was posted.
pub(crate) async fn set(
    tx: &mut Tx,
    (room, seq): (RoomId, Seq),
    mentions: &[Mention],
    at: Timestamp,
) -> Result<(), Fault> {
    for Mention { word, person } in mentions {
        let who = person.as_ref().map(|person| person.id);
        tx.run(&INSERT, &[room.into(), seq.into(), word.as_str().into(), who.into(), at.into()]).await?;
    }
    Ok(())
}

/// Forgets whom a message names.
pub(crate) async fn remove(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(), Fault> {
    tx.run(&REMOVE, &[room.into(), seq.into()]).await.map(drop)
}

/// Whom the messages from one place to another name, both included, by their words.
pub(crate) async fn between(
    conn: &mut Conn,
    room: RoomId,
    first: Seq,
    last: Seq,
) -> Result<BTreeMap<Seq, Vec<Mention>>, Fault> {
    let mut mentions: BTreeMap<Seq, Vec<Mention>> = BTreeMap::new();
    for mut row in conn.rows(&BETWEEN, &[room.into(), first.into(), last.into()]).await? {
        let (seq, word) = (row.seq()?, row.text()?);
        let person = users::optional_person(&mut row)?;
        mentions.entry(seq).or_default().push(Mention { word, person });
    }
    Ok(mentions)
}
