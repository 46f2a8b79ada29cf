//! Messages that are gathered from several rooms.

use model::{Epoch, Message, Room, RoomId};
use serde::{Deserialize, Serialize};

/// `GET /api/v1/me/saved` and `GET /api/v1/me/mentions`: messages of several rooms, a page at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Gathered {
    /// The life of the database that every seq here belongs to.
    pub epoch: Epoch,
    /// The rooms that they stand in, each once.
    pub rooms: Vec<Room>,
    /// The messages.
    pub messages: Vec<Placed>,
    /// Ask again with `cursor` set to this, if there are more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A message and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Placed {
    /// Its room.
    pub room: RoomId,
    /// The message, as the history has it.
    #[serde(flatten)]
    pub message: Message,
}

impl From<(RoomId, Message)> for Placed {
    fn from((room, message): (RoomId, Message)) -> Self {
        Self { room, message }
    }
}
