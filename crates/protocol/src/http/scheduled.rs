//! What is to be said later.

use model::{Scheduled, Timestamp};
use serde::{Deserialize, Serialize};

/// `PUT /api/v1/rooms/{room}/scheduled/{key}`: say something later; the key is the client's name for the message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleBody {
    /// What to say.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Whether one is to be told then, by `reminded`.
    #[serde(default)]
    pub remind: bool,
}

/// `GET /api/v1/me/scheduled`: what one wants to be said later, by its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledMessages {
    /// All of it.
    pub scheduled: Vec<Scheduled>,
}
