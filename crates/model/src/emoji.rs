//! One emoji, as people react with it.

use serde::{Deserialize, Serialize};

use crate::{
    invisible::hides_in_a_name,
    limits::{EMOJI_CHARS_MAX, EMOJI_NAME_CHARS_MAX, EMOJI_NAME_CHARS_MIN},
};

/// A short sequence of characters that shows one picture. Whether it is one, only a table of all emoji can say; this says that it can do no harm
/// where it is shown: no letters, no digits but in keycaps, no spaces, nothing that hides. Or the name of a custom emoji between colons,
/// which shows itself where nothing is called so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(into = "String", try_from = "String")]
pub struct Emoji(String);

/// The text is not an emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no such emoji.")]
pub struct BadEmoji;

impl Emoji {
    /// Reads a text as an emoji.
    pub fn parse(text: &str) -> Result<Self, BadEmoji> {
        if between_colons(text).is_some_and(EmojiName::fits) {
            return Ok(Self(text.to_owned()));
        }
        // What joins and varies pictures, and the tags of flags, hide in a name and belong in an emoji.
        let joins = |c: char| matches!(c, '\u{200D}' | '\u{20E3}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}');
        let keycap = text.ends_with('\u{20E3}');
        let fits = |c: char| {
            joins(c)
                || (keycap && matches!(c, '0'..='9' | '#' | '*'))
                || !(c.is_ascii() || c.is_alphanumeric() || c.is_whitespace() || hides_in_a_name(c))
        };
        let short = !text.is_empty() && text.chars().nth(EMOJI_CHARS_MAX).is_none();
        let shows = keycap || !text.chars().all(joins);
        if short && shows && text.chars().all(fits) { Ok(Self(text.to_owned())) } else { Err(BadEmoji) }
    }

    /// The characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, if it is a custom emoji's.
    #[must_use]
    pub fn custom(&self) -> Option<EmojiName> {
        between_colons(&self.0).and_then(|name| EmojiName::parse(name).ok())
    }
}

fn between_colons(text: &str) -> Option<&str> {
    text.strip_prefix(':')?.strip_suffix(':')
}

/// What a custom emoji is called, without the colons: lower-case ASCII letters, digits, `_` and `-`, a letter or a digit first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(pattern = "^[a-z0-9][a-z0-9_-]{1,31}$"))]
#[serde(into = "String", try_from = "String")]
pub struct EmojiName(String);

/// The text is not a custom emoji's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "An emoji's name has {EMOJI_NAME_CHARS_MIN} to {EMOJI_NAME_CHARS_MAX} characters: small letters a to z, digits, _ and -, \
     with a letter or a digit first."
)]
pub struct BadEmojiName;

impl EmojiName {
    /// Reads a text, without colons, as a name.
    pub fn parse(text: &str) -> Result<Self, BadEmojiName> {
        if Self::fits(text) { Ok(Self(text.to_owned())) } else { Err(BadEmojiName) }
    }

    /// The name, without colons.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn fits(text: &str) -> bool {
        let is_inside = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
        (EMOJI_NAME_CHARS_MIN..=EMOJI_NAME_CHARS_MAX).contains(&text.len())
            && text.bytes().all(is_inside)
            && !text.starts_with(['_', '-'])
    }
}

impl From<EmojiName> for String {
    fn from(name: EmojiName) -> Self {
        name.0
    }
}

impl TryFrom<String> for EmojiName {
    type Error = BadEmojiName;

    fn try_from(text: String) -> Result<Self, BadEmojiName> {
        Self::parse(&text)
    }
}

impl From<Emoji> for String {
    fn from(emoji: Emoji) -> Self {
        emoji.0
    }
}

impl TryFrom<String> for Emoji {
    type Error = BadEmoji;

    fn try_from(text: String) -> Result<Self, BadEmoji> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_is_a_picture_and_nothing_else() {
        for good in ["👍", "❤️", "👩🏽‍🚒", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇨🇭", "1️⃣", "#️⃣", "©️", "‼️"]
        {
            assert!(Emoji::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "7",
            "👍 ",
            "<b>",
            "é",
            "中",
            "\u{FE0F}",
            "\u{202E}👍",
            "👍\n",
            "🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦🐦",
        ] {
            assert_eq!(Emoji::parse(bad), Err(BadEmoji), "{bad}");
        }
    }

    #[test]
    fn a_custom_emoji_is_its_name_between_colons() {
        let long = "a".repeat(EMOJI_NAME_CHARS_MAX);
        for good in ["party_stone", "ok", "1-up", "so_", &long] {
            let emoji = Emoji::parse(&format!(":{good}:")).unwrap();
            assert_eq!(emoji.custom(), Some(EmojiName::parse(good).unwrap()));
            assert_eq!(Emoji::parse(good), Err(BadEmoji), "{good} without colons");
        }
        let longer = "a".repeat(EMOJI_NAME_CHARS_MAX + 1);
        for bad in ["", "a", "_ab", "-ab", "Stone", "é1", "a b", "a:b", "a.b", "<b>", "a/b", "../a", "ab\n", &longer] {
            assert_eq!(EmojiName::parse(bad), Err(BadEmojiName), "{bad}");
            assert_eq!(Emoji::parse(&format!(":{bad}:")), Err(BadEmoji), "{bad}");
        }
        assert_eq!(Emoji::parse("👍").unwrap().custom(), None);
    }
}
