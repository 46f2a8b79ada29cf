//! What people tell of themselves.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::{
    Timestamp,
    invisible::hides_in_a_name,
    is_blank,
    limits::{
        ABOUT_CHARS_MAX, DISPLAY_NAME_CHARS_MAX, STATUS_CHARS_MAX, STATUS_EMOJI_CHARS_MAX, TIME_ZONE_CHARS_MAX,
        TOPIC_CHARS_MAX,
    },
};

/// One line of text with something to see in it: NFC, no control characters, none that turn their neighbours around.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Line(String);

/// Why a text is not what a profile takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProfile {
    /// The display name is too long, or has characters that hide.
    #[error("A name has at most {DISPLAY_NAME_CHARS_MAX} characters on one line, and none that cannot be seen.")]
    DisplayName,
    /// The line about oneself is.
    #[error("The line about you has at most {ABOUT_CHARS_MAX} characters, and none that cannot be seen.")]
    About,
    /// The status is.
    #[error("A status has at most {STATUS_CHARS_MAX} characters on one line, and none that cannot be seen.")]
    Status,
    /// The emoji beside the status is something else.
    #[error("Beside a status stands one emoji.")]
    Emoji,
    /// The time zone has no such name.
    #[error("A time zone has a name like Europe/Vienna.")]
    TimeZone,
}

/// The text is not the topic of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A topic has at most {TOPIC_CHARS_MAX} characters on one line, and none that cannot be seen.")]
pub struct BadTopic;

/// What somebody tells of themselves, besides their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Profile {
    /// A line about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Line>,
    /// Their time zone, by its name in the IANA database.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Line>,
    /// How they are just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// How somebody is just now, in their words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Status {
    /// The words.
    pub text: Line,
    /// An emoji before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<Line>,
    /// When it is over. From then on nobody shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Line {
    /// Reads a text as a display name; a blank one is none.
    pub fn display_name(text: &str) -> Result<Option<Self>, BadProfile> {
        Self::parse(text, DISPLAY_NAME_CHARS_MAX, BadProfile::DisplayName)
    }

    /// Reads a text as a line about somebody; a blank one is none.
    pub fn about(text: &str) -> Result<Option<Self>, BadProfile> {
        Self::parse(text, ABOUT_CHARS_MAX, BadProfile::About)
    }

    /// Reads a text as the words of a status; blank ones are none.
    pub fn status(text: &str) -> Result<Option<Self>, BadProfile> {
        Self::parse(text, STATUS_CHARS_MAX, BadProfile::Status)
    }

    /// Reads a text as what a room is about; a blank one is none.
    pub fn topic(text: &str) -> Result<Option<Self>, BadTopic> {
        Self::parse(text, TOPIC_CHARS_MAX, BadTopic)
    }

    /// Reads a text as one emoji; a blank one is none. Which signs there are is Unicode's to say and grows each year: here it is
    /// enough that no word passes for one.
    pub fn emoji(text: &str) -> Result<Option<Self>, BadProfile> {
        let word = |c: char| c.is_alphabetic() || c.is_whitespace() || c.is_ascii_punctuation() && c != '#' && c != '*';
        let line = Self::parse(text, STATUS_EMOJI_CHARS_MAX, BadProfile::Emoji)?;
        let bad = line.as_ref().is_some_and(|line| line.0.chars().any(word) || line.0.is_ascii());
        if bad { Err(BadProfile::Emoji) } else { Ok(line) }
    }

    /// Reads a text as the name of a time zone; a blank one is none. Whether there is such a zone, whoever shows it knows.
    pub fn time_zone(text: &str) -> Result<Option<Self>, BadProfile> {
        let line = Self::parse(text, TIME_ZONE_CHARS_MAX, BadProfile::TimeZone)?;
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
        let bad = line.as_ref().is_some_and(|line| !line.0.chars().all(part));
        if bad { Err(BadProfile::TimeZone) } else { Ok(line) }
    }

    /// White space at the ends goes, runs of it inside become one space.
    fn parse<E>(text: &str, chars_max: usize, bad: E) -> Result<Option<Self>, E> {
        // A bound before normalising: NFC of a long text is work.
        if text.chars().nth(4 * chars_max).is_some() {
            return Err(bad);
        }
        if is_blank(text) {
            return Ok(None);
        }
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
        // Joiners and tags inside an emoji are invisible by themselves and needed there.
        let hides = |c: char| hides_in_a_name(c) && !matches!(c, '\u{200D}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}');
        let good = line.chars().nth(chars_max).is_none() && !line.chars().any(hides);
        if good { Ok(Some(Self(line))) } else { Err(bad) }
    }

    /// Wraps a line that the store kept: it was parsed when it came in, and rules may have grown since.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The line as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the line looks like, as names are compared: see [`crate::Username::skeleton`].
    #[must_use]
    pub fn skeleton(&self) -> String {
        crate::Username::kept(self.0.clone()).skeleton()
    }
}

