//! Streams: the counter of each, the log of all, and the only birthplace of an event.

mod entry;

use std::collections::BTreeMap;

use model::{
    Change, Edited, Event, Line, Message, Person, RoomId, Said, Seq, Stream, Timestamp, UserId,
    limits::{EVENTS_DROPPED, EVENTS_KEPT},
};

use self::entry::Content;
use crate::{
    Fault, Tx, directs,
    engine::Conn,
    messages, rooms,
    sql::{Sql, Value},
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
// The engines have no way in common to pass a list: so many at once, filled up with nobody.
const HEADS_AT_ONCE: usize = 25;
static HEADS: Sql = Sql::new(
    "SELECT owner, head FROM streams WHERE kind = ?1
       AND owner IN (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
                     ?24, ?25, ?26)",
);
static INSERT: Sql = Sql::new(
    "INSERT INTO events (kind, owner, seq, at, what, person, room, number, read, unread, word)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
);
// The same for so many rooms at once, filled up with nobody: the streams are this transaction's from the first statement on.
static ADVANCE_SOME: Sql = Sql::new(
    "UPDATE streams SET head = head + 1, at = CASE WHEN at > ?2 THEN at ELSE ?2 END
     WHERE kind = ?1
       AND owner IN (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
                     ?25, ?26, ?27)
     RETURNING owner, head, at",
);
static INSERT_SOME: Sql = Sql::new(
    "INSERT INTO events (kind, owner, seq, at, what, person)
     SELECT kind, owner, head, at, ?2, ?3 FROM streams
     WHERE kind = ?1
       AND owner IN (?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
                     ?26, ?27, ?28)",
);
static DROP: Sql = Sql::new("DELETE FROM events WHERE kind = ?1 AND owner = ?2 AND seq <= ?3");
static SINCE: Sql = Sql::new(
    "SELECT e.seq, e.at, e.what, e.number, e.read, e.unread, e.word, u.id, u.username, u.display, u.version, u.picture, u.owner_id,
            r.id, r.name, r.visibility, r.topic
     FROM events e
     LEFT JOIN users u ON u.id = e.person
     LEFT JOIN rooms r ON r.id = e.room
     WHERE e.kind = ?1 AND e.owner = ?2 AND e.seq > ?3 ORDER BY e.seq LIMIT ?4",
);

pub(crate) static STATEMENTS: [&Sql; 10] =
    [&OPEN, &LOCK, &ADVANCE, &HEAD, &HEADS, &INSERT, &ADVANCE_SOME, &INSERT_SOME, &DROP, &SINCE];

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

/// The places of the last events of these streams; those that do not exist are left out.
pub async fn heads(conn: &mut Conn, streams: &[Stream]) -> Result<Vec<(Stream, Seq)>, Fault> {
    let (rooms, people): (Vec<Stream>, Vec<Stream>) =
        streams.iter().partition(|stream| matches!(stream, Stream::Room(_)));
    let mut heads = Vec::with_capacity(streams.len());
    for some in rooms.chunks(HEADS_AT_ONCE).chain(people.chunks(HEADS_AT_ONCE)) {
        let [kind, _] = name(some[0]);
        let mut args = vec![kind];
        args.extend(some.iter().map(|stream| name(*stream)[1].clone()));
        args.resize(1 + HEADS_AT_ONCE, Value::Null);
        for mut row in conn.rows(&HEADS, &args).await? {
            let owner = row.int()?;
            let stream = match some[0] {
                Stream::Room(_) => Stream::Room(RoomId::new(owner)),
                Stream::User(_) => Stream::User(UserId::new(owner)),
            };
            heads.push((stream, row.seq()?));
        }
    }
    Ok(heads)
}

/// Writes down what changed, at the next place of its stream. The state that the change is about is written by the caller,
/// in the same transaction.
pub(crate) async fn record(tx: &mut Tx, stream: Stream, change: Change, now: Timestamp) -> Result<Event, Fault> {
    let [kind, owner] = name(stream);
    let advanced = tx.row(&ADVANCE, &[kind.clone(), owner.clone(), now.into()]).await?;
    let mut row = advanced.ok_or_else(|| Fault::new("a change has no stream to stand in"))?;
    let (seq, at) = (row.seq()?, row.time()?);
    let place = [kind, owner, seq.into(), at.into()];
    tx.run(&INSERT, &[&place[..], &entry::columns(&change)].concat()).await?;
    drop_oldest(tx, stream, seq).await?;
    let event = Event { stream, seq, at, change };
    tx.push(event.clone());
    Ok(event)
}

/// Writes down in these rooms, which are in order of their ids, that somebody tells something else of themselves: two statements for
/// every twenty-five of them.
pub(crate) async fn record_profile(
    tx: &mut Tx,
    rooms: &[RoomId],
    person: &Person,
    now: Timestamp,
) -> Result<(), Fault> {
    let change = Change::ProfileSet { person: person.clone() };
    let [what, ..] = entry::columns(&change);
    for some in rooms.chunks(HEADS_AT_ONCE) {
        let mut owners: Vec<Value> = some.iter().map(|room| Value::from(*room)).collect();
        owners.resize(HEADS_AT_ONCE, Value::Null);
        let kind = Value::from(ROOMS);
        let advanced = tx.rows(&ADVANCE_SOME, &[vec![kind.clone(), now.into()], owners.clone()].concat()).await?;
        tx.run(&INSERT_SOME, &[vec![kind, what.clone(), person.id.into()], owners].concat()).await?;
        for mut row in advanced {
            let (stream, seq, at) = (Stream::Room(RoomId::new(row.int()?)), row.seq()?, row.time()?);
            drop_oldest(tx, stream, seq).await?;
            tx.push(Event { stream, seq, at, change: change.clone() });
        }
    }
    Ok(())
}

/// The log is bounded: now and then its oldest events go.
async fn drop_oldest(tx: &mut Tx, stream: Stream, head: Seq) -> Result<(), Fault> {
    if head.number().is_multiple_of(EVENTS_DROPPED) && head.number() > EVENTS_KEPT {
        let [kind, owner] = name(stream);
        tx.run(&DROP, &[kind, owner, Seq::new(head.number() - EVENTS_KEPT).into()]).await?;
    }
    Ok(())
}

/// Events after `seq`, oldest first, at most `limit`. The log drops the oldest: the first may not be the next after `seq`.
pub async fn events_since(conn: &mut Conn, stream: Stream, seq: Seq, limit: usize) -> Result<Vec<Event>, Fault> {
    let [kind, owner] = name(stream);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&SINCE, &[kind, owner, seq.into(), limit.into()]).await?;
    let rows = rows.into_iter().map(entry::event).collect::<Result<Vec<_>, Fault>>()?;
    let mut messages = posted(conn, stream, &rows).await?;
    let mut events = Vec::with_capacity(rows.len());
    for (seq, at, content) in rows {
        let change = match content {
            Content::Whole(Change::RoomJoined { room, head }) => {
                Change::RoomJoined { room: directs::complete(conn, room).await?, head }
            }
            Content::Whole(change) => change,
            Content::Topic { by } => Change::TopicSet { by, topic: topic(conn, stream).await? },
            Content::Posted => Change::MessagePosted(Box::new(there(messages.remove(&seq))?.said)),
            Content::Edited { message, edits } => Change::MessageEdited(edited(conn, stream, message, edits).await?),
        };
        events.push(Event { stream, seq, at, change });
    }
    Ok(events)
}

