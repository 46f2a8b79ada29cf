//! Bodies of bots, their tokens and their hooks.

use model::{HookId, HookKind, Line, Message, Person, Room, RoomId, Scope, SessionId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `GET /api/v1/bots`: one's bots, by their age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Bots {
    /// They.
    pub bots: Vec<Bot>,
}

/// A bot of one's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Bot {
    /// Who it is.
    pub bot: Person,
    /// Its tokens.
    pub tokens: Vec<BotToken>,
    /// Its hooks.
    pub hooks: Vec<Hook>,
}

/// A token, of which nobody knows more than this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BotToken {
    /// Its name for programs.
    pub id: SessionId,
    /// What its owner calls it.
    pub label: Line,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used, to within an hour.
    pub used_at: Timestamp,
}

/// A door of a room to another program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hook {
    /// Its name for programs.
    pub id: HookId,
    /// Which way it leads.
    pub kind: HookKind,
    /// Of which room.
    pub room: RoomId,
    /// Where an outgoing one leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// When an outgoing one last brought a message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// How an outgoing one last failed, if it has brought nothing since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<HookFailure>,
}

/// How an outgoing hook failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HookFailure {
    /// When.
    pub at: Timestamp,
    /// With which HTTP status; 0: nobody answered.
    pub status: u16,
    /// When it is tried again.
    pub next_at: Timestamp,
}

/// `POST /api/v1/bots`: make a bot.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BotBody {
    /// Its name, by the rules for people's.
    pub username: String,
}

/// `POST /api/v1/bots/{bot}/tokens`: make a token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenBody {
    /// What to call it.
    pub label: String,
    /// What it may do.
    #[cfg_attr(feature = "schema", schema(min_items = 1))]
    pub scopes: Vec<Scope>,
}

/// The answer: the only time that the token is told. It goes into `Authorization: Bearer …`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TokenMade {
    /// Its name for programs.
    pub id: SessionId,
    /// The secret.
    pub token: String,
}

/// `POST /api/v1/bots/{bot}/hooks`: make a hook.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum HookBody {
    /// Whoever knows its address says something in a room, as the bot.
    Incoming {
        /// The room, which the bot is in.
        room: RoomId,
    },
    /// Another server is told of each message in a room.
    Outgoing {
        /// The room, which the bot is in.
        room: RoomId,
        /// Where, by HTTPS.
        url: String,
    },
}

/// The answer: the only time that the secret is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HookMade {
    /// Its name for programs.
    pub id: HookId,
    /// The address of an incoming one. Whoever knows it may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What an outgoing one signs with, as Standard Webhooks write it: `whsec_…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// What an outgoing hook brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Hooked {
    /// Which hook.
    pub hook: HookId,
    /// Where it was said.
    pub room: Room,
    /// What.
    pub message: Message,
}

/// What an incoming hook takes: the payload of Slack's incoming webhooks, of which these fields are read and others passed over.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SlackBody {
    /// The text, in Slack's markup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Blocks, whose texts stand in the place of `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Object>>))]
    pub blocks: Option<Vec<Map<String, Value>>>,
    /// Attachments, whose texts stand below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Vec<Object>>))]
    pub attachments: Option<Vec<Map<String, Value>>>,
}
