//! The words of a text, as they are kept for searching and as they are looked for: the same on both engines.
//!
//! A text is cut into runs of what can be looked for, and each run is folded: compatibility forms, case and accents go. What
//! is left is words, and runs in scripts that put no space between words, of which every two neighbours are a term.

use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::limits::{TERM_CHARS_MAX, TERMS_PER_MESSAGE_MAX};

/// A word, or two neighbours in a script without spaces, folded; and where in the text it stands, in Unicode scalar values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word, folded: letters, digits, marks and symbols, never blank, never with `_`, quotes or ASCII punctuation.
    pub text: String,
    /// Its first character.
    pub from: usize,
    /// The character behind its last.
    pub to: usize,
    /// How it came about.
    pub(crate) kind: TermKind,
}

/// How a term came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TermKind {
    /// A word with something between it and the next.
    Word,
    /// Two neighbours in a run without spaces.
    Pair,
    /// The last character of such a run, by itself.
    Last,
}

/// The terms of a text, in order, at most [`TERMS_PER_MESSAGE_MAX`].
#[must_use]
pub fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut run = String::new();
    let mut from = 0;
    for (at, c) in text.chars().chain([' ']).enumerate() {
        if is_sought(c) {
            if run.is_empty() {
                from = at;
            }
            run.push(c);
        } else if !run.is_empty() {
            add_run(&run, from, &mut terms);
            run.clear();
            if terms.len() >= TERMS_PER_MESSAGE_MAX {
                break;
            }
        }
    }
    terms.truncate(TERMS_PER_MESSAGE_MAX);
    terms
}

/// What a piece of a folded run is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Part of a word.
    Word,
    /// A character of a script without spaces, or a symbol.
    Unspaced,
    /// Neither: it separates.
    Nothing,
}

/// The terms of one run, which begins at this character of its text.
fn add_run(run: &str, from: usize, terms: &mut Vec<Term>) {
    let folded: Vec<char> = fold(run).chars().collect();
    let length = run.chars().count();
    // Where folding made a run longer or shorter, its terms are said to stand wherever the run does.
    let exact = folded.len() == length;
    let place = |first: usize, end: usize| if exact { (from + first, from + end) } else { (from, from + length) };
    let mut first = 0;
    while let Some(kind) = folded.get(first).map(|c| kind(*c)) {
        let same = folded.iter().skip(first).take_while(|c| self::kind(**c) == kind).count();
        let end = first + same;
        match kind {
            Kind::Word => {
                let (from, to) = place(first, end);
                let text = folded.iter().skip(first).take(same.min(TERM_CHARS_MAX)).collect();
                terms.push(Term { text, from, to, kind: TermKind::Word });
            }
            Kind::Unspaced => {
                for at in first..end {
                    let (from, to) = place(at, (at + 2).min(end));
                    let text = folded.iter().take(end).skip(at).take(2).collect();
                    let kind = if at + 1 == end { TermKind::Last } else { TermKind::Pair };
                    terms.push(Term { text, from, to, kind });
                }
            }
            Kind::Nothing => {}
        }
        first = end;
    }
}

/// Case, accents and compatibility forms go; so does what cannot be seen.
fn fold(run: &str) -> String {
    if run.is_ascii() {
        return run.to_ascii_lowercase();
    }
    let plain = without_accents(run);
    without_accents(&UniCase::unicode(plain).to_folded_case())
}

fn without_accents(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_accent(*c)) {
        match c {
            'ø' | 'Ø' => plain.push('o'),
            'đ' | 'Đ' | 'ð' | 'Ð' => plain.push('d'),
            'ł' | 'Ł' => plain.push('l'),
            'ħ' | 'Ħ' => plain.push('h'),
            'ŧ' | 'Ŧ' => plain.push('t'),
            'ı' => plain.push('i'),
            'æ' | 'Æ' => plain.push_str("ae"),
            'œ' | 'Œ' => plain.push_str("oe"),
            'þ' | 'Þ' => plain.push_str("th"),
            _ => plain.push(c),
        }
    }
    // What has its own place in a script, such as a syllable of Hangul or a voiced kana, is put together again.
    plain.nfc().collect()
}

/// Whether a text is looked for by this character: letters, digits, what belongs to them, and symbols such as emoji.
fn is_sought(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_symbol(c) || is_joiner(c)
}

fn kind(c: char) -> Kind {
    if is_symbol(c) || is_of_unspaced_script(c) {
        Kind::Unspaced
    } else if c.is_alphanumeric() || is_combining_mark(c) {
        Kind::Word
    } else {
        Kind::Nothing
    }
}

