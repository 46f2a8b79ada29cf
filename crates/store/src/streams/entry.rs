//! An event as the log keeps it: what, whom and which room it is about, and numbers. Never a text.

use model::{
    Body, Change, ClientKey, Event, Marks, MemberMarks, Person, RoomId, Seq, SessionId, Stream, UserId, Username,
};

use crate::{
    Fault, rooms,
    sql::{Row, Value},
};

/// The columns `what`, `person`, `room`, `number`, `read` and `unread`.
pub(super) fn columns(change: &Change) -> [Value; 6] {
    const NONE: Value = Value::Null;
    match change {
        Change::MessagePosted { author, .. } => ["message_posted".into(), author.id.into(), NONE, NONE, NONE, NONE],
        Change::MessageDeleted { message } => ["message_deleted".into(), NONE, NONE, (*message).into(), NONE, NONE],
        Change::MemberJoined { member } => ["member_joined".into(), member.id.into(), NONE, NONE, NONE, NONE],
        Change::MemberLeft { member } => ["member_left".into(), member.id.into(), NONE, NONE, NONE, NONE],
        Change::MarksMoved(MemberMarks { member, marks }) => {
            ["marks_moved".into(), (*member).into(), NONE, marks.delivered.into(), marks.read.into(), NONE]
        }
        Change::Withheld {} => ["withheld".into(), NONE, NONE, NONE, NONE, NONE],
        Change::RoomJoined { room, head } => ["room_joined".into(), NONE, room.id.into(), (*head).into(), NONE, NONE],
        Change::RoomLeft { room } => ["room_left".into(), NONE, (*room).into(), NONE, NONE, NONE],
        Change::RoomRead { room, read, unread, head } => {
            let unread = i64::from(*unread).into();
            ["room_read".into(), NONE, (*room).into(), (*head).into(), (*read).into(), unread]
        }
        Change::ReceiptsSet { on } => ["receipts_set".into(), NONE, NONE, i64::from(*on).into(), NONE, NONE],
        Change::SessionClosed { session } => ["session_closed".into(), NONE, NONE, (*session).into(), NONE, NONE],
    }
}

/// What stands beside an event in the log. Which of it is there depends on the event.
struct About {
    number: Option<i64>,
    read: Option<i64>,
    unread: Option<i64>,
    person: Option<(i64, String)>,
    room: Option<(i64, String, i64)>,
    message: Option<(String, String)>,
}

/// A row of the log, and how many files go with its message. A direct chat in it is still without its people, and a message
/// without its files.
pub(super) fn event(stream: Stream, mut row: Row) -> Result<(Event, i64), Fault> {
    let (seq, at, what) = (row.seq()?, row.time()?, row.text()?);
    let about = About {
        number: row.optional_int()?,
        read: row.optional_int()?,
        unread: row.optional_int()?,
        person: row.optional_int()?.zip(row.optional_text()?),
        room: row.optional_int()?.zip(row.optional_text()?).zip(row.optional_int()?).map(|((a, b), c)| (a, b, c)),
        message: row.optional_text()?.zip(row.optional_text()?),
    };
    let files = row.optional_int()?.unwrap_or(0);
    Ok((Event { stream, seq, at, change: change(&what, about)? }, files))
}

fn change(what: &str, about: About) -> Result<Change, Fault> {
    Ok(match what {
        "message_posted" => {
            let (key, body) = there(about.message)?;
            Change::MessagePosted {
                author: person(about.person)?,
                key: ClientKey::parse(&key).map_err(|e| Fault::caused("a kept key is bad", e))?,
                text: Body::try_from(body).map_err(|e| Fault::caused("a kept text is bad", e))?,
                files: Vec::new(),
            }
        }
        "message_deleted" => Change::MessageDeleted { message: seq(about.number)? },
        "member_joined" => Change::MemberJoined { member: person(about.person)? },
        "member_left" => Change::MemberLeft { member: person(about.person)? },
        "marks_moved" => {
            let marks = Marks { delivered: seq(about.number)?, read: seq(about.read)? };
            Change::MarksMoved(MemberMarks { member: person(about.person)?.id, marks })
        }
        "withheld" => Change::Withheld {},
        "room_joined" => {
            let (id, name, visibility) = there(about.room)?;
            Change::RoomJoined { room: rooms::room(id, name, visibility)?, head: seq(about.number)? }
        }
        "room_left" => Change::RoomLeft { room: RoomId::new(there(about.room)?.0) },
        "room_read" => Change::RoomRead {
            room: RoomId::new(there(about.room)?.0),
            read: seq(about.read)?,
            unread: u32::try_from(there(about.unread)?).map_err(|e| Fault::caused("a count is out of range", e))?,
            head: seq(about.number)?,
        },
        "receipts_set" => Change::ReceiptsSet { on: there(about.number)? != 0 },
        "session_closed" => Change::SessionClosed { session: SessionId::new(there(about.number)?) },
        _ => return Err(Fault::new("the log has an event that this program does not know")),
    })
}

fn there<T>(subject: Option<T>) -> Result<T, Fault> {
    subject.ok_or_else(|| Fault::new("the log has an event without its subject"))
}

fn person(columns: Option<(i64, String)>) -> Result<Person, Fault> {
    let (id, name) = there(columns)?;
    Ok(Person { id: UserId::new(id), name: Username::kept(name) })
}

fn seq(number: Option<i64>) -> Result<Seq, Fault> {
    u64::try_from(there(number)?).map(Seq::new).map_err(|e| Fault::caused("a place is negative", e))
}
