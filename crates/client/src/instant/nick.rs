//! Nicknames: whatever somebody typed or sent, made fit to be shown.

use model::{hides_in_a_name, limits::INSTANT_NICK_CHARS_MAX};

/// Who gives no name.
const NOBODY: &str = "Anonymous";
/// Marks above one letter; more are drawn over the lines around it.
const MARKS_MAX: usize = 3;

/// The name without what cannot be seen or turns its neighbours around, in at most [`INSTANT_NICK_CHARS_MAX`] characters.
#[must_use]
pub fn nick(text: &str) -> String {
    let mut marks = 0;
    let mut name = String::new();
    let seen = text.chars().take(4 * INSTANT_NICK_CHARS_MAX).map(|c| if c.is_whitespace() { ' ' } else { c });
    for c in seen.filter(|c| !hides_in_a_name(*c)) {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        let double = c == ' ' && (name.is_empty() || name.ends_with(' '));
        if marks <= MARKS_MAX && !double {
            name.push(c);
        }
    }
    let name: String = name.chars().take(INSTANT_NICK_CHARS_MAX).collect();
    let name = name.trim_end();
    if name.is_empty() { NOBODY.to_owned() } else { name.to_owned() }
}

/// The blocks of combining marks.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_fit_to_be_shown() {
        for (typed, shown) in [
            ("Ada", "Ada"),
            ("  Ada \n  Lovelace ", "Ada Lovelace"),
            ("", "Anonymous"),
            ("\u{200b}\u{202e} \u{3164}", "Anonymous"),
            ("\u{202e}adA", "adA"),
            ("a\0b\u{7}c", "abc"),
            ("<b>Ada</b>", "<b>Ada</b>"),
            ("e\u{301}", "e\u{301}"),
            ("Zoë 🦊", "Zoë 🦊"),
        ] {
            assert_eq!(nick(typed), shown, "{typed:?}");
        }
        assert_eq!(nick(&"x".repeat(1_000_000)).chars().count(), INSTANT_NICK_CHARS_MAX);
        assert_eq!(nick(&format!("a{}", "\u{301}".repeat(60))).chars().count(), 1 + MARKS_MAX);
    }
}