/// Marks above, below and through letters that people leave out when they look for a word: those of Latin, Greek, Cyrillic, Hebrew
/// and Arabic, and what only changes how an emoji looks. In other scripts a mark makes another letter, and stays.
fn is_accent(c: char) -> bool {
    is_joiner(c)
        || matches!(
            c,
            '\u{300}'..='\u{36F}'
                | '\u{483}'..='\u{489}'
                | '\u{591}'..='\u{5C7}'
                | '\u{610}'..='\u{61A}'
                | '\u{640}'
                | '\u{64B}'..='\u{65F}'
                | '\u{670}'
                | '\u{6D6}'..='\u{6ED}'
                | '\u{8CA}'..='\u{8FF}'
                | '\u{1AB0}'..='\u{1AFF}'
                | '\u{1DC0}'..='\u{1DFF}'
                | '\u{20D0}'..='\u{20FF}'
                | '\u{FE20}'..='\u{FE2F}'
                | '\u{1F3FB}'..='\u{1F3FF}'
        )
}

/// What stands inside a word or an emoji and cannot be seen.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Arrows, signs, shapes and emoji.
fn is_symbol(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Thai, Lao, Burmese, Khmer, kana, Han, Hangul (whose words carry their endings) and what goes with them.
fn is_of_unspaced_script(c: char) -> bool {
    matches!(
        c,
        '\u{E00}'..='\u{EFF}'
            | '\u{1000}'..='\u{109F}'
            | '\u{1100}'..='\u{11FF}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{309F}'
            | '\u{30A1}'..='\u{30FA}'
            | '\u{30FC}'..='\u{318F}'
            | '\u{31A0}'..='\u{31BF}'
            | '\u{31F0}'..='\u{31FF}'
            | '\u{3400}'..='\u{4DBF}'
            | '\u{4E00}'..='\u{9FFF}'
            | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{1B000}'..='\u{1B16F}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(terms(text).iter().map(|term| term.text.as_str()).collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn words_are_folded() {
        check("Hello, WORLD! it's 3.14", &["hello", "world", "it", "s", "3", "14"]);
        check("Crème Brûlée naïve über", &["creme", "brulee", "naive", "uber"]);
        check("Straße STRASSE smørrebrød Łódź Ærø", &["strasse", "strasse", "smorrebrod", "lodz", "aero"]);
        check("Ёлка ΛΌΓΟΣ λόγος", &["елка", "λογοσ", "λογοσ"]);
        check("İstanbul ıslak ﬁne ＦＵＬＬ", &["istanbul", "islak", "fine", "full"]);
        check("مُحَمَّد שָׁלוֹם", &["محمد", "שלום"]);
        check("हिन्दी", &["हिन्दी"]);
        check("snake_case co\u{AD}operate", &["snake", "case", "cooperate"]);
        check(" \n\t.,;:!?\"'()*-_ ", &[]);
    }

    #[test]
    fn scripts_without_spaces_are_pairs_of_neighbours() {
        check("日本語", &["日本", "本語", "語"]);
        check("がか ｶﾞ ガ", &["がか", "か", "ガ", "ガ"]);
        check("안녕 \u{1112}\u{1161}\u{11AB}", &["안녕", "녕", "한"]);
        check("Rust言語で", &["rust", "言語", "語で", "で"]);
        check("ไทย", &["ไท", "ทย", "ย"]);
        check("go 🎉🎉 👍🏽 👩\u{200D}🚀 ❤\u{FE0F}", &["go", "🎉🎉", "🎉", "👍", "👩🚀", "🚀", "❤"]);
    }

    #[test]
    fn a_term_says_where_it_stands() {
        let places: Vec<_> = terms("Ein Café, 日本").into_iter().map(|term| (term.from, term.to)).collect();
        assert_eq!(places, [(0, 3), (4, 8), (10, 12), (11, 12)]);
        let longer: Vec<_> = terms("a Straße").into_iter().map(|term| (term.from, term.to)).collect();
        assert_eq!(longer, [(0, 1), (2, 8)]);
    }

    #[test]
    fn the_longest_message_has_a_bounded_number_of_short_terms() {
        for text in ["\u{FDFA}".repeat(8_000), "a".repeat(8_000), "a ".repeat(20_000), "日".repeat(8_000)] {
            let terms = terms(&text);
            assert!(terms.len() <= TERMS_PER_MESSAGE_MAX);
            assert!(terms.iter().all(|term| term.text.chars().count() <= TERM_CHARS_MAX));
        }
    }

    proptest! {
        #[test]
        fn terms_are_of_what_both_engines_take_as_it_is(text in "\\PC{0,60}") {
            for term in terms(&text) {
                prop_assert!(!term.text.is_empty());
                prop_assert!(term.text.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric()), "{:?}", term.text);
                prop_assert!(term.text.chars().all(|c| !c.is_whitespace() && !c.is_control()));
                prop_assert!(term.from < term.to && term.to <= text.chars().count());
            }
        }

        #[test]
        fn what_was_folded_folds_to_itself(text in "\\PC{0,40}") {
            for term in terms(&text) {
                prop_assert_eq!(&terms(&term.text)[0].text, &term.text);
            }
        }
    }
}
