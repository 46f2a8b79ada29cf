//! An event as the log keeps it: what, whom and which room it is about, and numbers. Never a text.

use model::{Change, Emoji, Marks, MemberMarks, Person, Regarded, Room, Seq, SessionId, Timestamp};

use crate::{
    Fault, notice_prefs, regards, room_prefs, rooms,
    sql::{Row, Value},
    users,
};

/// The columns `what`, `person`, `room`, `number`, `read`, `unread` and `word`.
pub(super) fn columns(change: &Change) -> [Value; 7] {
    const NONE: Value = Value::Null;
    match change {
        Change::MessagePosted(said) => ["message_posted".into(), said.author.id.into(), NONE, NONE, NONE, NONE, NONE],
        Change::MessageEdited(edit) => {
            let edits = i64::from(edit.edits).into();
            ["message_edited".into(), NONE, NONE, edit.message.into(), edits, NONE, NONE]
        }
        Change::MessageDeleted { message } => {
            ["message_deleted".into(), NONE, NONE, (*message).into(), NONE, NONE, NONE]
        }
        Change::ReactionSet { message, by, emoji, on } => {
            let (on, word) = (i64::from(*on).into(), emoji.as_str().into());
            ["reaction_set".into(), by.id.into(), NONE, (*message).into(), on, NONE, word]
        }
        Change::PinSet { message, by, on } => {
            ["pin_set".into(), by.id.into(), NONE, (*message).into(), i64::from(*on).into(), NONE, NONE]
        }
        Change::TopicSet { by, .. } => ["topic_set".into(), by.id.into(), NONE, NONE, NONE, NONE, NONE],
        Change::MemberJoined { member } => ["member_joined".into(), member.id.into(), NONE, NONE, NONE, NONE, NONE],
        Change::MemberLeft { member } => ["member_left".into(), member.id.into(), NONE, NONE, NONE, NONE, NONE],
        Change::MarksMoved(MemberMarks { member, marks }) => {
            ["marks_moved".into(), (*member).into(), NONE, marks.delivered.into(), marks.read.into(), NONE, NONE]
        }
        Change::ProfileSet { person } => ["profile_set".into(), person.id.into(), NONE, NONE, NONE, NONE, NONE],
        Change::Withheld {} => ["withheld".into(), NONE, NONE, NONE, NONE, NONE, NONE],
        Change::RoomJoined { room, head } => {
            ["room_joined".into(), NONE, room.id.into(), (*head).into(), NONE, NONE, NONE]
        }
        Change::RoomLeft { room } => ["room_left".into(), NONE, (*room).into(), NONE, NONE, NONE, NONE],
        Change::RoomRead { room, read, unread, head } => {
            let unread = i64::from(*unread).into();
            ["room_read".into(), NONE, (*room).into(), (*head).into(), (*read).into(), unread, NONE]
        }
        Change::RoomPrefsSet { room, prefs } => {
            let notify = room_prefs::number(prefs.notify).into();
            ["room_prefs_set".into(), NONE, (*room).into(), notify, NONE, NONE, NONE]
        }
        Change::NoticePrefsSet(prefs) => {
            let [hidden, from, to, zone] = notice_prefs::columns(prefs);
            ["notice_prefs_set".into(), NONE, NONE, from, to, hidden, zone]
        }
        Change::Reminded { room, message } => {
            ["reminded".into(), NONE, (*room).into(), (*message).into(), NONE, NONE, NONE]
        }
        Change::RegardSet(Regarded { person, regard }) => {
            let regard = regards::number(*regard).unwrap_or_default().into();
            ["regard_set".into(), person.id.into(), NONE, regard, NONE, NONE, NONE]
        }
        Change::ReceiptsSet { on } => ["receipts_set".into(), NONE, NONE, i64::from(*on).into(), NONE, NONE, NONE],
        Change::SessionClosed { session } => ["session_closed".into(), NONE, NONE, (*session).into(), NONE, NONE, NONE],
    }
}

/// What an event says.
pub(super) enum Content {
    /// All of it. A direct chat in it is still without its people.
    Whole(Change),
    /// That a room is about something else; what, its row says.
    Topic {
        /// Who said so.
        by: Person,
    },
    /// A message, which stands elsewhere at the event's own place.
    Posted,
    /// That a message, which stands elsewhere, was changed for the so-many-th time.
    Edited {
        /// Its place.
        message: Seq,
        /// How often, then.
        edits: u32,
    },
}

