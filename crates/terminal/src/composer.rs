//! What the person is writing: a text, and where the cursor stands in it.

use unicode_segmentation::UnicodeSegmentation;

use crate::text;

/// A text under a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Composer {
    text: String,
    /// In bytes, between two graphemes.
    cursor: usize,
}

/// What a key does to a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    Insert(String),
    Backspace,
    Delete,
    /// Takes the word before the cursor away.
    DropWord,
    /// Takes everything before the cursor away.
    DropStart,
    Left,
    Right,
    Home,
    End,
}

impl Composer {
    /// A text with the cursor at its end.
    pub(crate) fn of(text: &str) -> Self {
        Self { cursor: text.len(), text: text.to_owned() }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The text, which is gone from here.
    pub(crate) fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    pub(crate) fn edit(&mut self, edit: Edit) {
        let (before, after) = self.text.split_at(self.cursor);
        match edit {
            Edit::Insert(what) => {
                self.text = format!("{before}{what}{after}");
                self.cursor += what.len();
            }
            Edit::Backspace => self.drop_to(self.left()),
            Edit::Delete => {
                let end = self.right();
                self.text.replace_range(self.cursor..end, "");
            }
            Edit::DropWord => {
                let word = before.trim_end().rfind(char::is_whitespace);
                let word = word.map_or(0, |at| at + before[at..].chars().next().map_or(0, char::len_utf8));
                self.drop_to(word);
            }
            Edit::DropStart => self.drop_to(0),
            Edit::Left => self.cursor = self.left(),
            Edit::Right => self.cursor = self.right(),
            Edit::Home => self.cursor = before.rfind('\n').map_or(0, |at| at + 1),
            Edit::End => self.cursor += after.find('\n').unwrap_or(after.len()),
        }
    }

    /// Its lines in so many columns, and the line and column of the cursor.
    pub(crate) fn lay(&self, columns: usize) -> (Vec<String>, (usize, usize)) {
        // The cursor stands behind the last character: one column is its.
        let columns = columns.saturating_sub(1).max(2);
        let (before, _) = self.text.split_at(self.cursor);
        let lines = chop(&self.text, columns);
        let until = chop(before, columns);
        let at = (until.len().saturating_sub(1), until.last().map_or(0, |line| text::width(line)));
        (lines, at)
    }

    fn left(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        let next = self.text[self.cursor..].graphemes(true).next().map_or(0, str::len);
        self.cursor + next
    }

    fn drop_to(&mut self, from: usize) {
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }
}

/// A text in lines, broken wherever they are full: so what stands before the cursor breaks as it does in the whole.
fn chop(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let (mut line, mut taken) = (String::new(), 0);
        for grapheme in paragraph.graphemes(true) {
            let wide = text::width(grapheme);
            if taken + wide > columns && taken > 0 {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            line.push_str(grapheme);
            taken += wide;
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, edits: &[Edit]) -> String {
        let mut composer = Composer::of(text);
        for edit in edits {
            composer.edit(edit.clone());
        }
        let (before, behind) = composer.text.split_at(composer.cursor);
        format!("{before}|{behind}")
    }

    #[test]
    fn keys_edit_by_what_is_seen_as_one_character() {
        let insert = |text: &str| Edit::Insert(text.to_owned());
        for (text, edits, result) in [
            ("a👩\u{200D}🚀", vec![Edit::Backspace], "a|"),
            ("aé", vec![Edit::Left, Edit::Left, Edit::Left, insert("x")], "x|aé"),
            ("ab", vec![Edit::Home, Edit::Delete, Edit::Delete, Edit::Delete], "|"),
            ("one two  ", vec![Edit::DropWord], "one |"),
            ("one", vec![Edit::DropWord, Edit::DropWord], "|"),
            ("één\u{3000}twee", vec![Edit::DropWord], "één\u{3000}|"),
            ("one two", vec![Edit::Left, Edit::DropStart], "|o"),
            ("a\nbc", vec![Edit::Home], "a\n|bc"),
            ("a\nbc", vec![Edit::Home, Edit::Left, Edit::Home, Edit::End], "a|\nbc"),
        ] {
            assert_eq!(after(text, &edits), result, "{text:?} {edits:?}");
        }
    }

    #[test]
    fn the_cursor_is_where_the_text_is() {
        assert_eq!(Composer::of("").lay(10), (vec![String::new()], (0, 0)));
        assert_eq!(Composer::of("漢字").lay(10), (vec!["漢字".to_owned()], (0, 4)));
        let (lines, at) = Composer::of("abcdefgh\nx").lay(6);
        assert_eq!((lines, at), (vec!["abcde".to_owned(), "fgh".to_owned(), "x".to_owned()], (2, 1)));
    }
}
