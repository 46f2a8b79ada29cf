//! Looking for words in bytes, in all forms in which words are usually written down.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use crate::canary::Canary;

/// A word in one of its forms, such as "the text, in base64".
pub(crate) type Hit = String;

/// What is looked for.
pub(crate) struct Search {
    automaton: AhoCorasick,
    names: Vec<Hit>,
    longest: usize,
}

impl Search {
    /// All of a canary. `room` is the room's name as it stands in its address.
    pub(crate) fn of(canary: &Canary, room: &str) -> anyhow::Result<Self> {
        Self::new(&[
            ("the text", canary.text()),
            ("the nickname", canary.nick()),
            ("the room's name", canary.room()),
            ("the room in its address", room),
        ])
    }

    /// The part of a canary that an encrypted room never shows.
    pub(crate) fn of_what_is_said(canary: &Canary) -> anyhow::Result<Self> {
        Self::new(&[("the text", canary.text()), ("the nickname", canary.nick())])
    }

    fn new(words: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut patterns = Vec::new();
        let mut names = Vec::new();
        for (word, text) in words {
            for (form, bytes) in forms(text) {
                names.push(format!("{word}, {form}"));
                patterns.push(bytes);
            }
        }
        let longest = patterns.iter().map(Vec::len).max().unwrap_or_default();
        Ok(Self { automaton: AhoCorasick::new(&patterns)?, names, longest })
    }

    /// What is in these bytes.
    pub(crate) fn hits(&self, bytes: &[u8]) -> BTreeSet<Hit> {
        let found = self.automaton.find_overlapping_iter(bytes).map(|found| found.pattern().as_usize());
        found.filter_map(|pattern| self.names.get(pattern).cloned()).collect()
    }

    /// The length of the longest form: so much of two neighbouring pieces belongs together.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }
}

fn forms(text: &str) -> Vec<(String, Vec<u8>)> {
    let utf16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
    let hex = |digits: &str| text.bytes().flat_map(|b| nibbles(b, digits.as_bytes())).collect();
    let mut forms: Vec<(String, Vec<u8>)> = vec![
        ("plain".into(), text.into()),
        ("in UTF-16LE".into(), utf16(u16::to_le_bytes)),
        ("in UTF-16BE".into(), utf16(u16::to_be_bytes)),
        ("in hexadecimal".into(), hex("0123456789abcdef")),
        ("in HEXADECIMAL".into(), hex("0123456789ABCDEF")),
        ("in the form of a URL".into(), escaped(text, "%20").into()),
        ("in the form of a form".into(), escaped(text, "+").into()),
    ];
    for offset in 0..3 {
        for (name, engine) in [("base64", &STANDARD_NO_PAD), ("base64url", &URL_SAFE_NO_PAD)] {
            let whole = engine.encode([&vec![0; offset], text.as_bytes()].concat());
            // Only the digits that depend on nothing but the text.
            let (first, end) = ((offset * 8).div_ceil(6), (offset + text.len()) * 8 / 6);
            let inner = whole.get(first..end).unwrap_or_default();
            forms.push((format!("in {name}, offset {offset}"), inner.into()));
        }
    }
    forms
}

fn nibbles(byte: u8, digits: &[u8]) -> impl Iterator<Item = u8> {
    [byte >> 4, byte & 15]
        .into_iter()
        .filter_map(move |nibble| digits.get(usize::from(nibble)).copied())
        .collect::<Vec<_>>()
        .into_iter()
}

/// A text as it stands in an address.
pub(crate) fn escaped(text: &str, space: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        b' ' => space.to_owned(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_every_form_and_nothing_else_is() {
        let search = Search::new(&[("the text", "süßer Ton 3f2a77c1")]).unwrap();
        let written: [(&str, Vec<u8>); 9] = [
            ("plain", "ein süßer Ton 3f2a77c1!".into()),
            ("UTF-16LE", "x süßer Ton 3f2a77c1".encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("UTF-16BE", "xsüßer Ton 3f2a77c1".encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ("hexadecimal", "2073c3bcc39f657220546f6e203366326137376331".into()),
            ("HEXADECIMAL", "73C3BCC39F657220546F6E203366326137376331".into()),
            ("URL", "/ws/chat/s%C3%BC%C3%9Fer%20Ton%203f2a77c1".into()),
            ("form", "group=s%C3%BC%C3%9Fer+Ton+3f2a77c1&user=x".into()),
            ("base64", STANDARD_NO_PAD.encode("ab süßer Ton 3f2a77c1 and more").into()),
            ("base64url", URL_SAFE_NO_PAD.encode("a süßer Ton 3f2a77c1 and more").into()),
        ];
        for (form, bytes) in written {
            let hits = search.hits(&bytes);
            assert!(hits.iter().any(|hit| hit.contains(form)), "{form}: {hits:?}");
        }
        for offset in 0..3 {
            let text = STANDARD_NO_PAD.encode(format!("{}süßer Ton 3f2a77c1 …", "x".repeat(offset)));
            assert!(search.hits(text.as_bytes()).iter().any(|hit| hit.ends_with(&format!("base64, offset {offset}"))));
        }
        for other in ["süßer Ton 3f2a77c", "suesser Ton 3f2a77c1", "s%C3%BC%C3%9Fer Ton 3f2a77c1"] {
            assert_eq!(search.hits(other.as_bytes()).len(), 0, "{other}");
        }
    }
}
