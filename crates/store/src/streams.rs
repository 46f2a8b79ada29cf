//! Streams: the counter of each, the log of all, and the only birthplace of an event.

use model::{Body, Change, ClientKey, Event, Person, RoomId, Seq, SessionId, Stream, Timestamp, UserId, Username};

use crate::{
    Fault, Tx,
    engine::Conn,
    rooms,
    sql::{Row, Sql, Value},
};

static OPEN: Sql = Sql::new("INSERT INTO streams (kind, owner, head, at) VALUES (?1, ?2, 0, ?3)");
// Writing a row takes its lock on both engines, and until the commit nobody else records in this stream.
static LOCK: Sql = Sql::new("UPDATE streams SET head = head WHERE kind = ?1 AND owner = ?2 RETURNING head");
// Time never runs backwards within a stream, whatever the clock does.
static ADVANCE: Sql = Sql::new(
    "UPDATE streams SET head = head + 1, at = CASE WHEN at > ?3 THEN at ELSE ?3 END
     WHERE kind = ?1 AND owner = ?2 RETURNING head, at",
);
static HEAD: Sql = Sql::new("SELECT head FROM streams WHERE kind = ?1 AND owner = ?2");
static INSERT: Sql = Sql::new(
    "INSERT INTO events (kind, owner, seq, at, what, person, room, number) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
);
static SINCE: Sql = Sql::new(
    "SELECT e.seq, e.at, e.what, e.number, u.id, u.username, r.id, r.name, r.visibility, m.client_key, m.body
     FROM events e
     LEFT JOIN users u ON u.id = e.person
     LEFT JOIN rooms r ON r.id = e.room
     LEFT JOIN messages m ON e.what = 'message_posted' AND m.room_id = e.owner AND m.seq = e.seq
     WHERE e.kind = ?1 AND e.owner = ?2 AND e.seq > ?3 ORDER BY e.seq LIMIT ?4",
);

pub(crate) static STATEMENTS: [&Sql; 6] = [&OPEN, &LOCK, &ADVANCE, &HEAD, &INSERT, &SINCE];

/// Makes the stream of a new room or person.
pub(crate) async fn open(tx: &mut Tx, stream: Stream, at: Timestamp) -> Result<(), Fault> {
    let [kind, owner] = name(stream);
    tx.run(&OPEN, &[kind, owner, at.into()]).await.map(drop)
}

/// Takes the stream for this transaction, so that what is read next still holds when it is written upon. Gives its head;
/// `None` if there is no such stream.
pub async fn lock(tx: &mut Tx, stream: Stream) -> Result<Option<Seq>, Fault> {
    tx.row(&LOCK, &name(stream)).await?.map(|mut row| row.seq()).transpose()
}

/// The place of the stream's last event; `None` if there is no such stream.
pub async fn head(conn: &mut Conn, stream: Stream) -> Result<Option<Seq>, Fault> {
    conn.row(&HEAD, &name(stream)).await?.map(|mut row| row.seq()).transpose()
}

/// Writes down what changed, at the next place of its stream. The state that the change is about is written by the caller,
/// in the same transaction.
pub(crate) async fn record(tx: &mut Tx, stream: Stream, change: Change, now: Timestamp) -> Result<Event, Fault> {
    let [kind, owner] = name(stream);
    let advanced = tx.row(&ADVANCE, &[kind.clone(), owner.clone(), now.into()]).await?;
    let mut row = advanced.ok_or_else(|| Fault::new("a change has no stream to stand in"))?;
    let (seq, at) = (row.seq()?, row.time()?);
    let [what, person, room, number] = columns(&change);
    tx.run(&INSERT, &[kind, owner, seq.into(), at.into(), what, person, room, number]).await?;
    let event = Event { stream, seq, at, change };
    tx.push(event.clone());
    Ok(event)
}

/// Events after `seq`, oldest first, at most `limit`.
pub async fn events_since(conn: &mut Conn, stream: Stream, seq: Seq, limit: usize) -> Result<Vec<Event>, Fault> {
    let [kind, owner] = name(stream);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&SINCE, &[kind, owner, seq.into(), limit.into()]).await?;
    rows.into_iter().map(|row| event(stream, row)).collect()
}

fn name(stream: Stream) -> [Value; 2] {
    match stream {
        Stream::Room(id) => [1.into(), id.into()],
        Stream::User(id) => [2.into(), id.into()],
    }
}

/// A change as the log keeps it: what, whom and which room it is about, and a number. Never a text.
fn columns(change: &Change) -> [Value; 4] {
    let none = || Value::Null;
    match change {
        Change::MessagePosted { author, .. } => ["message_posted".into(), author.id.into(), none(), none()],
        Change::MemberJoined { member } => ["member_joined".into(), member.id.into(), none(), none()],
        Change::MemberLeft { member } => ["member_left".into(), member.id.into(), none(), none()],
        Change::RoomJoined { room, head } => ["room_joined".into(), none(), room.id.into(), (*head).into()],
        Change::RoomLeft { room } => ["room_left".into(), none(), (*room).into(), none()],
        Change::SessionClosed { session } => ["session_closed".into(), none(), none(), (*session).into()],
    }
}

fn event(stream: Stream, mut row: Row) -> Result<Event, Fault> {
    let (seq, at, what, number) = (row.seq()?, row.time()?, row.text()?, row.optional_int()?);
    let (user, username) = (row.optional_int()?, row.optional_text()?);
    let (room, room_name, visibility) = (row.optional_int()?, row.optional_text()?, row.optional_int()?);
    let (key, body) = (row.optional_text()?, row.optional_text()?);
    let incomplete = || Fault::new("the log has an event without its subject");
    let person = || {
        let (id, name) = user.zip(username.clone()).ok_or_else(incomplete)?;
        Ok(Person { id: UserId::new(id), name: Username::kept(name) })
    };
    let change = match what.as_str() {
        "message_posted" => Change::MessagePosted {
            author: person()?,
            key: ClientKey::parse(&key.ok_or_else(incomplete)?).map_err(|e| Fault::caused("a kept key is bad", e))?,
            text: Body::parse(&body.ok_or_else(incomplete)?).map_err(|e| Fault::caused("a kept text is bad", e))?,
        },
        "member_joined" => Change::MemberJoined { member: person()? },
        "member_left" => Change::MemberLeft { member: person()? },
        "room_joined" => {
            let (id, room_name, visibility) =
                (room.zip(room_name).zip(visibility)).map(|((a, b), c)| (a, b, c)).ok_or_else(incomplete)?;
            let head =
                u64::try_from(number.ok_or_else(incomplete)?).map_err(|e| Fault::caused("a place is negative", e))?;
            Change::RoomJoined { room: rooms::room(id, room_name, visibility)?, head: Seq::new(head) }
        }
        "room_left" => Change::RoomLeft { room: RoomId::new(room.ok_or_else(incomplete)?) },
        "session_closed" => Change::SessionClosed { session: SessionId::new(number.ok_or_else(incomplete)?) },
        _ => return Err(Fault::new("the log has an event that this program does not know")),
    };
    Ok(Event { stream, seq, at, change })
}
