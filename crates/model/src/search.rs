//! What somebody looks for, read from what they typed. No text is an error but one that is too long.

use crate::{
    Term, Timestamp,
    limits::{SEARCH_CHARS_MAX, SEARCH_TERMS_MAX},
    term::{TermKind, terms},
};

/// What somebody looks for among the messages: all of `wanted` and none of `unwanted`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What a message must have. Of several authors, or of several rooms, it needs one.
    pub wanted: Vec<Wish>,
    /// What it must not have.
    pub unwanted: Vec<Wish>,
    /// The earliest moment.
    pub since: Option<Timestamp>,
    /// The moment before which it was said.
    pub until: Option<Timestamp>,
}

/// One thing looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// These words, one behind the other.
    Words(Phrase),
    /// Said by somebody of this name, or by the asker: `me`. Any text.
    From(String),
    /// In a room of this name, or number. Any text.
    In(String),
    /// With something beside or in its text.
    Has(Has),
}

/// Words that stand one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The terms, at least one, as [`Term`] has them.
    pub terms: Vec<String>,
    /// Whether the last need only begin so.
    pub open: bool,
}

/// What a message can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    /// A file of any kind.
    File,
    /// A picture.
    Picture,
    /// Something to listen to.
    Audio,
    /// A film.
    Video,
    /// A link in its text.
    Link,
}

/// Why a text is not a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("A search has at most {SEARCH_CHARS_MAX} characters and {SEARCH_TERMS_MAX} words. Look for fewer.")]
pub struct BadSearch;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// The shortest word that may stand for all that begin with it, in characters: a single letter begins half of all words.
const OPEN_CHARS_MIN: usize = 2;

impl Search {
    /// Reads what somebody typed. Days are those of a clock that is `offset_min` minutes before that of Greenwich.
    ///
    /// The word that is being typed, the last one without anything behind it, stands for all that begin with it.
    pub fn parse(text: &str, offset_min: i32) -> Result<Self, BadSearch> {
        if text.chars().nth(SEARCH_CHARS_MAX).is_some() {
            return Err(BadSearch);
        }
        let mut search = Self::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (piece, after) = Piece::read(rest);
            search.take(&piece, offset_min, after.is_empty());
            rest = after.trim_start();
        }
        if search.wanted.len() + search.unwanted.len() > SEARCH_TERMS_MAX { Err(BadSearch) } else { Ok(search) }
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        *self == Self::default()
    }

    fn take(&mut self, piece: &Piece<'_>, offset_min: i32, last: bool) {
        if let Some((name, value)) = piece.operator() {
            if !piece.without
                && let Some(days) = day(name, value, offset_min)
            {
                let (since, until) = days;
                self.since = since.into_iter().chain(self.since).max();
                self.until = until.into_iter().chain(self.until).min();
                return;
            }
            if let Some(wish) = wish(name, value) {
                self.add(piece.without, wish);
                return;
            }
        }
        let open = if piece.quoted { None } else { Some(last) };
        if let Some(phrase) = phrase(piece.whole, open) {
            self.add(piece.without, Wish::Words(phrase));
        }
    }

    fn add(&mut self, without: bool, wish: Wish) {
        let wishes = if without { &mut self.unwanted } else { &mut self.wanted };
        if !wishes.contains(&wish) {
            wishes.push(wish);
        }
    }

    /// Where a text has what is looked for, from one character to another, in order and apart; at most `limit` places.
    #[must_use]
    pub fn places(&self, text: &str, limit: usize) -> Vec<(usize, usize)> {
        let terms = terms(text);
        let mut places = Vec::new();
        for wish in &self.wanted {
            match wish {
                Wish::Words(phrase) => places.extend(phrase.places(&terms)),
                Wish::From(_) | Wish::In(_) | Wish::Has(_) => {}
            }
        }
        places.sort_unstable();
        let mut apart: Vec<(usize, usize)> = Vec::new();
        for (from, to) in places {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => apart.push((from, to)),
            }
        }
        apart.truncate(limit);
        apart
    }
}

