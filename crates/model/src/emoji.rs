//! One emoji, as people react with it.

use serde::{Deserialize, Serialize};

use crate::{invisible::hides_in_a_name, limits::EMOJI_CHARS_MAX};

/// A short sequence of characters that shows one picture. Whether it is one, only a table of all emoji can say; this says that it can do no harm
/// where it is shown: no letters, no digits but in keycaps, no spaces, nothing that hides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Emoji(String);

/// The text is not an emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("That is not an emoji.")]
pub struct BadEmoji;

impl Emoji {
    /// Reads a text as an emoji.
    pub fn parse(text: &str) -> Result<Self, BadEmoji> {
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
}
