//! Rooms and who is in them.

use serde::{Deserialize, Serialize};

use crate::{Line, Person, RoomId, RoomName};

/// Who can find a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Everyone who is signed in finds it by name and may join.
    #[default]
    Public,
    /// Only members know that it exists; a member brings others in.
    Private,
    /// A direct chat: only those who were in it from the beginning know that it exists, and nobody comes or goes.
    Direct,
}

/// A room, as its members and, when it is public, everyone sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Room {
    /// The room.
    pub id: RoomId,
    /// Its name; among public rooms there is only one of each. A direct chat has the names of its people.
    pub name: RoomName,
    /// Who can find it.
    pub visibility: Visibility,
    /// What it is about, if somebody said so; a direct chat has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Line>,
    /// Everybody in a direct chat, by id, the reader included; empty for other rooms, whose members are asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
}

/// What somebody is to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// In it.
    Member,
    /// Not in it.
    Outsider,
}