/// The messages that some of these events of a stream brought, as they say now.
async fn posted(
    conn: &mut Conn,
    stream: Stream,
    rows: &[(Seq, Timestamp, Content)],
) -> Result<BTreeMap<Seq, Message>, Fault> {
    let mut seqs = rows.iter().filter(|(_, _, content)| matches!(content, Content::Posted)).map(|(seq, ..)| *seq);
    let (Stream::Room(room), Some(first)) = (stream, seqs.next()) else { return Ok(BTreeMap::new()) };
    messages::between(conn, room, first, seqs.next_back().unwrap_or(first)).await
}

/// What a room is about now. The log has no texts.
async fn topic(conn: &mut Conn, stream: Stream) -> Result<Option<Line>, Fault> {
    match stream {
        Stream::Room(room) => Ok(there(rooms::find(conn, room).await?)?.topic),
        Stream::User(_) => Err(Fault::new("a person has no topic")),
    }
}

/// What a message was changed to. The log has no texts: it is what the message says now, and events for later changes follow.
async fn edited(conn: &mut Conn, stream: Stream, message: Seq, edits: u32) -> Result<Box<Edited>, Fault> {
    let found = match stream {
        Stream::Room(room) => messages::find(conn, room, message).await?,
        Stream::User(_) => None,
    };
    let Said { text, mentions, .. } = there(found)?.said;
    Ok(Box::new(Edited { message, text, mentions, edits }))
}

fn there<T>(subject: Option<T>) -> Result<T, Fault> {
    subject.ok_or_else(|| Fault::new("the log has an event without its subject"))
}

/// The kind of a room's stream.
const ROOMS: i64 = 1;

fn name(stream: Stream) -> [Value; 2] {
    match stream {
        Stream::Room(id) => [ROOMS.into(), id.into()],
        Stream::User(id) => [2.into(), id.into()],
    }
}
