//! Code to coloured pieces, by a table of languages: what is a comment, a string, a number, a word of the language.
//!
//! The table is a text, which the app fetches when somebody first shows code; what is here knows no language. A line of it is a
//! language in six fields with tabs between: its names; how a comment begins that ends with the line; how one begins and how it
//! ends that does not; what strings are between; the language's words; and `i`, if their case does not matter. What stands in
//! one field is separated by spaces.

use crate::PIECES_MAX;

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Nothing in particular.
    Plain,
    /// A remark.
    Comment,
    /// A string.
    Text,
    /// A number.
    Number,
    /// A word of the language.
    Word,
}

/// A language, as its line in the table describes it.
#[derive(Clone, Copy, Debug)]
pub struct Language<'l> {
    remarks: &'l str,
    blocks: &'l str,
    quotes: &'l str,
    words: &'l str,
    any_case: bool,
}

impl<'l> Language<'l> {
    /// The language of this name, in letters of any case.
    #[must_use]
    pub fn find(table: &'l str, name: &str) -> Option<Self> {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        table.lines().find_map(|line| {
            let mut fields = line.split('\t');
            fields.next()?.split(' ').any(is).then_some(())?;
            let mut field = || fields.next().unwrap_or_default();
            let (remarks, blocks, quotes, words) = (field(), field(), field(), field());
            Some(Self { remarks, blocks, quotes, words, any_case: field() == "i" })
        })
    }

    /// The pieces of a code, which together are all of it. After as many as a page should draw, the rest is plain.
    #[must_use]
    pub fn colour<'t>(&self, code: &'t str) -> Vec<(Colour, &'t str)> {
        let mut pieces = Vec::new();
        let (mut plain, mut at) = (0, 0);
        let mut before = '\n';
        let part = |from: usize, to: usize| code.get(from..to).unwrap_or_default();
        while let Some(next) = part(at, code.len()).chars().next().filter(|_| pieces.len() < PIECES_MAX) {
            let (colour, long) = self.piece(part(at, code.len()), before).unwrap_or((Colour::Plain, next.len_utf8()));
            if colour != Colour::Plain {
                pieces.extend((plain < at).then(|| (Colour::Plain, part(plain, at))));
                pieces.push((colour, part(at, at + long)));
                plain = at + long;
            }
            at += long;
            before = part(0, at).chars().next_back().unwrap_or(before);
        }
        pieces.extend((plain < code.len()).then(|| (Colour::Plain, part(plain, code.len()))));
        pieces
    }

    /// What a code begins with, and how long it is in bytes; nothing, if it is but a character.
    fn piece(&self, code: &str, before: char) -> Option<(Colour, usize)> {
        let parts = |field: &'l str| field.split(' ').filter(|part| !part.is_empty());
        // `$#` and `a#b` are no remarks.
        let remark = |sign: &&str| code.starts_with(*sign) && (*sign != "#" || before.is_whitespace());
        if parts(self.remarks).any(|sign| remark(&sign)) {
            return Some((Colour::Comment, code.find('\n').unwrap_or(code.len())));
        }
        if let Some((open, close)) = self.blocks.split_once(' ')
            && let Some(inside) = code.strip_prefix(open)
        {
            return Some((
                Colour::Comment,
                inside.find(close).map_or(code.len(), |end| open.len() + end + close.len()),
            ));
        }
        if let Some(quote) = parts(self.quotes).find(|quote| code.starts_with(quote)) {
            return Some((Colour::Text, string(code, quote)));
        }
        let of_word = |c: char| c.is_alphanumeric() || c == '_';
        let long = code.find(|c| !of_word(c)).unwrap_or(code.len());
        let word = code.get(..long).filter(|word| !word.is_empty())?;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let of_number = |c: char| of_word(c) || c == '.';
            let number = code.get(..code.find(|c| !of_number(c)).unwrap_or(code.len()))?;
            return Some((Colour::Number, number.trim_end_matches('.').len()));
        }
        let known = |known: &str| known == word || self.any_case && known.eq_ignore_ascii_case(word);
        Some((if parts(self.words).any(known) { Colour::Word } else { Colour::Plain }, long))
    }
}

/// How long the string is that a code begins with: to the quote's other half, or to the end of the line, which only strings in
/// three quotes or in backticks pass.
fn string(code: &str, quote: &str) -> usize {
    let lines = quote.len() > 1 || quote == "`";
    let mut rest = code.get(quote.len()..).unwrap_or_default();
    while let Some(c) = rest.chars().next().filter(|c| lines || *c != '\n') {
        if let Some(after) = rest.strip_prefix(quote) {
            return code.len() - after.len();
        }
        let skipped = rest.strip_prefix('\\').and_then(|rest| rest.chars().next()).filter(|c| lines || *c != '\n');
        let long = c.len_utf8() + skipped.map_or(0, char::len_utf8);
        rest = rest.get(long..).unwrap_or_default();
    }
    code.len() - rest.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TABLE: &str =
        "rust rs\t//\t/* */\t\"\tfn let\t\npython py\t#\t\t\"\"\" \" '\tdef None\t\nsql\t--\t/* */\t'\tcommit\ti";

    fn check(language: &str, code: &str, coloured: &str) {
        let pieces = Language::find(TABLE, language).unwrap().colour(code);
        let written: Vec<String> = pieces
            .iter()
            .map(|(colour, text)| match colour {
                Colour::Plain => (*text).to_owned(),
                Colour::Comment => format!("<{text}>"),
                Colour::Text => format!("[{text}]"),
                Colour::Number => format!("({text})"),
                Colour::Word => format!("{{{text}}}"),
            })
            .collect();
        assert_eq!(written.concat(), coloured, "{code}");
    }

    #[test]
    fn each_piece_has_its_colour() {
        check("rs", "fn a() { let b = 1.5; } // fn", "{fn} a() { {let} b = (1.5); } <// fn>");
        check(
            "Rust",
            "/* fn\n */ \"a\\\"b\" 'a fnord 1..2 0xff_u8",
            "</* fn\n */> [\"a\\\"b\"] 'a fnord (1..2) (0xff_u8)",
        );
        check("rust", "\"never\nclosed\" /* at all", "[\"never]\nclosed[\" /* at all]");
        check("py", "def a(): # so\n  '''", "{def} a(): <# so>\n  ['']['] ".trim_end());
        check("py", "\"\"\"a\n\"b\"\n\"\"\" $# é1", "[\"\"\"a\n\"b\"\n\"\"\"] $# é1");
        check("sql", "COMMIT 'a' -- b", "{COMMIT} ['a'] <-- b>");
        assert!(Language::find(TABLE, "klingon").is_none() && Language::find(TABLE, "").is_none());
    }

    proptest! {
        #[test]
        fn pieces_are_all_of_the_code(code in "([a-z#/*\"'`\\\\ \n.1é]|fn){0,80}", language in 0..3_usize) {
            let language = Language::find(TABLE, ["rust", "py", "sql"][language]).unwrap();
            let pieces = language.colour(&code);
            prop_assert_eq!(pieces.iter().map(|(_, text)| *text).collect::<String>(), code.as_str());
            prop_assert!(pieces.iter().all(|(_, text)| !text.is_empty()));
        }
    }

    #[test]
    fn a_page_draws_so_many_pieces_and_no_more() {
        let code = "1 ".repeat(4_000);
        let pieces = Language::find(TABLE, "rust").unwrap().colour(&code);
        assert!(pieces.len() <= PIECES_MAX + 2, "{}", pieces.len());
    }
}
