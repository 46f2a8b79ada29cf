//! The frames of the small chat programs.

use model::{Message, Seq};
use serde::{Deserialize, Serialize};

/// What a client says.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) message: String,
}

/// What a client hears in a room.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum InRoom<'m> {
    ChatMessage { message: &'m str, username: &'m str },
}

/// What a client hears in a chat of two.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum InChat<'m> {
    Message { message: &'m str, sender_id: i64, message_id: u64, timestamp: String, is_delivered: bool },
    Delivered { message_id: u64 },
    Read { message_id: u64 },
}

/// What a client hears when it was refused: the small programs had no word for it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Either<'m> {
    Error { code: &'m str, message: &'m str },
}

impl<'m> InRoom<'m> {
    pub(super) fn of(message: &'m Message) -> Self {
        Self::ChatMessage { message: message.said.text.as_str(), username: message.said.author.name.as_str() }
    }
}

impl<'m> InChat<'m> {
    /// `delivered`: how far the other one's devices have come.
    pub(super) fn of(message: &'m Message, delivered: Seq) -> Self {
        let at = jiff::Timestamp::from_millisecond(message.at.as_ms()).unwrap_or_default();
        Self::Message {
            message: message.said.text.as_str(),
            sender_id: message.said.author.id.number(),
            message_id: message.seq.number(),
            timestamp: at.strftime("%H:%M").to_string(),
            is_delivered: message.seq <= delivered,
        }
    }
}
