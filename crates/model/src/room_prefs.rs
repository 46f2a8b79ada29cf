//! What a person wants of one room.

use serde::{Deserialize, Serialize};

use crate::Seq;

/// A person's own settings for one room. Nobody else is told, and they end when the person leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RoomPrefs {
    /// What they want to be told of at once.
    #[serde(default, skip_serializing_if = "Notify::is_all")]
    pub notify: Notify,
    /// Whether it stands above the others in their list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub favourite: bool,
    /// The message from which on the room is to be seen as unread, though it was read. The marks know nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_from: Option<Seq>,
}

/// What somebody wants to be otherwise about one room. What is `None` stays as it is, so that two devices which change different
/// things do not undo each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoomWish {
    /// What they want to be told of at once.
    pub notify: Option<Notify>,
    /// Whether it is to stand above the others.
    pub favourite: Option<bool>,
}

impl RoomWish {
    /// The settings that come of it.
    #[must_use]
    pub fn upon(self, before: RoomPrefs) -> RoomPrefs {
        let (notify, favourite) = (self.notify.unwrap_or(before.notify), self.favourite.unwrap_or(before.favourite));
        RoomPrefs { notify, favourite, ..before }
    }
}

/// Of which messages somebody is told at once, wherever they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Notify {
    /// Of every message of another, in rooms as in direct chats.
    #[default]
    All,
    /// Of those that name them, or everybody.
    Mentions,
    /// Of none.
    Nothing,
}

impl Notify {
    /// Every choice, in the order shown.
    pub const CHOICES: [Self; 3] = [Self::All, Self::Mentions, Self::Nothing];

    /// Whether a message of another is to be told of. `named`: it names the person, or everybody.
    #[must_use]
    pub fn wants(self, named: bool) -> bool {
        match self {
            Self::All => true,
            Self::Mentions => named,
            Self::Nothing => false,
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    fn is_all(&self) -> bool {
        *self == Self::All
    }
}
