//! Words of others, made fit for a terminal: nothing in them that a terminal would obey, and lines that fit.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Characters without a width that may follow one another. More are dropped: they would be painted over the lines around.
const MARKS_MAX: usize = 6;
/// What stands for a tab.
const TAB: &str = "    ";

/// A text without anything that a terminal would obey, or that would turn or hide what stands beside it. Line breaks stay.
///
/// A control character (an escape sequence begins with one) becomes `U+FFFD`, so that one sees that something was there.
/// Characters that turn the direction of text, and those that cannot be seen, go, but for what emoji are joined with.
#[must_use]
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut marks = 0;
    for c in text.replace("\r\n", "\n").chars() {
        marks = if c.width() == Some(0) { marks + 1 } else { 0 };
        match c {
            '\n' => clean.push('\n'),
            '\t' => clean.push_str(TAB),
            '\u{2028}' | '\u{2029}' => clean.push(' '),
            _ if c.is_control() => clean.push('\u{FFFD}'),
            _ if marks > MARKS_MAX || (model::hides_in_a_name(c) && !joins(c)) => {}
            _ => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

/// The same on one line.
#[must_use]
pub(crate) fn line(text: &str) -> String {
    clean(text).replace('\n', " ")
}

/// Whether a character makes one emoji of several, or says how one is drawn. Scripts of India and Persia need the joiners.
fn joins(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}')
}

/// How many columns a text takes.
#[must_use]
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// As much of one line as has room in so many columns, with `…` at its end if that is not all.
#[must_use]
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    let mut taken = 1;
    for grapheme in text.graphemes(true) {
        taken += width(grapheme);
        if taken > columns {
            break;
        }
        short.push_str(grapheme);
    }
    if columns > 0 {
        short.push('…');
    }
    short
}

/// A text in lines of at most `columns`, the first of at most `first`; broken between words, and inside one that is longer than
/// a line. There is at least one line.
#[must_use]
pub(crate) fn wrap(text: &str, first: usize, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    let mut room = first;
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut taken = 0;
        // Where the line may end. A word that does not fit beside what stands before the first line begins the next one.
        let mut gap = (room < columns).then_some(0);
        for grapheme in paragraph.graphemes(true) {
            let wide = width(grapheme);
            if taken + wide > room && (taken > 0 || gap.is_some()) {
                let rest =
                    if grapheme == " " { None } else { Some(gap.map_or_else(String::new, |gap| line.split_off(gap))) };
                lines.push(line.trim_end().to_owned());
                room = columns;
                gap = None;
                line = rest.clone().unwrap_or_default();
                taken = width(&line);
                if rest.is_none() {
                    continue;
                }
            }
            line.push_str(grapheme);
            taken += wide;
            if grapheme == " " {
                gap = Some(line.len());
            }
        }
        lines.push(line);
        room = columns;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_terminal_would_obey() {
        for (said, shown) in [
            ("plain, and ünï", "plain, and ünï"),
            ("\u{1b}[2J\u{1b}]0;owned\u{7}", "\u{FFFD}[2J\u{FFFD}]0;owned\u{FFFD}"),
            ("\u{9b}31m and \u{90}q\u{9c}", "\u{FFFD}31m and \u{FFFD}q\u{FFFD}"),
            ("a\u{8}\u{8}b\u{7f}\0", "a\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}"),
            ("left \u{202E}thgir\u{202C} \u{2066}x\u{2069}\u{200F}", "left thgir x"),
            ("zero\u{200B}width\u{FEFF}", "zerowidth"),
            ("over\rwritten\r\nnext", "over\u{FFFD}written\nnext"),
            ("a\tb\u{2028}c", "a    b c"),
            ("👩\u{200D}🚀 ❤\u{FE0F}", "👩\u{200D}🚀 ❤\u{FE0F}"),
        ] {
            assert_eq!(clean(said), shown, "{said:?}");
        }
        assert_eq!(line("two\nlines"), "two lines");
        let tower = format!("z{}o", "\u{301}".repeat(500));
        assert_eq!(clean(&tower).chars().count(), 2 + MARKS_MAX);
    }

    #[test]
    fn lines_fit_and_break_between_words() {
        for (text, first, columns, lines) in [
            ("", 10, 10, vec![""]),
            ("one two three", 7, 7, vec!["one two", "three"]),
            ("one two three", 3, 8, vec!["one", "two", "three"]),
            ("words", 2, 8, vec!["", "words"]),
            ("abcdefghij", 4, 4, vec!["abcd", "efgh", "ij"]),
            ("a\n\n  b", 4, 4, vec!["a", "", "  b"]),
            ("漢字漢字", 5, 5, vec!["漢字", "漢字"]),
            ("👍👍👍", 3, 3, vec!["👍", "👍", "👍"]),
            ("漢", 2, 1, vec!["漢"]),
        ] {
            assert_eq!(wrap(text, first, columns), lines, "{text:?} in {first}, {columns}");
        }
    }

    #[test]
    fn what_is_cut_shows_it() {
        for (text, columns, cut_to) in
            [("lobby", 5, "lobby"), ("lobby", 4, "lob…"), ("漢字漢字", 6, "漢字…"), ("漢字", 3, "漢…"), ("a", 0, "")]
        {
            assert_eq!(cut(text, columns), cut_to, "{text} in {columns}");
            assert!(width(&cut(text, columns)) <= columns);
        }
    }
}
