//! What a message says, and what it answers.

use serde::{Deserialize, Serialize};

use crate::{Body, ClientKey, File, Person, RoomId, Seq, Timestamp, UserId, limits::QUOTE_CHARS_MAX};

/// What somebody said. State that comes later, such as reactions, stands beside it in a [`Message`](crate::Message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Said {
    /// Who.
    pub author: Person,
    /// The author's name for this write.
    pub key: ClientKey,
    /// What.
    pub text: Body,
    /// The files that go with it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// Whom it names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Box<Reply>>,
    /// Whose words these are, if they were passed on from elsewhere. The author of the message only carried them here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<Box<Forwarded>>,
}

impl Said {
    /// A text of somebody's, and nothing beside it.
    #[must_use]
    pub fn new(author: Person, key: ClientKey, text: Body) -> Self {
        Self { author, key, text, files: Vec::new(), mentions: Vec::new(), reply: None, forward: None }
    }

    /// Whether it names somebody: them, or everybody.
    #[must_use]
    pub fn names(&self, user: UserId) -> bool {
        self.mentions.iter().any(|mention| mention.person.as_ref().is_none_or(|person| person.id == user))
    }
}

/// Whose words were passed on. Where they were said is nobody's business here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Forwarded {
    /// Who said it.
    pub author: Person,
    /// When they did.
    pub at: Timestamp,
}

/// The message that is to be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its room.
    pub room: RoomId,
    /// Its place there.
    pub message: Seq,
}

/// Somebody who is named in a text. The text keeps the word that was written, and this says who was meant: so a name given up and
/// taken by another later means the first still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Mention {
    /// The word after the `@`, folded as usernames are.
    pub word: String,
    /// Who; nobody: everybody in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
}

/// What a message answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reply {
    /// The message answered.
    pub to: Quote,
    /// The first message of the thread: the one that answers nothing itself.
    pub thread: Seq,
    /// Messages in the thread after the first, this one included, at the least: more may have come since.
    pub replies: u32,
}

/// A message as another shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Its place.
    pub seq: Seq,
    /// Who said it.
    pub author: Person,
    /// How it begins; nothing if it has no text, or was taken back.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Whether it was taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl Quote {
    /// How a text begins: at most [`QUOTE_CHARS_MAX`] characters.
    #[must_use]
    pub fn beginning(text: &str) -> String {
        text.chars().take(QUOTE_CHARS_MAX).collect()
    }
}
