//! What the server says.

use std::collections::BTreeMap;

use model::{
    Epoch, Event, Line, Marks, NoticePrefs, Person, Posted, Refusal, Regarded, Room, RoomId, RoomPrefs, Seq, Signal,
    Stream, Timestamp, limits,
};
use serde::{Deserialize, Serialize};

use crate::Code;

/// A frame from the server. A client passes over fields and types that it does not know: they are how the wire grows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromServer {
    /// The first frame: who the client is, and where every stream of theirs stands. The client's own stream is listened to
    /// from `head` on without asking.
    Hello {
        /// The version of this protocol: 1.
        protocol: u32,
        /// The life of the database that every seq belongs to.
        epoch: Epoch,
        /// Who is signed in here.
        you: Me,
        /// The head of the client's own stream.
        head: Seq,
        /// The rooms they are in.
        rooms: Vec<RoomHead>,
        /// Whom they ignore or block.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        regards: Vec<Regarded>,
        /// What the server takes.
        limits: Limits,
    },
    /// A room is listened to. Events from the cursor up to `head` follow, and then what happens.
    Subscribed {
        /// The room.
        room: RoomId,
        /// Its head at this moment.
        head: Seq,
    },
    /// A room is listened to, from `head` on: the cursor was of another epoch, or too far behind. What the client has of
    /// the room is void; its history is at `GET /api/v1/rooms/{room}/messages`.
    Reset {
        /// The room.
        room: RoomId,
        /// The life of the database that `head` belongs to.
        epoch: Epoch,
        /// Its head at this moment.
        head: Seq,
        /// The person's own marks.
        #[serde(flatten)]
        marks: Marks,
        /// Messages of others after the mark `read`, up to `head`, never beyond `limits::UNREAD_MAX`.
        unread: u32,
        /// What the room is about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<Line>,
    },
    /// Something has changed. In one stream events come in order, without a gap and without a repeat.
    Event(Event),
    /// Something is so just now. It has no place in a stream, and may be lost.
    Signal {
        /// What.
        signal: Signal,
    },
    /// A message is kept. Also the answer to a repeat.
    Posted(Posted),
    /// What an `amend` asked is so. Also the answer to a repeat.
    Amended {
        /// The room.
        room: RoomId,
        /// The key of the `amend`.
        key: String,
        /// The head at that moment of the stream that tells of it: the room's, or, for `save` and `unread`, the person's own. Events
        /// up to here tell of it.
        seq: Seq,
    },
    /// A frame was refused. The connection lives.
    Refused(Refused),
    /// The client took too little in time, or the server lost the thread: every subscription has ended. Subscribe again,
    /// each room from its cursor.
    Behind {},
    /// Is the client there? Answered by `pong`. A head beyond the client's cursor means that something was lost.
    Ping {
        /// The head of every stream that is listened to.
        heads: BTreeMap<Stream, Seq>,
    },
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person.
    #[serde(flatten)]
    pub person: Person,
    /// Whether they administer this server.
    pub admin: bool,
    /// Whether they give and get receipts.
    pub receipts: bool,
    /// What they want of being told at once; absent where they have said nothing of it.
    #[serde(default, skip_serializing_if = "NoticePrefs::is_default")]
    pub notices: NoticePrefs,
}

/// A room, where its stream stands, and how far the person has come in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomHead {
    /// The room.
    #[serde(flatten)]
    pub room: Room,
    /// The head of its stream.
    pub head: Seq,
    /// The person's own marks.
    #[serde(flatten)]
    pub marks: Marks,
    /// What they want of it; absent fields are at their default.
    #[serde(flatten)]
    pub prefs: RoomPrefs,
    /// Messages of others after the mark `read`, up to `head`, never beyond `limits::UNREAD_MAX`.
    pub unread: u32,
    /// The messages here that they saved, by place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub saved: Vec<Seq>,
    /// When something was last said here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Timestamp>,
}

/// What the server takes, for clients that want to say so before asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest message, in Unicode scalar values.
    pub text_chars: u32,
    /// The largest frame, in bytes.
    pub frame_bytes: u32,
    /// Time between pings, in milliseconds.
    pub ping_ms: u32,
    /// Time to answer one, in milliseconds.
    pub pong_timeout_ms: u32,
    /// What is taken of files; absent where no files are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<FileLimits>,
}

/// What the server takes of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileLimits {
    /// The largest file, in bytes.
    pub bytes: u64,
    /// All files of one person together, in bytes.
    pub quota_bytes: u64,
    /// Files of one message.
    pub per_message: u32,
}

impl Limits {
    /// The limits of this version, where no files are taken.
    #[expect(clippy::cast_possible_truncation, reason = "constants, compared in a test")]
    pub const HERE: Self = Self {
        text_chars: limits::BODY_CHARS_MAX as u32,
        frame_bytes: limits::FRAME_BYTES_MAX as u32,
        ping_ms: limits::PING_MS as u32,
        pong_timeout_ms: limits::PONG_TIMEOUT_MS as u32,
        files: None,
    };

    /// The limits of this version, where files are taken up to so many bytes each, and so many of one person together.
    #[expect(clippy::cast_possible_truncation, reason = "a constant, compared in a test")]
    #[must_use]
    pub const fn with_files(bytes: u64, quota_bytes: u64) -> Self {
        let per_message = limits::FILES_PER_MESSAGE_MAX as u32;
        Self { files: Some(FileLimits { bytes, quota_bytes, per_message }), ..Self::HERE }
    }
}

/// A no, with a stable code for programs and a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Refused {
    /// Why.
    pub code: Code,
    /// Why, in words.
    pub message: String,
    /// When to try again, in milliseconds from now, if trying again can help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The type of the frame that was refused, if it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
    /// The key of the `post` or `amend` that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The room of the frame that was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
}

impl Refused {
    /// A no without a reference.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after_ms: None, frame: None, key: None, room: None }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let retry_after_ms =
            if let Refusal::TooFast { retry_after_ms } = refusal { Some(retry_after_ms) } else { None };
        Self { retry_after_ms, ..Self::new(Code::from(refusal), refusal.to_string()) }
    }
}
