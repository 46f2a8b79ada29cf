//! What files are called.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::{invisible::hides_in_a_name, is_blank, limits::FILE_NAME_CHARS_MAX};

/// What a file is called that has no name that will do.
const NAMELESS: &str = "file";
/// The longest ending that is kept when a name is cut, in Unicode scalar values, its dot included.
const ENDING_CHARS_MAX: usize = 16;

/// A file's name: NFC, one line, no folder, nothing that hides or turns text around, at most [`FILE_NAME_CHARS_MAX`]
/// characters. For people to read; no file on any disk of the server is called by it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// Makes a name of what a device calls the file. Nobody is refused for it: what will not do is left out.
    #[must_use]
    pub fn clean(text: &str) -> Self {
        // A device's name has at most a few hundred characters; of a longer one the end counts.
        let long = text.chars().count().saturating_sub(16 * FILE_NAME_CHARS_MAX);
        let end = text.char_indices().nth(long).map_or(text, |(place, _)| &text[place..]);
        let last = end.rsplit(['/', '\\']).next().unwrap_or_default();
        // The joiner inside an emoji is invisible by itself and needed there.
        let seen = last
            .nfc()
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .filter(|c| !hides_in_a_name(*c) || matches!(c, '\u{200D}' | '\u{FE0F}'))
            .collect::<String>();
        let name = seen.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let name = name.trim_end_matches(['.', ' ']);
        Self(if is_blank(name) { NAMELESS.to_owned() } else { shorten(name) })
    }

    /// Wraps a name that the store kept.
    #[must_use]
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// The name as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Cuts a long name before its ending, so that it still says what it is.
fn shorten(name: &str) -> String {
    let chars = name.chars().count();
    if chars <= FILE_NAME_CHARS_MAX {
        return name.to_owned();
    }
    let ending = name.rfind('.').map(|dot| &name[dot..]).filter(|ending| ending.chars().count() <= ENDING_CHARS_MAX);
    let ending = ending.unwrap_or_default();
    let kept = FILE_NAME_CHARS_MAX - ending.chars().count();
    name.chars().take(kept).chain(ending.chars()).collect()
}

impl std::fmt::Display for FileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// On the wire a file's name comes as a value only from the server, which cleaned it.
impl<'de> Deserialize<'de> for FileName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(FileName::clean(text).as_str(), expected, "{text:?}");
    }

    #[test]
    fn a_name_says_what_it_is_and_leads_nowhere() {
        check("photo of a bird.jpg", "photo of a bird.jpg");
        check("  отчёт\t2026.pdf ", "отчёт 2026.pdf");
        check("../../etc/passwd", "passwd");
        check("..\\..\\boot.ini", "boot.ini");
        check("C:\\fakepath\\a.png", "a.png");
        check("gpj.\u{202E}exe", "gpj.exe");
        check("a\0b\r\nSet-Cookie: x.txt", "ab Set-Cookie: x.txt");
        check("👩\u{200D}🚀.png", "👩\u{200D}🚀.png");
        check("trailing... ", "trailing");
        for nothing in ["", "..", "/", "\u{200B}", " . "] {
            check(nothing, "file");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let name = FileName::clean(&format!("{}.tar", "x".repeat(4_096)));
        assert_eq!(name.as_str().chars().count(), FILE_NAME_CHARS_MAX);
        assert!(name.as_str().ends_with("x.tar"));
        let odd = FileName::clean(&format!("a.{}", "y".repeat(4_096)));
        assert_eq!(odd.as_str().chars().count(), FILE_NAME_CHARS_MAX);
    }

    proptest! {
        #[test]
        fn what_was_cleaned_once_is_clean(text in "\\PC{0,200}") {
            let once = FileName::clean(&text);
            prop_assert_eq!(FileName::clean(once.as_str()), once);
        }
    }
}
