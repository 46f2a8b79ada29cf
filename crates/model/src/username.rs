//! What people are called.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

use crate::{
    invisible::hides_in_a_name,
    limits::{USERNAME_CHARS_MAX, USERNAME_CHARS_MIN},
};

/// A name to log in with and to be seen by: NFC, letters and digits of one script, `.`, `-` and `_` between them.
///
/// Two names that fold to one [`key`](Self::key), or look alike by their [`skeleton`](Self::skeleton), are the same name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Username(String);

/// Why a text is not a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadUsername {
    /// Too few or too many characters.
    #[error("A username has {USERNAME_CHARS_MIN} to {USERNAME_CHARS_MAX} characters.")]
    Length,
    /// A character that is not a letter, a digit, or one of `. - _`.
    #[error("A username has letters and digits, and . - _ between them.")]
    Character,
    /// Letters of several scripts, which could pass for another name (Unicode Technical Standard 39, 5.1).
    #[error("A username keeps to the letters of one script.")]
    MixedScripts,
}

impl Username {
    /// Reads a text as a username.
    pub fn parse(text: &str) -> Result<Self, BadUsername> {
        // A bound before normalising: NFC of a long text is work, and no username is that long.
        if text.chars().nth(4 * USERNAME_CHARS_MAX).is_some() {
            return Err(BadUsername::Length);
        }
        let name: String = text.trim().nfc().collect();
        if !(USERNAME_CHARS_MIN..=USERNAME_CHARS_MAX).contains(&name.chars().count()) {
            return Err(BadUsername::Length);
        }
        let joins = |c: char| matches!(c, '.' | '-' | '_');
        let letter = |c: char| !hides_in_a_name(c) && !joins(c) && c.identifier_allowed();
        let edges_are_letters = name.chars().next().is_some_and(letter) && !name.ends_with(joins);
        if !edges_are_letters || !name.chars().all(|c| letter(c) || joins(c)) {
            return Err(BadUsername::Character);
        }
        if !name.as_str().is_single_script() {
            return Err(BadUsername::MixedScripts);
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

    /// The name to look up by: compatibility-normalised and case-folded, so that `Ａlice` and `ALICE` find `alice`.
    #[must_use]
    pub fn key(&self) -> String {
        fold(&self.0)
    }

    /// What the name looks like (UTS 39, section 4): names with one skeleton can be mistaken for one another.
    #[must_use]
    pub fn skeleton(&self) -> String {
        skeleton(&self.key()).collect()
    }
}

/// Case folding after compatibility normalisation (UAX 15, UAX 31 `NFKC_Casefold` without the removal of ignorables, which
/// names cannot hold).
pub(crate) fn fold(text: &str) -> String {
    let compatible: String = text.nfkc().collect();
    let folded = unicase::UniCase::unicode(compatible).to_folded_case();
    folded.nfkc().collect()
}

impl std::fmt::Display for Username {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// On the wire a username comes only from the server, which parsed it.
impl<'de> Deserialize<'de> for Username {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: Result<&str, BadUsername>) {
        assert_eq!(Username::parse(text).as_ref().map(Username::as_str).map_err(|e| *e), expected, "{text:?}");
    }

    #[test]
    fn a_username_can_be_read_and_said() {
        check("alice", Ok("alice"));
        check("  Zoë ", Ok("Zoë"));
        check("Zoe\u{308}", Ok("Zoë"));
        check("j.r-r_t", Ok("j.r-r_t"));
        check("山田太郎", Ok("山田太郎"));
        check("ひらがなカタカナ漢字", Ok("ひらがなカタカナ漢字"));
        check("Ольга", Ok("Ольга"));
        check("a", Err(BadUsername::Length));
        check(&"a".repeat(33), Err(BadUsername::Length));
        check(&"a".repeat(1_000_000), Err(BadUsername::Length));
        check("al ice", Err(BadUsername::Character));
        check("al\u{202E}ice", Err(BadUsername::Character));
        check("al\u{200B}ice", Err(BadUsername::Character));
        check("<b>bob</b>", Err(BadUsername::Character));
        check(".alice", Err(BadUsername::Character));
        check("alice-", Err(BadUsername::Character));
        check("party🎉", Err(BadUsername::Character));
        check("pаypal", Err(BadUsername::MixedScripts));
    }

    #[test]
    fn names_that_look_alike_are_one() {
        let same = |a: &str, b: &str| {
            let (a, b) = (Username::parse(a), Username::parse(b));
            assert_eq!(a.as_ref().map(Username::skeleton), b.as_ref().map(Username::skeleton), "{a:?} {b:?}");
        };
        same("alice", "ALICE");
        same("alice", "Alice");
        same("scope", "ѕсоре");
        same("Straße", "STRASSE");
        let differ = |a: &str, b: &str| {
            let (a, b) = (Username::parse(a), Username::parse(b));
            assert_ne!(a.as_ref().map(Username::skeleton), b.as_ref().map(Username::skeleton), "{a:?} {b:?}");
        };
        differ("alice", "bob");
        differ("zoe", "zoë");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_keys_are_stable(text in "\\PC{0,50}") {
            if let Ok(name) = Username::parse(&text) {
                prop_assert_eq!(fold(&name.key()), name.key());
            }
        }
    }
}
