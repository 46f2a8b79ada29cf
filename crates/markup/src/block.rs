//! Lines to blocks: fences, quotes, headings, lists, and paragraphs, which are all the rest.
//!
//! A quote or a list takes its lines without their markers and reads them again, one level deeper. Each level looks at each
//! line a few times, and levels are bounded.

use crate::{Block, Item, LANGUAGE_BYTES_MAX, NUMBER_DIGITS_MAX, Span, inline::spans, work};

/// The pieces that may still be made.
pub(crate) struct Left(pub(crate) usize);

impl Left {
    /// Takes one, if there is one.
    pub(crate) fn spend(&mut self) -> bool {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or_default();
        left.is_some()
    }
}

/// Reads lines. `deeper`: how many levels may be opened yet.
pub(crate) fn blocks(lines: &[&str], deeper: usize, left: &mut Left) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut text: Vec<&str> = Vec::new();
    let mut rest = lines;
    while let Some((line, after)) = rest.split_first() {
        work::steps(1 + line.len());
        if left.0 == 0 {
            text.extend(rest);
            break;
        }
        if is_blank(line) {
            paragraph(&mut blocks, &mut text, left);
            rest = after;
        } else if let Some((block, after)) = special(rest, text.is_empty(), deeper, left) {
            paragraph(&mut blocks, &mut text, left);
            blocks.push(block);
            rest = after;
        } else {
            text.push(line);
            rest = after;
        }
    }
    paragraph(&mut blocks, &mut text, left);
    blocks
}

/// Ends a paragraph, if one was begun.
fn paragraph(blocks: &mut Vec<Block>, text: &mut Vec<&str>, left: &mut Left) {
    let joined = text.join("\n");
    text.clear();
    if joined.is_empty() {
        return;
    }
    let spans = if left.spend() { spans(&joined, left) } else { vec![Span::Text(joined)] };
    blocks.push(Block::Paragraph(spans));
}

/// The block that begins with the first of these lines and is no paragraph, and the lines after it.
fn special<'l, 't>(
    lines: &'l [&'t str],
    begins: bool,
    deeper: usize,
    left: &mut Left,
) -> Option<(Block, &'l [&'t str])> {
    let (line, after) = lines.split_first()?;
    if let Some(found) = code(lines) {
        left.spend();
        return Some(found);
    }
    if let Some(words) = heading(line) {
        left.spend();
        return Some((Block::Heading(spans(words, left)), after));
    }
    let deeper = deeper.checked_sub(1)?;
    quote(lines, deeper, left).or_else(|| list(lines, begins, deeper, left))
}

fn is_blank(line: &str) -> bool {
    line.chars().all(char::is_whitespace)
}

/// A line without the few spaces that a marker may have before it.
fn outdented(line: &str) -> &str {
    let bare = line.trim_start_matches(' ');
    if line.len() - bare.len() <= 3 { bare } else { line }
}

/// Code between fences. One that is never closed reaches to the end; one with nothing in it is text.
fn code<'l, 't>(lines: &'l [&'t str]) -> Option<(Block, &'l [&'t str])> {
    let (first, mut rest) = lines.split_first()?;
    let first = outdented(first);
    let sign = first.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = first.trim_start_matches(sign);
    let fence = first.get(..first.len() - info.len()).filter(|fence| fence.len() >= 3)?;
    if sign == '`' && info.contains('`') {
        return None;
    }
    let info = info.trim_end();
    let names = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '#' | '.' | '_');
    let name = info.trim_start();
    let is_name = name.len() <= LANGUAGE_BYTES_MAX && name.chars().all(names);
    // What is no name was meant as the first line.
    let (language, mut text) = if is_name { (name, vec![]) } else { ("", vec![info]) };
    while let Some((line, after)) = rest.split_first() {
        work::steps(1 + line.len());
        rest = after;
        // The closing fence may stand at the end of the last line: so it is typed on telephones.
        let bare = line.trim_end();
        if let Some(last) = bare.strip_suffix(fence) {
            let last = last.trim_end_matches(sign);
            if !is_blank(last) {
                text.push(last);
            }
            break;
        }
        text.push(line);
    }
    let text = text.join("\n");
    (!is_blank(&text)).then(|| (Block::Code { language: language.to_owned(), text }, rest))
}

/// What a heading says.
fn heading(line: &str) -> Option<&str> {
    let line = outdented(line);
    let words = line.trim_start_matches('#');
    let level = line.len() - words.len();
    let words = words.strip_prefix(' ')?.trim_start();
    ((1..=6).contains(&level) && !words.is_empty()).then_some(words)
}

