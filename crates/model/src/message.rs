//! A message in a room's history.

use serde::{Deserialize, Serialize};

use crate::{Body, ClientKey, File, Person, Seq, Timestamp};

/// A message that was kept. Within its room its seq is its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its place in the room's stream.
    pub seq: Seq,
    /// When it was kept, by the server's clock.
    pub at: Timestamp,
    /// Who said it.
    pub author: Person,
    /// The author's name for this write.
    pub key: ClientKey,
    /// What it says.
    pub text: Body,
    /// The files that go with it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// Whether its author took it back: then text and files are gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}