impl Phrase {
    fn places<'t>(&'t self, terms: &'t [Term]) -> impl Iterator<Item = (usize, usize)> + 't {
        terms.windows(self.terms.len()).filter_map(|found| {
            let (first, last, sought) = (found.first()?, found.last()?, self.terms.last()?);
            let before = found.len() - 1;
            let same = found.iter().zip(&self.terms).take(before).all(|(term, sought)| term.text == *sought);
            if same && last.text == *sought {
                Some((first.from, last.to))
            } else if same && self.open && last.text.starts_with(sought.as_str()) {
                Some((first.from, last.to.min(last.from + sought.chars().count())))
            } else {
                None
            }
        })
    }
}

/// What stands between two spaces, or in quotes.
struct Piece<'t> {
    /// All of it, without the minus before it; of a quoted one what the quotes hold.
    whole: &'t str,
    /// The name before a colon, and what stands behind it without its quotes.
    named: Option<(&'t str, &'t str)>,
    without: bool,
    quoted: bool,
}

impl<'t> Piece<'t> {
    /// The first piece of a text that begins with one, and what follows it.
    fn read(text: &'t str) -> (Self, &'t str) {
        let minus = text.strip_prefix('-').filter(|after| !after.is_empty() && !after.starts_with(char::is_whitespace));
        let (without, text) = (minus.is_some(), minus.unwrap_or(text));
        if let Some((inside, after)) = in_quotes(text) {
            return (Self { whole: inside, named: None, without, quoted: true }, after);
        }
        let (word, after) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        if let Some((name, value)) = word.split_once(':') {
            if let Some((inside, after)) = text.get(name.len() + 1..).and_then(in_quotes) {
                let end = text.len() - after.len();
                let whole = text.get(..end).unwrap_or(text);
                return (Self { whole, named: Some((name, inside)), without, quoted: true }, after);
            }
            return (Self { whole: word, named: Some((name, value)), without, quoted: false }, after);
        }
        (Self { whole: word, named: None, without, quoted: false }, after)
    }

    fn operator(&self) -> Option<(&'t str, &'t str)> {
        self.named.filter(|(_, value)| !value.trim().is_empty())
    }
}

/// What quotes at the beginning of a text hold, and what follows them. Quotes that are not closed are none.
fn in_quotes(text: &str) -> Option<(&str, &str)> {
    let is_quote = |c| matches!(c, '"' | '“' | '”' | '„');
    let inside = text.strip_prefix(is_quote)?;
    inside.split_once(is_quote)
}

fn wish(name: &str, value: &str) -> Option<Wish> {
    let value = value.trim();
    match name.to_ascii_lowercase().as_str() {
        "from" => Some(Wish::From(value.to_owned())),
        "in" => Some(Wish::In(value.to_owned())),
        "has" => has(value).map(Wish::Has),
        _ => None,
    }
}

fn has(value: &str) -> Option<Has> {
    match value.to_ascii_lowercase().as_str() {
        "file" | "files" | "attachment" => Some(Has::File),
        "image" | "images" | "picture" | "pictures" | "photo" => Some(Has::Picture),
        "audio" | "sound" | "voice" => Some(Has::Audio),
        "video" | "videos" | "film" => Some(Has::Video),
        "link" | "links" | "url" => Some(Has::Link),
        _ => None,
    }
}

/// The moments from which and until which something was said that was said `before:`, `after:` or `on:` a day.
fn day(name: &str, value: &str, offset_min: i32) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
    let name = name.to_ascii_lowercase();
    if !["before", "after", "on"].contains(&name.as_str()) {
        return None;
    }
    let number = |part: &str| part.parse::<u16>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    let mut parts = value.trim().splitn(3, '-').map(number);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let begins = i64::from(days_since_1970(year, month, day)?) * DAY_MS - i64::from(offset_min) * 60_000;
    let (begins, ends) = (Timestamp::from_ms(begins), Timestamp::from_ms(begins + DAY_MS));
    match name.as_str() {
        "before" => Some((None, Some(begins))),
        "after" => Some((Some(ends), None)),
        _ => Some((Some(begins), Some(ends))),
    }
}

