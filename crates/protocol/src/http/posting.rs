//! Saying something, and changing it.

use model::{Body, FileId, Seq, Source, Timestamp};
use serde::{Deserialize, Serialize};

/// `POST /api/v1/rooms/{room}/messages`: say something.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostBody {
    /// The client's name for this write.
    pub key: String,
    /// What to say. It may be empty if there are files.
    pub text: String,
    /// The files that go with it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Seq>,
    /// The message to pass on; then `text` is empty, and there are no files and no answer.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::object::optional")]
    pub forward: Option<Source>,
}

/// `PATCH /api/v1/rooms/{room}/messages/{seq}`: change the text of a message of one's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditBody {
    /// How often it had been changed when one looked at it.
    #[serde(default)]
    pub edits: u32,
    /// What it is to say.
    pub text: String,
}

/// `GET /api/v1/rooms/{room}/messages/{seq}/edits`: what a message said before, oldest first. What it says now is not among it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Edits {
    /// The texts.
    pub texts: Vec<Former>,
}

/// What a message said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Former {
    /// Until when.
    pub until: Timestamp,
    /// What.
    pub text: Body,
}