/// A quoted line without its marker, which has a space or a line's end after it: `>.<` is a face.
fn unquoted(line: &str) -> Option<&str> {
    let inside = outdented(line).strip_prefix('>')?;
    let after = inside.trim_start_matches('>');
    work::steps(inside.len() - after.len());
    (after.is_empty() || after.starts_with(' ')).then(|| inside.strip_prefix(' ').unwrap_or(inside))
}

/// The lines that are quoted. The line after them is not of them: it is the answer.
fn quote<'l, 't>(lines: &'l [&'t str], deeper: usize, left: &mut Left) -> Option<(Block, &'l [&'t str])> {
    // Markers around nothing are text.
    unquoted(lines.first()?).filter(|line| !is_blank(line))?;
    let inside: Vec<&str> = lines.iter().map_while(|line| unquoted(line)).collect();
    left.spend();
    Some((Block::Quote(blocks(&inside, deeper, left)), lines.get(inside.len()..).unwrap_or_default()))
}

/// How an item begins.
struct Begun<'t> {
    number: Option<u32>,
    /// The spaces before its marker.
    spaces: usize,
    /// How far what it says is from the line's start, in bytes.
    indent: usize,
    words: &'t str,
}

fn begun(line: &str) -> Option<Begun<'_>> {
    let bare = outdented(line);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).take(NUMBER_DIGITS_MAX + 1).count();
    let (number, after) = if digits == 0 {
        (None, bare.strip_prefix(['-', '*', '+'])?)
    } else {
        let (typed, after) = bare.split_at_checked(digits)?;
        // A number that would be shown otherwise than it was typed stays as it is.
        let exact = digits <= NUMBER_DIGITS_MAX && (digits == 1 || !typed.starts_with('0'));
        (Some(typed.parse().ok().filter(|_| exact)?), after.strip_prefix('.')?)
    };
    let words = after.strip_prefix(' ')?.trim_start();
    (!words.is_empty()).then_some(Begun {
        number,
        spaces: line.len() - bare.len(),
        indent: line.len() - words.len(),
        words,
    })
}

/// A list. Inside a paragraph only a dash or the number 1 begins one.
fn list<'l, 't>(lines: &'l [&'t str], begins: bool, deeper: usize, left: &mut Left) -> Option<(Block, &'l [&'t str])> {
    let numbered = begun(lines.first()?).filter(|item| begins || item.number.is_none_or(|number| number == 1))?.number;
    let mut items = Vec::new();
    let mut rest = lines;
    // Items may have empty lines between them.
    while let Some((line, after)) = after_blank(rest).split_first() {
        let same = |item: &Begun<'_>| item.number.is_some() == numbered.is_some();
        let Some(item) = begun(line).filter(same) else { break };
        if !left.spend() {
            break;
        }
        let (inside, after) = belonging(&item, after);
        items.push(Item { number: item.number, blocks: blocks(&inside, deeper, left) });
        rest = after;
    }
    (!items.is_empty()).then_some((Block::List(items), rest))
}

/// The lines of an item, and those after it: of it is what stands further to the right, and the empty lines between.
fn belonging<'l, 't>(item: &Begun<'t>, lines: &'l [&'t str]) -> (Vec<&'t str>, &'l [&'t str]) {
    let mut inside = vec![item.words];
    let mut rest = lines;
    while let Some((line, after)) = after_blank(rest).split_first() {
        work::steps(1 + line.len());
        let Some(words) = indented(line, item) else { break };
        inside.extend(std::iter::repeat_n("", rest.len() - after.len() - 1));
        inside.push(words);
        rest = after;
    }
    (inside, rest)
}

/// A line that is of the item before it, without its indent: two spaces more than the marker has are enough, or a tab.
fn indented<'t>(line: &'t str, item: &Begun<'_>) -> Option<&'t str> {
    if let Some(words) = line.strip_prefix('\t') {
        return Some(words);
    }
    let spaces = line.len() - line.trim_start_matches(' ').len();
    if spaces < item.spaces + 2 { None } else { line.get(spaces.min(item.indent)..) }
}

fn after_blank<'l, 't>(lines: &'l [&'t str]) -> &'l [&'t str] {
    let blank = lines.iter().take_while(|line| is_blank(line)).count();
    work::steps(blank);
    lines.get(blank..).unwrap_or_default()
}