impl Status {
    /// Whether it is not over yet.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// On the wire a line comes as a value only from the server, which parsed it.
impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: Result<Option<Line>, BadProfile>) -> Result<Option<String>, BadProfile> {
        Ok(line?.map(|line| line.as_str().to_owned()))
    }

    #[test]
    fn a_line_shows_what_is_in_it() {
        assert_eq!(text(Line::display_name("  Alice   Liddell ")), Ok(Some("Alice Liddell".into())));
        assert_eq!(text(Line::display_name("Zoe\u{308} 👩\u{200D}🚀")), Ok(Some("Zoë 👩\u{200D}🚀".into())));
        assert_eq!(text(Line::display_name("\u{200B} \u{2800}")), Ok(None));
        assert_eq!(text(Line::about("")), Ok(None));
        for bad in ["al\u{202E}ice", "al\u{200B}ice", "al\u{2066}ice", "a\0b", "a\u{AD}b", &"a".repeat(49)] {
            assert_eq!(text(Line::display_name(bad)), Err(BadProfile::DisplayName), "{bad:?}");
        }
        assert_eq!(text(Line::display_name(&"a".repeat(1_000_000))), Err(BadProfile::DisplayName));
        assert!(text(Line::about(&"a".repeat(160))).is_ok() && text(Line::about(&"a".repeat(161))).is_err());
        assert!(text(Line::status(&"a".repeat(80))).is_ok() && text(Line::status(&"a".repeat(81))).is_err());
    }

    #[test]
    fn beside_a_status_stands_an_emoji_and_no_word() {
        for good in ["🏝️", "👩🏽\u{200D}🚀", "🇦🇹", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "1️⃣", "#️⃣"]
        {
            assert_eq!(text(Line::emoji(good)), Ok(Some(good.into())), "{good:?}");
        }
        for bad in ["x", "admin", "1", "#", "<b>", "🏝️ 🏝️", "アリス", "\u{202E}🏝️"] {
            assert_eq!(text(Line::emoji(bad)), Err(BadProfile::Emoji), "{bad:?}");
        }
    }

    #[test]
    fn a_time_zone_is_a_name_of_the_database() {
        assert_eq!(
            text(Line::time_zone("America/Argentina/Buenos_Aires")),
            Ok(Some("America/Argentina/Buenos_Aires".into()))
        );
        assert_eq!(text(Line::time_zone("Etc/GMT+5")), Ok(Some("Etc/GMT+5".into())));
        assert_eq!(text(Line::time_zone("Europe/Vienna; DROP")), Err(BadProfile::TimeZone));
        assert_eq!(text(Line::time_zone(&"a".repeat(65))), Err(BadProfile::TimeZone));
    }

    #[test]
    fn a_status_is_over_when_it_says_so() {
        let status = |until| Status { text: Line::kept("out".into()), emoji: None, until };
        let now = Timestamp::from_ms(5);
        assert!(status(None).stands(now) && status(Some(Timestamp::from_ms(6))).stands(now));
        assert!(!status(Some(now)).stands(now));
    }
}
