//! A person, as others see them.

use serde::{Deserialize, Serialize};

use crate::{Line, UserId, Username};

/// Who somebody is, as shown beside a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The name at the time of asking.
    pub name: Username,
    /// What they want to be called, if it is not the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<Line>,
    /// How often they have changed what they tell of themselves: of two words of one person, the greater is the newer.
    #[serde(default, skip_serializing_if = "is_first")]
    pub version: u64,
    /// Whether they have a picture: `GET /api/v1/people/{id}/picture`. Another picture is another version.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub picture: bool,
    /// Whether it is a program's account: a bot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bot: bool,
}

impl Person {
    /// Somebody who has told nothing but a name.
    #[must_use]
    pub fn new(id: UserId, name: Username) -> Self {
        Self { id, name, display: None, version: 0, picture: false, bot: false }
    }

    /// What to call them.
    #[must_use]
    pub fn called(&self) -> &str {
        self.display.as_ref().map_or(self.name.as_str(), Line::as_str)
    }

    /// Takes over what a newer word of the same person says; says whether it was newer.
    pub fn renew(&mut self, other: &Self) -> bool {
        let newer = self.id == other.id && other.version > self.version;
        if newer {
            self.clone_from(other);
        }
        newer
    }
}

/// A serializer's question, which comes by reference.
fn is_first<T: Default + PartialEq>(version: &T) -> bool {
    *version == T::default()
}
