//! From a message's text to a tree of spans: what is bold, what is code, what is a link.
//!
//! A text comes in as it was typed and kept; a tree goes out that holds text only, never HTML. Whatever shows it builds its
//! own nodes. The subset and the habits of chats are written down in `PROTOCOL.md` ("What a text says"); why the parser is
//! our own, and what it weighs, in `docs/decisions/0013-markup.md`.
//!
//! Nothing here fails: what is not markup is text. Nothing but markers is left out. The work grows with the text and no
//! faster, however the text was made up, and so does the tree, within the bounds below.

mod address;
mod block;
mod highlight;
mod inline;
mod pair;
mod plain;
mod scan;
mod word;
mod work;

pub use highlight::{Colour, Language};
pub use plain::{links, mentions, plain};

/// Quotes and lists inside one another. What is deeper is text, markers and all.
pub const BLOCK_DEPTH_MAX: usize = 8;
/// Emphasis, links and spoilers inside one another. What is deeper is text, markers and all.
pub const SPAN_DEPTH_MAX: usize = 8;
/// Blocks, list items and markers of one text. The rest is text: a page has to draw what we find.
pub const PIECES_MAX: usize = 1_000;
/// The shortest name after an `@`, in Unicode scalar values, as for a username. A shorter one is text.
pub const NAME_CHARS_MIN: usize = 2;
/// The longest name after an `@`, in Unicode scalar values, as for a username. A longer one is text.
pub const NAME_CHARS_MAX: usize = 32;
/// The shortest name of an emoji between colons, in characters. A shorter one is text.
pub const EMOJI_CHARS_MIN: usize = 2;
/// The longest name of an emoji between colons, in characters. A longer one is text.
pub const EMOJI_CHARS_MAX: usize = 32;
/// The longest name of a language after a fence, in bytes. A longer one is the first line of the code.
pub const LANGUAGE_BYTES_MAX: usize = 20;
/// Digits of a list's number. One with more is text: `1986. What a year` is no list.
pub const NUMBER_DIGITS_MAX: usize = 3;

/// A piece of a message that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines of text. A line break is a `\n` in it.
    Paragraph(Vec<Span>),
    /// A line that heads what follows. Its level is not told: a message is too short for one.
    Heading(Vec<Span>),
    /// What somebody else said.
    Quote(Vec<Block>),
    /// A list; its items have all a number, or none has.
    List(Vec<Item>),
    /// Code between fences, to be shown as it is.
    Code {
        /// What stood after the opening fence, such as `rust`; empty, if nothing did.
        language: String,
        /// The lines, without the last line's break.
        text: String,
    },
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The number that was typed, which need not follow from the one before.
    pub number: Option<u32>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Text. Two never stand side by side.
    Text(String),
    /// Code, to be shown as it is.
    Code(String),
    /// A name that was written with an `@`, without it. Whether somebody is called so is not known here.
    Mention(String),
    /// A name that was written between colons, without them. Whether an emoji is called so is not known here.
    Emoji(String),
    /// Spans that are marked.
    Marked(Mark, Vec<Span>),
    /// Spans that lead somewhere. No link or mention is in them.
    Link {
        /// Where: an address that begins with `http:`, `https:` or `mailto:`, in letters of any case.
        to: String,
        /// What it says.
        spans: Vec<Span>,
    },
}

/// How spans are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// `*so*` or `_so_`.
    Emphasis,
    /// `**so**` or `__so__`.
    Strong,
    /// `~~so~~`.
    Struck,
    /// `||so||`: hidden until the reader wants to see it.
    Spoiler,
}

/// Reads a text.
#[must_use]
pub fn parse(text: &str) -> Vec<Block> {
    let lines: Vec<&str> = text.split('\n').collect();
    block::blocks(&lines, BLOCK_DEPTH_MAX, &mut block::Left(PIECES_MAX))
}
