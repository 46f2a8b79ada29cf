//! What stands before the bytes of a picture that was made.

use model::Look;
use serde::{Deserialize, Serialize};

/// What was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The media type of the picture.
    pub media_type: String,
    /// Its measures, and what to show until it has come.
    pub look: Look,
    /// Its bytes, which come first.
    pub size: u64,
    /// The smaller picture, whose bytes come after it; none if the picture itself is small.
    pub preview: Option<Preview>,
}

/// A smaller picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub size: u64,
}

impl Head {
    /// The longest line, in bytes, its end included.
    pub const LINE_BYTES_MAX: usize = 1_024;

    /// One line.
    pub(crate) fn line(&self) -> String {
        // Strings and numbers: nothing in it that cannot be written.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }

    /// Reads a line. `None`: it is not one of ours.
    #[must_use]
    pub fn read(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }
}
