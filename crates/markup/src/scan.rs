//! Text to tokens: what could be a marker, and what needs no partner: code, addresses, names.

use crate::{address, block::Left, word, work};

/// A longer run of backticks is text.
const TICKS_MAX: usize = 16;
/// What a backslash takes the meaning from. Before anything else it is a backslash: paths and patterns are full of them.
const ESCAPED: [char; 12] = ['`', '*', '_', '~', '|', '[', ']', '@', '#', '>', '-', '+'];

/// A piece of a paragraph.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Token<'t> {
    Text(&'t str),
    Code(&'t str),
    /// An address in the middle of the text.
    Address(&'t str),
    Mention(&'t str),
    /// What is between colons and could be an emoji's name.
    Emoji(&'t str),
    /// Markers, by their place in [`Tokens::runs`].
    Run(usize),
    /// `[`, and where it leads, if it begins a link.
    Open(Option<&'t str>),
    /// The end of such a link.
    Close(&'t str),
}

/// One to three of one marker, side by side.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) sign: char,
    /// How many have no partner yet.
    pub(crate) free: usize,
    pub(crate) opens: bool,
    pub(crate) closes: bool,
    /// What the run ends, from the inside out: how many markers each took.
    pub(crate) ended: Vec<usize>,
    /// What the run begins, from the inside out.
    pub(crate) begun: Vec<usize>,
}

#[derive(Default)]
pub(crate) struct Tokens<'t> {
    pub(crate) list: Vec<Token<'t>>,
    pub(crate) runs: Vec<Run>,
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Where the text begins that is no token yet.
    from: usize,
    tokens: Tokens<'t>,
    /// The places of `[` that could begin a link.
    brackets: Vec<usize>,
    /// The place of the last address.
    address: usize,
    /// The lengths of runs of backticks that do not come again, a bit for each: they are not looked for twice.
    gone: u32,
}

/// Finds the tokens of a paragraph.
pub(crate) fn tokens<'t>(text: &'t str, left: &mut Left) -> Tokens<'t> {
    let mut scan = Scan { text, at: 0, from: 0, tokens: Tokens::default(), brackets: Vec::new(), address: 0, gone: 0 };
    while let Some(c) = scan.rest().chars().next().filter(|_| left.0 > 0) {
        work::steps(1);
        let Some((token, long)) = scan.token(c) else {
            scan.at += c.len_utf8();
            continue;
        };
        scan.push_text();
        if !matches!(token, Token::Text(_) | Token::Open(_)) {
            left.spend();
        }
        scan.tokens.list.push(token);
        scan.at += long;
        scan.from = scan.at;
    }
    scan.at = text.len();
    scan.push_text();
    scan.tokens
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    fn push_text(&mut self) {
        if let Some(text) = self.text.get(self.from..self.at).filter(|text| !text.is_empty()) {
            self.tokens.list.push(Token::Text(text));
        }
    }

    /// The token that begins here with this character, and its length in bytes; nothing, if it is but a character.
    fn token(&mut self, c: char) -> Option<(Token<'t>, usize)> {
        match c {
            '\\' => self.escaped(),
            '`' => self.code(),
            '*' | '_' | '~' | '|' => Some(self.run(c)),
            '[' => {
                self.brackets.push(self.place_of_next());
                Some((Token::Open(None), 1))
            }
            ']' => self.link(),
            'h' | 'H' | 'm' | 'M' => self.address(),
            '@' => self.mention(),
            ':' => self.emoji(),
            _ => None,
        }
    }

    /// Where the next token will stand, after the text before it.
    fn place_of_next(&self) -> usize {
        self.tokens.list.len() + usize::from(self.from < self.at)
    }

    fn escaped(&self) -> Option<(Token<'t>, usize)> {
        let meant = self.rest().get(1..2).filter(|next| next.starts_with(ESCAPED))?;
        // ¯\_(ツ)_/¯ keeps its arm.
        let shown = if self.before() == Some('¯') { self.rest().get(..2)? } else { meant };
        Some((Token::Text(shown), 2))
    }

    /// Code between two runs of as many backticks; without the second, or with nothing between them, the run is text.
    fn code(&mut self) -> Option<(Token<'t>, usize)> {
        let (ticks, after) = leading(self.rest(), '`')?;
        if ticks.len() > TICKS_MAX || self.gone & (1 << ticks.len()) != 0 {
            return Some((Token::Text(ticks), ticks.len()));
        }
        let mut rest = after;
        while let Some((_, found)) = rest.find('`').and_then(|place| rest.split_at_checked(place)) {
            let (other, further) = leading(found, '`')?;
            work::steps(rest.len() - further.len());
            if other.len() == ticks.len() {
                let code = after.get(..after.len() - found.len())?;
                if code.trim().is_empty() {
                    return Some((Token::Text(ticks), ticks.len()));
                }
                return Some((Token::Code(without_padding(code)), code.len() + 2 * ticks.len()));
            }
            rest = further;
        }
        work::steps(rest.len());
        self.gone |= 1 << ticks.len();
        Some((Token::Text(ticks), ticks.len()))
    }

    fn run(&mut self, sign: char) -> (Token<'t>, usize) {
        let (run, after) = leading(self.rest(), sign).unwrap_or_default();
        let counts = if matches!(sign, '*' | '_') { 1..=3 } else { 2..=2 };
        let (before, after) = (self.before(), after.chars().next());
        let white = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let inside = |c: Option<char>| c.is_some_and(word::is_of_word);
        // A marker clings to what it marks, and does not stand inside a word: `2*3*4` and `snake_case` have none.
        let (opens, closes) = (!white(after) && !inside(before), !white(before) && !inside(after));
        if !counts.contains(&run.len()) || !(opens || closes) {
            return (Token::Text(run), run.len());
        }
        let place = self.tokens.runs.len();
        self.tokens.runs.push(Run { sign, free: run.len(), opens, closes, ended: vec![], begun: vec![] });
        (Token::Run(place), run.len())
    }

    /// The end of `[…](address)`. What is in brackets must not be an address itself: it could say another one.
    fn link(&mut self) -> Option<(Token<'t>, usize)> {
        let open = self.brackets.pop()?;
        let after = self.rest().strip_prefix("](")?;
        let to = after.get(..address::between_brackets(after)?)?;
        let is_empty = self.text.get(..self.at)?.ends_with('[');
        let Some(Token::Open(begun)) = self.tokens.list.get_mut(open).filter(|_| !is_empty && self.address <= open)
        else {
            return None;
        };
        *begun = Some(to);
        // No link is inside another.
        self.brackets.clear();
        Some((Token::Close(to), to.len() + 3))
    }

    fn address(&mut self) -> Option<(Token<'t>, usize)> {
        if self.before().is_some_and(char::is_alphanumeric) {
            return None;
        }
        let long = address::bare(self.rest())?;
        self.address = self.place_of_next() + 1;
        Some((Token::Address(self.rest().get(..long)?), long))
    }

    /// A name, unless it is the end of a mail address or of a path.
    fn mention(&self) -> Option<(Token<'t>, usize)> {
        let before = self.text.get(..self.at)?.trim_end_matches('_').chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '/' | '@' | '%')) {
            return None;
        }
        let after = self.rest().get(1..)?;
        let long = word::name(after)?;
        Some((Token::Mention(after.get(..long)?), long + 1))
    }

    /// A name between two colons that stand in no word: `12:30:45` has none, and `std::io::Error` neither.
    fn emoji(&self) -> Option<(Token<'t>, usize)> {
        let follows_one = self.from == self.at && matches!(self.tokens.list.last(), Some(Token::Emoji(_)));
        if self.before().is_some_and(|c| word::is_of_word(c) || c == ':') && !follows_one {
            return None;
        }
        let after = self.rest().get(1..)?;
        let long = word::emoji(after)?;
        let beyond = after.get(long + 1..)?;
        (!beyond.starts_with(word::is_of_word)).then_some((Token::Emoji(after.get(..long)?), long + 2))
    }
}

/// The run of a sign that a text begins with, and what follows.
fn leading(text: &str, sign: char) -> Option<(&str, &str)> {
    let long = text.len() - text.trim_start_matches(sign).len();
    work::steps(long);
    text.split_at_checked(long)
}

/// Without the space on either side that keeps a backtick in the code from the fence.
fn without_padding(code: &str) -> &str {
    let inside = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
    inside.unwrap_or(code)
}
