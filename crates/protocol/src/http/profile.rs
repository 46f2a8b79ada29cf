//! What people tell of themselves.

use model::{Profile, Timestamp};
use serde::{Deserialize, Serialize};

use super::PersonEntry;

/// `PUT /api/v1/me/profile`: what one tells of oneself, in the place of all that one told before. What is left out is told no more;
/// only the username stays when it is left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    /// Another name to log in with and to be known by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What one wants to be called.
    #[serde(default)]
    pub display: String,
    /// A line about oneself.
    #[serde(default)]
    pub about: String,
    /// One's time zone, by its name in the IANA database.
    #[serde(default)]
    pub time_zone: String,
    /// How one is just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusBody>,
}

/// The status in a [`ProfileBody`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusBody {
    /// The words; blank ones are no status.
    #[serde(default)]
    pub text: String,
    /// An emoji before them.
    #[serde(default)]
    pub emoji: String,
    /// When it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// `GET /api/v1/people/{id}`: somebody, as the asker may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonCard {
    /// Who, and whether they are there.
    #[serde(flatten)]
    pub entry: PersonEntry,
    /// What they tell of themselves: to those who share a room with them. A status that is over is not told.
    #[serde(flatten)]
    pub profile: Profile,
}
