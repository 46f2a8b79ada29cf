//! What rooms are called.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::{invisible::hides_in_a_name, is_blank, limits::ROOM_NAME_CHARS_MAX, username::fold};

/// A room's name: NFC, one line, something to see, and not digits only (an address of digits means a person).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct RoomName(String);

/// Why a text is not a room's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRoomName {
    /// Nothing in it can be seen, or it is too long.
    #[error("A room's name has 1 to {ROOM_NAME_CHARS_MAX} characters.")]
    Length,
    /// A control character, an invisible one, one that turns text around, or a slash.
    #[error("A room's name cannot contain slashes, control characters or invisible ones.")]
    Character,
    /// Digits only.
    #[error("A room's name needs something besides digits.")]
    DigitsOnly,
}

impl RoomName {
    /// Reads a text as a room's name. White space at the ends goes, runs of it inside become one space.
    pub fn parse(text: &str) -> Result<Self, BadRoomName> {
        if text.chars().nth(4 * ROOM_NAME_CHARS_MAX).is_some() || is_blank(text) {
            return Err(BadRoomName::Length);
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
        if name.chars().nth(ROOM_NAME_CHARS_MAX).is_some() {
            return Err(BadRoomName::Length);
        }
        // The joiner inside an emoji is invisible by itself and needed there.
        if name
            .chars()
            .any(|c| matches!(c, '/' | '\\') || (hides_in_a_name(c) && !matches!(c, '\u{200D}' | '\u{FE0F}')))
        {
            return Err(BadRoomName::Character);
        }
        if name.chars().all(char::is_numeric) {
            return Err(BadRoomName::DigitsOnly);
        }
        Ok(Self(name))
    }

    /// Wraps a name that the store kept: it was parsed when it came in, and rules may have grown since.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name to look up by: compatibility-normalised and case-folded.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&self.0)
    }
}

impl std::fmt::Display for RoomName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// On the wire a room's name comes as a value only from the server, which parsed it.
impl<'de> Deserialize<'de> for RoomName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, BadRoomName>) {
        assert_eq!(RoomName::parse(text).as_ref().map(RoomName::as_str).map_err(|e| *e), expected, "{text:?}");
    }

    #[test]
    fn a_room_name_is_one_line_that_shows() {
        check("general", Ok("general"));
        check("  Book   club ", Ok("Book club"));
        check("два слова", Ok("два слова"));
        check("👩\u{200D}🚀 space", Ok("👩\u{200D}🚀 space"));
        check("42nd street", Ok("42nd street"));
        check("", Err(BadRoomName::Length));
        check("\u{200D}\u{200D}", Err(BadRoomName::Length));
        check(&"x".repeat(65), Err(BadRoomName::Length));
        check("12345", Err(BadRoomName::DigitsOnly));
        check("٣٤", Err(BadRoomName::DigitsOnly));
        check("a/b", Err(BadRoomName::Character));
        check("a\u{202E}b", Err(BadRoomName::Character));
        check("a\0b", Err(BadRoomName::Character));
    }

    #[test]
    fn case_does_not_make_another_room() {
        assert_eq!(RoomName::kept("General".into()).key(), RoomName::kept("GENERAL".into()).key());
    }
}
