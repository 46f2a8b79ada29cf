//! What opens a room. Two kinds, which never meet: a room's name is no room's id.

use std::{
    fmt,
    hash::{Hash, Hasher},
};

use model::{BadRoomName, is_blank, limits::INSTANT_NAME_CHARS_MAX};
use protocol::instant::Id;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// What opens a room.
#[derive(Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// An encrypted room: envelopes go to the others, and the server tells who came and went.
    Encrypted(Id),
    /// A plain room: what is said goes to everybody, whoever says it included, and the server itself says nothing.
    Plain(Name),
}

/// A plain room's name: exactly this one, in NFC. Upper and lower case are two names. Wiped after use.
#[derive(PartialEq, Eq)]
pub struct Name(Zeroizing<String>);

impl Name {
    /// Reads a text as a name.
    pub fn parse(text: &str) -> Result<Self, BadRoomName> {
        if text.chars().nth(4 * INSTANT_NAME_CHARS_MAX).is_some() || is_blank(text) {
            return Err(BadRoomName::Length);
        }
        // Grown at once to what it can need, so that no half of a name is left behind in memory.
        let mut name = Zeroizing::new(String::with_capacity(4 * text.len()));
        name.extend(text.nfc());
        if name.chars().nth(INSTANT_NAME_CHARS_MAX).is_some() {
            return Err(BadRoomName::Length);
        }
        if name.chars().any(char::is_control) {
            return Err(BadRoomName::Character);
        }
        Ok(Self(name))
    }
}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_exact_but_for_how_it_is_composed() {
        let name = |text: &str| Name::parse(text).unwrap();
        assert_eq!(name("e\u{301}t\u{e9}"), name("\u{e9}te\u{301}"));
        assert_ne!(name("India"), name("india"));
        assert_ne!(name("India"), name(" India"));
        assert!(Name::parse("12345").is_ok(), "digits are a name here");
        assert!(Name::parse("a/b").is_ok());
        assert!(Name::parse(&"é".repeat(64)).is_ok());
        for (text, bad) in [
            ("", BadRoomName::Length),
            ("\u{200b} ", BadRoomName::Length),
            (&"x".repeat(65), BadRoomName::Length),
            (&"x".repeat(100_000), BadRoomName::Length),
            ("a\nb", BadRoomName::Character),
            ("a\0", BadRoomName::Character),
        ] {
            assert_eq!(Name::parse(text).err(), Some(bad), "{text:?}");
        }
        assert_eq!(format!("{:?}", Key::Plain(name("secret"))), "Plain(Name(…))");
    }
}
