//! Emoji of the server's own.

use model::EmojiName;
use serde::{Deserialize, Serialize};

/// `GET /api/v1/emoji`: all of them, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CustomEmojis {
    /// The emoji.
    pub emoji: Vec<CustomEmoji>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CustomEmoji {
    /// What it is called, without colons.
    pub name: EmojiName,
    /// The address of its picture, which is another one when the picture is: it can be cached for ever.
    pub picture: String,
}