/// The days from 1970-01-01 to a day of the Gregorian calendar, if there is such a day.
fn days_since_1970(year: u16, month: u16, day: u16) -> Option<i32> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let month = usize::from(month.checked_sub(1)?);
    if !(1970..=9999).contains(&year) || day == 0 || day > *lengths.get(month)? {
        return None;
    }
    let before = i32::from(year) - 1;
    let days = before * 365 + before / 4 - before / 100 + before / 400;
    let in_year = lengths.iter().take(month).sum::<u16>() + day - 1;
    Some(days + i32::from(in_year) - 719_162)
}

/// The terms of what somebody typed. `open`: whether it was being typed when they stopped; `None`: it stood in quotes.
fn phrase(text: &str, open: Option<bool>) -> Option<Phrase> {
    let starred = open.is_some() && text.ends_with('*');
    let typing = open == Some(true) && text.ends_with(|c: char| c.is_alphanumeric());
    let mut terms = terms(text);
    let last = terms.last()?;
    let begins = match last.kind {
        TermKind::Word => (starred || typing) && last.text.chars().nth(OPEN_CHARS_MIN - 1).is_some(),
        // A run without spaces ends where the person stopped, and in the message it may go on. The pair before has this
        // character already; one that stands alone is how a pair begins.
        TermKind::Pair | TermKind::Last => {
            let paired = terms.iter().rev().nth(1).is_some_and(|before| before.kind == TermKind::Pair);
            if paired {
                terms.pop();
            }
            !paired
        }
    };
    Some(Phrase { terms: terms.into_iter().map(|term| term.text).collect(), open: begins })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(terms: &[&str], open: bool) -> Wish {
        Wish::Words(Phrase { terms: terms.iter().map(|term| (*term).to_owned()).collect(), open })
    }

    fn check(text: &str, wanted: &[Wish], unwanted: &[Wish]) {
        let search = Search::parse(text, 0).unwrap();
        assert_eq!((search.wanted.as_slice(), search.unwanted.as_slice()), (wanted, unwanted), "{text:?}");
    }

    #[test]
    fn the_word_that_is_being_typed_stands_for_all_that_begin_so() {
        check("Stone ch", &[words(&["stone"], false), words(&["ch"], true)], &[]);
        check("stone chat ", &[words(&["stone"], false), words(&["chat"], false)], &[]);
        check("sto* x", &[words(&["sto"], true), words(&["x"], false)], &[]);
        check("don't", &[words(&["don", "t"], false)], &[]);
        check("foo-ba", &[words(&["foo", "ba"], true)], &[]);
        check("日", &[words(&["日"], true)], &[]);
        check("日本 ", &[words(&["日本"], false)], &[]);
        check("Rust言語", &[words(&["rust", "言語"], false)], &[]);
        check("ß日", &[words(&["ss", "日"], true)], &[]);
    }

    #[test]
    fn quotes_hold_words_together() {
        check("\"two Stones\" struck ", &[words(&["two", "stones"], false), words(&["struck"], false)], &[]);
        check("“two stones”", &[words(&["two", "stones"], false)], &[]);
        check("-\"two stones\" -struck ", &[], &[words(&["two", "stones"], false), words(&["struck"], false)]);
        check("\"日本\" \"日\"", &[words(&["日本"], false), words(&["日"], true)], &[]);
    }

    #[test]
    fn operators_are_read() {
        let named = |text: &str| Wish::In(text.to_owned());
        check("FROM:@bob in:lobby", &[Wish::From("@bob".into()), named("lobby")], &[]);
        check("in:\"book club\" x ", &[named("book club"), words(&["x"], false)], &[]);
        check("has:image -has:link", &[Wish::Has(Has::Picture)], &[Wish::Has(Has::Link)]);
        let days = |text: &str, offset_min| {
            let search = Search::parse(text, offset_min).unwrap();
            (search.since.map(Timestamp::as_ms), search.until.map(Timestamp::as_ms))
        };
        assert_eq!(days("on:1970-01-02", 0), (Some(DAY_MS), Some(2 * DAY_MS)));
        assert_eq!(days("before:2026-01-31", 0), (None, Some(1_769_817_600_000)));
        assert_eq!(days("after:2024-02-29", 60), (Some(1_709_251_200_000 - 3_600_000), None));
        assert_eq!(days("after:2026-01-01 after:2024-01-01", 0), days("after:2026-01-01", 0));
    }

    #[test]
    fn whatever_is_none_of_it_is_words() {
        check("\"open", &[words(&["open"], true)], &[]);
        check("from: - \"\" : ", &[words(&["from"], false)], &[]);
        check("has:wings ", &[words(&["has", "wings"], false)], &[]);
        check("on:2026-02-30 ", &[words(&["on", "2026", "02", "30"], false)], &[]);
        check("on:2026-1-+1 ", &[words(&["on", "2026", "1", "1"], false)], &[]);
        check("http://stone ", &[words(&["http", "stone"], false)], &[]);
        check("a OR NOT ( * ^b ", &["a", "or", "not", "b"].map(|word| words(&[word], false)), &[]);
        check("!!! ()", &[], &[]);
        assert!(Search::parse(" \t!?", 0).unwrap().is_blank());
    }

    #[test]
    fn a_search_is_bounded() {
        assert_eq!(Search::parse(&"x".repeat(10_000), 0), Err(BadSearch));
        let many: Vec<String> = (0..=SEARCH_TERMS_MAX).map(|n| n.to_string()).collect();
        assert_eq!(Search::parse(&many.join(" "), 0), Err(BadSearch));
        assert!(Search::parse(&"a ".repeat(SEARCH_CHARS_MAX / 2), 0).is_ok(), "the same word again is one");
    }

    #[test]
    fn what_was_found_is_marked_where_it_stands() {
        let places = |search: &str, text: &str| Search::parse(search, 0).unwrap().places(text, 3);
        assert_eq!(places("cafe ", "Ein Café, zwei Cafés."), [(4, 8)]);
        assert_eq!(places("caf", "Ein Café, zwei Cafés."), [(4, 7), (15, 18)]);
        assert_eq!(places("\"two stones\"", "stones, two stones"), [(8, 18)]);
        assert_eq!(places("本", "日本語 日本"), [(1, 2), (5, 6)]);
        assert_eq!(places("日本語", "x日本語の"), [(1, 4)]);
        assert_eq!(places("a -b from:a ", "a b a a a a"), [(0, 1), (4, 5), (6, 7)]);
        assert_eq!(places("strasse ", "die Straße"), [(4, 10)]);
    }

    proptest! {
        #[test]
        fn no_text_is_a_fault(text in "\\PC{0,80}", offset in -2_000..2_000) {
            if let Ok(search) = Search::parse(&text, offset) {
                prop_assert!(search.wanted.len() + search.unwanted.len() <= SEARCH_TERMS_MAX);
                drop(search.places(&text, 10));
            }
        }

        #[test]
        fn no_heap_of_operators_is_a_fault(pieces in prop::collection::vec(prop::sample::select(vec![
            "-", "\"", ":", "from", "in", "on:", "before:", "2026-13-01", "has:", "日本", "x*", " ", "“", "_r5", "é", "-\"",
        ]), 0..40)) {
            if let Ok(search) = Search::parse(&pieces.concat(), 0) {
                drop(search.places("x 日本 é", 10));
            }
        }
    }
}
