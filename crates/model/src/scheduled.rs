//! What is to be said later.

use serde::{Deserialize, Serialize};

use crate::{Body, ClientKey, RoomId, Timestamp};

/// A message that its author wants to be said later. Nobody else knows of it until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Scheduled {
    /// Where.
    pub room: RoomId,
    /// The key of the message that it becomes; its own name until then.
    pub key: ClientKey,
    /// What.
    pub text: Body,
    /// When, at the earliest; as a rule within two seconds of it.
    pub at: Timestamp,
    /// Whether its author is to be told when it is said, as of a message of another: a reminder.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub remind: bool,
    /// Why it could not be said when its time had come, as a code. It stays until its author takes it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}