/// What stands beside an event in the log. Which of it is there depends on the event.
struct About {
    number: Option<i64>,
    read: Option<i64>,
    unread: Option<i64>,
    person: Option<Person>,
    room: Option<Room>,
    word: Option<String>,
}

/// A row of the log.
pub(super) fn event(mut row: Row) -> Result<(Seq, Timestamp, Content), Fault> {
    let (seq, at, what) = (row.seq()?, row.time()?, row.text()?);
    let about = About {
        number: row.optional_int()?,
        read: row.optional_int()?,
        unread: row.optional_int()?,
        word: row.optional_text()?,
        person: users::optional_person(&mut row)?,
        room: rooms::optional_room(&mut row)?,
    };
    Ok((seq, at, content(&what, about)?))
}

fn content(what: &str, about: About) -> Result<Content, Fault> {
    Ok(match what {
        "message_posted" => Content::Posted,
        "topic_set" => Content::Topic { by: there(about.person)? },
        "message_edited" => {
            let edits = u32::try_from(there(about.read)?).map_err(|e| Fault::caused("a count is out of range", e))?;
            Content::Edited { message: seq_of(about.number)?, edits }
        }
        what => Content::Whole(change(what, about)?),
    })
}

fn change(what: &str, about: About) -> Result<Change, Fault> {
    Ok(match what {
        "message_deleted" => Change::MessageDeleted { message: seq_of(about.number)? },
        "reaction_set" => {
            let emoji = Emoji::parse(&there(about.word)?).map_err(|e| Fault::caused("a kept emoji is bad", e))?;
            let (message, on) = (seq_of(about.number)?, there(about.read)? != 0);
            Change::ReactionSet { message, by: there(about.person)?, emoji, on }
        }
        "pin_set" => {
            let (message, on) = (seq_of(about.number)?, there(about.read)? != 0);
            Change::PinSet { message, by: there(about.person)?, on }
        }
        "member_joined" => Change::MemberJoined { member: there(about.person)? },
        "member_left" => Change::MemberLeft { member: there(about.person)? },
        "marks_moved" => {
            let marks = Marks { delivered: seq_of(about.number)?, read: seq_of(about.read)? };
            Change::MarksMoved(MemberMarks { member: there(about.person)?.id, marks })
        }
        "profile_set" => Change::ProfileSet { person: there(about.person)? },
        "withheld" => Change::Withheld {},
        "room_joined" => Change::RoomJoined { room: there(about.room)?, head: seq_of(about.number)? },
        "room_left" => Change::RoomLeft { room: there(about.room)?.id },
        "room_read" => Change::RoomRead {
            room: there(about.room)?.id,
            read: seq_of(about.read)?,
            unread: u32::try_from(there(about.unread)?).map_err(|e| Fault::caused("a count is out of range", e))?,
            head: seq_of(about.number)?,
        },
        "room_prefs_set" => {
            let (room, prefs) = (there(about.room)?.id, room_prefs::prefs(there(about.number)?)?);
            Change::RoomPrefsSet { room, prefs }
        }
        "notice_prefs_set" => {
            let hours = [about.number, about.read];
            Change::NoticePrefsSet(notice_prefs::prefs(there(about.unread)?, hours, about.word)?)
        }
        "reminded" => Change::Reminded { room: there(about.room)?.id, message: seq_of(about.number)? },
        "regard_set" => {
            let regard = regards::regard(there(about.number)?)?;
            Change::RegardSet(Regarded { person: there(about.person)?, regard })
        }
        "receipts_set" => Change::ReceiptsSet { on: there(about.number)? != 0 },
        "session_closed" => Change::SessionClosed { session: SessionId::new(there(about.number)?) },
        _ => return Err(Fault::new("the log has an event that this program does not know")),
    })
}

fn there<T>(subject: Option<T>) -> Result<T, Fault> {
    subject.ok_or_else(|| Fault::new("the log has an event without its subject"))
}

fn seq_of(number: Option<i64>) -> Result<Seq, Fault> {
    u64::try_from(there(number)?).map(Seq::new).map_err(|e| Fault::caused("a place is negative", e))
}
