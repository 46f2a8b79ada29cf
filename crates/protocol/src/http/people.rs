//! Who has an account, what they tell of themselves, and how one regards them.

use model::{Person, Presence, Profile, Regard, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// `GET /api/v1/people`: who has an account here, by id, a page at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct People {
    /// The people.
    pub people: Vec<PersonEntry>,
    /// Ask again with `after` set to this, if there are more.
    pub next: Option<UserId>,
}

/// One person in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PersonEntry {
    /// Who.
    #[serde(flatten)]
    pub person: Person,
    /// Whether they are there; not told of those who share no room with the asker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
    /// When they were last there, if they are not and it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}

/// `PUT /api/v1/me/profile`: what one tells of oneself, in the place of all that one told before. What is left out is told no more;
/// only the username stays when it is left out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::object::optional")]
    pub status: Option<StatusBody>,
}

/// The status in a [`ProfileBody`].
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PersonCard {
    /// Who, and whether they are there.
    #[serde(flatten)]
    pub entry: PersonEntry,
    /// What they tell of themselves: to those who share a room with them. A status that is over is not told.
    #[serde(flatten)]
    pub profile: Profile,
}

/// `PUT /api/v1/people/{person}/regard`: how one regards somebody.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegardBody {
    /// As anybody, ignored, or blocked.
    pub regard: Regard,
}
