//! Everything worth saying that is not kept.

use serde::{Deserialize, Serialize};

use crate::{Person, RoomId, Timestamp, UserId};

/// Something that is true now and forgotten soon. It has no place in any stream, and may be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Signal {
    /// Somebody is writing in a room. Shown for [`crate::limits::TYPING_MS`], or until something of theirs is posted there.
    Typing {
        /// Where.
        room: RoomId,
        /// Who.
        person: Person,
    },
    /// These people came, went, or stepped away; or this is how they are, in answer to a watch. Nobody: the watch is void, and
    /// whoever still wants to know watches again.
    Presence {
        /// Who, and how they are now.
        people: Vec<Seen>,
    },
}

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// At a device.
    Online,
    /// Connected, but at no device just now.
    Away,
    /// Not connected.
    Offline,
}

/// Whether a person is there, and if not, since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen {
    /// Who.
    pub person: UserId,
    /// Whether they are there.
    pub presence: Presence,
    /// When they were last there, if they are not and it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}
