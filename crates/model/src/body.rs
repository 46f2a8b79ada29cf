//! What a message says.

use serde::{Deserialize, Serialize};

use crate::{is_blank, limits::BODY_CHARS_MAX};

/// The text of a message: something to see, at most [`BODY_CHARS_MAX`] characters, line breaks as `\n`; or nothing at all, where
/// files stand beside it or the message was deleted.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(into = "String", try_from = "String")]
pub struct Body(String);

/// Why a text is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBody {
    /// Nothing in it can be seen.
    #[error("A message needs something to read.")]
    Blank,
    /// It has more than [`BODY_CHARS_MAX`] characters.
    #[error("A message has at most {BODY_CHARS_MAX} characters.")]
    TooLong,
    /// It has control characters other than line breaks and tabs.
    #[error("A message cannot contain control characters.")]
    ControlCharacter,
}

impl Body {
    /// Reads a text as a message: line breaks become `\n`, white space at the end goes.
    pub fn parse(text: &str) -> Result<Self, BadBody> {
        // Counting stops at the limit, so that a text of megabytes costs no more than one that just fits.
        if text.trim_end().chars().nth(BODY_CHARS_MAX).is_some() {
            return Err(BadBody::TooLong);
        }
        if is_blank(text) {
            return Err(BadBody::Blank);
        }
        let text = text.trim_end().replace("\r\n", "\n").replace('\r', "\n");
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(BadBody::ControlCharacter);
        }
        Ok(Self(text))
    }

    /// Reads a text that stands beside files: one that shows nothing is no text.
    pub fn caption(text: &str) -> Result<Self, BadBody> {
        match Self::parse(text) {
            Err(BadBody::Blank) => Ok(Self::default()),
            parsed => parsed,
        }
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shows the length only: a message's text has no place in a log.
impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

impl From<Body> for String {
    fn from(body: Body) -> Self {
        body.0
    }
}

impl TryFrom<String> for Body {
    type Error = BadBody;

    fn try_from(text: String) -> Result<Self, BadBody> {
        if text.is_empty() { Ok(Self::default()) } else { Self::parse(&text) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Result<&str, BadBody>) {
        assert_eq!(Body::parse(text).as_ref().map(Body::as_str).map_err(|e| *e), expected, "{text:?}");
    }

    #[test]
    fn a_body_has_something_to_see_and_an_end() {
        check("hello", Ok("hello"));
        check("  indented\r\nlines\r", Ok("  indented\nlines"));
        check("", Err(BadBody::Blank));
        check(" \u{200B}\n", Err(BadBody::Blank));
        check("a\0b", Err(BadBody::ControlCharacter));
        check("\u{1b}[2J", Err(BadBody::ControlCharacter));
        let full = "é".repeat(BODY_CHARS_MAX);
        check(&full, Ok(&full));
        check(&format!("{full}\n\n"), Ok(&full));
        check(&format!("{full}é"), Err(BadBody::TooLong));
    }

    #[test]
    fn only_beside_files_a_text_may_be_missing() {
        for blank in ["", " \n", "\u{200B}"] {
            assert_eq!(Body::caption(blank), Ok(Body::default()), "{blank:?}");
        }
        assert_eq!(Body::caption("a bird"), Body::parse("a bird"));
        assert_eq!(Body::caption("a\0b"), Err(BadBody::ControlCharacter));
        assert_eq!(Body::try_from(String::new()), Ok(Body::default()), "as it is kept");
    }

    #[test]
    fn a_body_does_not_show_its_text_to_a_log() {
        let shown = format!("{:?}", Body::parse("a secret"));
        assert!(!shown.contains("secret"), "{shown}");
    }

    proptest! {
        #[test]
        fn what_was_parsed_once_parses_to_itself(text in "\\PC{0,40}") {
            if let Ok(body) = Body::parse(&text) {
                prop_assert_eq!(Body::parse(body.as_str()), Ok(body));
            }
        }
    }
}
