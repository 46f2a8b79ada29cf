//! What can be done to a message that stands.

use serde::{Deserialize, Serialize};

/// Something that is done to a message that stands. Each may be asked twice without harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Amendment {
    /// Change the text of a message of one's own.
    Edit {
        /// How often it had been changed when its author looked at it.
        #[serde(default)]
        edits: u32,
        /// What it is to say; `model::Body` says what that may be.
        text: String,
    },
    /// Take a message of one's own back, with its files.
    Delete {},
    /// React to it, or take that back.
    React {
        /// With what.
        emoji: String,
        /// Whether it is to stand.
        on: bool,
    },
    /// Pin it to its room, or take the pin out.
    Pin {
        /// Whether it is to be pinned.
        on: bool,
    },
    /// Save it for oneself, or let go of it. Nobody else is told.
    Save {
        /// Whether it is to be saved.
        on: bool,
    },
    /// See the room as unread from here on, or no more, if it is so from here on. Nobody else is told.
    Unread {
        /// Whether it is to be seen so.
        on: bool,
    },
}
