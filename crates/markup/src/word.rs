//! Which characters make words, and names.

use crate::{EMOJI_CHARS_MAX, EMOJI_CHARS_MIN, NAME_CHARS_MAX, NAME_CHARS_MIN, work};

/// Whether a marker beside it is inside a word. Letters of scripts that put no space between words do not count:
/// `这是**重点**内容` has no other way.
pub(crate) fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
        && !matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..)
}

/// How long the name is that a text begins with, in bytes, if it begins with one. It is what `model::Username` takes but for some
/// punctuation; who has it is for others to find out.
pub(crate) fn name(text: &str) -> Option<usize> {
    let is_inside = |c: char| c.is_alphanumeric() || joins(c) || is_mark(c);
    let long: usize = text.chars().take_while(|c| is_inside(*c)).take(2 * NAME_CHARS_MAX).map(char::len_utf8).sum();
    let name = text.get(..long)?.trim_end_matches(joins);
    let fits = (NAME_CHARS_MIN..=NAME_CHARS_MAX).contains(&name.chars().count());
    (fits && name.starts_with(char::is_alphanumeric)).then_some(name.len())
}

/// How long the name of an emoji is that a text begins with, if a colon ends it. It is what `model::EmojiName` takes.
pub(crate) fn emoji(text: &str) -> Option<usize> {
    let is_inside = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    let long = text.bytes().take(EMOJI_CHARS_MAX + 1).take_while(is_inside).count();
    work::steps(long);
    let fits = (EMOJI_CHARS_MIN..=EMOJI_CHARS_MAX).contains(&long) && !text.starts_with(['_', '-']);
    (fits && text.as_bytes().get(long) == Some(&b':')).then_some(long)
}

/// What may stand between letters of a name, and not at its end.
fn joins(c: char) -> bool {
    matches!(c, '.' | '-' | '_')
}

/// Marks on a letter, or between two, which Unicode does not count as alphabetic and without which some languages cannot
/// be written: accents, nukta, virama, tones, the signs of Japanese voicing.
fn is_mark(c: char) -> bool {
    let place = u32::from(c);
    // The scripts of India stand in blocks of 128, built alike.
    let indic = (0x900..0xE00).contains(&place) && matches!(place % 0x80, 0x3C | 0x4D);
    let thai_or_lao = matches!(place, 0xE3A | 0xE47..=0xE4E | 0xEBA | 0xEC8..=0xECE);
    let others = matches!(
        place,
        0x300..=0x36F | 0x483..=0x487 | 0xDCA | 0xF0B | 0xF84 | 0x1037..=0x103A | 0x17C9..=0x17D2 | 0x3099..=0x309A
    );
    indic || thai_or_lao || others || matches!(place, 0x1133C | 0x11B0A)
}

/// Whether a character changes the direction of the text around it, or cannot be seen: in an address it would disguise
/// where the link leads.
pub(crate) fn disguises(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use unicode_security::GeneralSecurityProfile;

    use super::*;

    /// What a username may hold and what ends one in a text all the same: `@bob’s` is about bob.
    const ENDS: &str = "·֊׳״۽۾‐’‧゠・";

    #[test]
    fn a_name_ends_where_a_username_would_have_to_and_at_some_punctuation() {
        let letters = (0x80..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|c| c.identifier_allowed());
        let ends = letters.filter(|c| name(&format!("a{c}b")) != Some(2 + c.len_utf8()));
        assert_eq!(ends.collect::<String>(), ENDS);
        for end in " ,;:!?()[]{}<>*~|`'\"/\\@#…👍\u{202E}".chars() {
            assert_eq!(name(&format!("ab{end}cd")), Some(2), "{end:?}");
        }
    }
}
