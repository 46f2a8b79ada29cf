//! What a client says.

use model::{Cursor, RoomId};
use serde::{Deserialize, Serialize};

/// A frame from a client. One JSON object in one text frame; an unknown field is an error, so that a typing mistake is
/// found on the first day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum FromClient {
    /// Listen to a room: from `since` if it is given, else from its head. Answered by `subscribed`, `reset` or `refused`.
    Subscribe {
        /// The room.
        room: RoomId,
        /// Where the client stands in the room's stream.
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        /// What to say; `model::Body` says what it may be.
        text: String,
    },
    /// The answer to a `ping`.
    Pong {},
}
