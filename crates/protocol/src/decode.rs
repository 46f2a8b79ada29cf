//! Bytes to values.

use serde::de::DeserializeOwned;

/// The text is not the JSON that was expected. The words are for the author of the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is not what the protocol expects: {what}.")]
pub struct Malformed {
    /// What was wrong, and where.
    pub what: String,
}

/// The longest explanation, in characters: an unknown field's name is the sender's and may be long.
const WHAT_CHARS_MAX: usize = 200;

/// Reads one frame or body. `serde_json` bounds the depth at 128.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Malformed> {
    // An array of the fields' values would pass for a struct.
    if !text.trim_start().starts_with('{') {
        return Err(Malformed { what: "a JSON object was expected".to_owned() });
    }
    serde_json::from_str(text).map_err(|error| Malformed {
        what: error.to_string().chars().filter(|c| !c.is_control()).take(WHAT_CHARS_MAX).collect(),
    })
}
