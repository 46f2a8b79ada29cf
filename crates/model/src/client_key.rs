//! The name that a client gives to one write, so that a retry is harmless.

use serde::{Deserialize, Serialize};

use crate::limits::CLIENT_KEY_BYTES_MAX;

/// Names one write of one author, for ever: 1 to [`CLIENT_KEY_BYTES_MAX`] of `A–Z a–z 0–9 - _`. A repeat with the same
/// content gets the first answer; with other content it is refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
#[serde(into = "String", try_from = "String")]
pub struct ClientKey(String);

/// The text is not a client key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A key is 1 to {CLIENT_KEY_BYTES_MAX} letters, digits, hyphens and underscores.")]
pub struct BadClientKey;

impl ClientKey {
    /// Reads a text as a key.
    pub fn parse(text: &str) -> Result<Self, BadClientKey> {
        let fits = (1..=CLIENT_KEY_BYTES_MAX).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if fits && plain { Ok(Self(text.to_owned())) } else { Err(BadClientKey) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ClientKey> for String {
    fn from(key: ClientKey) -> Self {
        key.0
    }
}

impl TryFrom<String> for ClientKey {
    type Error = BadClientKey;

    fn try_from(text: String) -> Result<Self, BadClientKey> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_plain() {
        for good in ["a", "0-9_A", &"k".repeat(64)] {
            assert!(ClientKey::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a b", "é", "a\0", &"k".repeat(65)] {
            assert_eq!(ClientKey::parse(bad), Err(BadClientKey), "{bad:?}");
        }
    }
}
