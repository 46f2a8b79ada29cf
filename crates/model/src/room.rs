//! Rooms and who is in them.

use serde::{Deserialize, Serialize};

use crate::{RoomId, RoomName};

/// Who can find a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone who is signed in finds it by name and may join.
    #[default]
    Public,
    /// Only members know that it exists; a member brings others in.
    Private,
}

/// A room, as its members and, when it is public, everyone sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// The room.
    pub id: RoomId,
    /// Its name; among public rooms there is only one of each.
    pub name: RoomName,
    /// Who can find it.
    pub visibility: Visibility,
}

/// What somebody is to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// In it.
    Member,
    /// Not in it.
    Outsider,
}
