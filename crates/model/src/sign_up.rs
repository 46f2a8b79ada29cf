//! Who may make an account.

use serde::{Deserialize, Serialize};

/// Who may make an account by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpPolicy {
    /// Everyone who reaches the server.
    #[default]
    Open,
    /// Those who have an invitation.
    Invitation,
    /// Nobody; the administrator makes accounts.
    Closed,
}
