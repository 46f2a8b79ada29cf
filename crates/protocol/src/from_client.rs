//! What a client says.

use model::{Cursor, FileId, Marks, RoomId, Seq, Source, UserId};
use serde::{Deserialize, Serialize};

use crate::Amendment;

/// A frame from a client. One JSON object in one text frame; an unknown field is an error, so that a typing mistake is
/// found on the first day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromClient {
    /// Listen to a room: from `since` if it is given, else from its head. Answered by `subscribed`, `reset` or `refused`.
    Subscribe {
        /// The room.
        room: RoomId,
        /// Where the client stands in the room's stream.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::object::optional")]
        since: Option<Cursor>,
    },
    /// Listen to a room no more. Not answered.
    Unsubscribe {
        /// The room.
        room: RoomId,
    },
    /// Say something. Answered by `posted` after the commit, or by `refused`.
    Post {
        /// The room.
        room: RoomId,
        /// The client's name for this write; `model::ClientKey` says what it may be.
        key: String,
        /// What to say; `model::Body` says what it may be. It may be empty if there are files.
        text: String,
        /// The files that go with it, in order: uploaded for this room, finished, and in no other message.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<FileId>,
        /// The message that it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Seq>,
        /// The message to pass on, in a room that the person is in. The server takes its text and says whose words they are; so `text`
        /// is empty, and there are no files and no answer.
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::object::optional")]
        forward: Option<Source>,
    },
    /// Do something to a message that stands. Answered by `amended` after the commit, or by `refused`; what has changed is told by an
    /// event of its own.
    Amend {
        /// The room.
        room: RoomId,
        /// The message's place.
        message: Seq,
        /// The client's name for this frame, which its answer repeats. It is not kept.
        key: String,
        /// What to do.
        #[serde(deserialize_with = "crate::object::only")]
        what: Amendment,
    },
    /// Everything up to `delivered` has come, and everything up to `read` was on a screen that the person looked at. Marks
    /// never go back: the larger one counts. Answered only by `refused`; that it was taken is told by `room_read`, in the
    /// person's own stream.
    Mark {
        /// The room.
        room: RoomId,
        /// The last place that the client has.
        #[serde(default)]
        delivered: Seq,
        /// The last place that the person has read.
        #[serde(default)]
        read: Seq,
    },
    /// The person is writing in a room. Said again every two to four seconds while they are; never kept. Not answered.
    Typing {
        /// The room.
        room: RoomId,
    },
    /// The person is at this device, or stepped away from it. A new socket counts as being there. Not answered.
    Here {
        /// Whether they stepped away.
        away: bool,
    },
    /// Tell how these people come and go; the list takes the place of the one before. Answered by a `presence` signal for
    /// each who shares a room with the person, and silent about the others.
    Watch {
        /// Whom.
        people: Vec<UserId>,
    },
    /// The answer to a `ping`.
    Pong {},
}

impl FromClient {
    /// Says how far the person has come.
    #[must_use]
    pub fn mark(room: RoomId, marks: Marks) -> Self {
        Self::Mark { room, delivered: marks.delivered, read: marks.read }
    }

    /// The room and the key that it has, for a refusal to name.
    #[must_use]
    pub fn about(&self) -> (Option<RoomId>, Option<&str>) {
        match self {
            Self::Subscribe { room, .. }
            | Self::Unsubscribe { room }
            | Self::Mark { room, .. }
            | Self::Typing { room } => (Some(*room), None),
            Self::Post { room, key, .. } | Self::Amend { room, key, .. } => (Some(*room), Some(key)),
            Self::Here { .. } | Self::Watch { .. } | Self::Pong {} => (None, None),
        }
    }

    /// Its `type`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Subscribe { .. } => "subscribe",
            Self::Unsubscribe { .. } => "unsubscribe",
            Self::Post { .. } => "post",
            Self::Amend { .. } => "amend",
            Self::Mark { .. } => "mark",
            Self::Typing { .. } => "typing",
            Self::Here { .. } => "here",
            Self::Watch { .. } => "watch",
            Self::Pong {} => "pong",
        }
    }
}
