//! What of a text is wanted without its form: a line for a notification, who is named, what could be looked at.

use crate::{Block, Mark, Span, parse};

/// What stands for a spoiler where there is nothing to click.
const HIDDEN: &str = "▒▒▒";

/// The names that were written with an `@`, each once, in their order: raw, without it. `room` is one like the others.
#[must_use]
pub fn mentions(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    walk_blocks(&parse(text), &mut |span| {
        if let Span::Mention(name) = span
            && !names.contains(name)
        {
            names.push(name.clone());
        }
        true
    });
    names
}

/// The first `most` addresses of the web, each once, in their order. What a spoiler hides is not shown by a preview.
#[must_use]
pub fn links(text: &str, most: usize) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    walk_blocks(&parse(text), &mut |span| {
        if let Span::Link { to, .. } = span
            && to.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http"))
            && links.len() < most
            && !links.contains(to)
        {
            links.push(to.clone());
        }
        !matches!(span, Span::Marked(Mark::Spoiler, _))
    });
    links
}

/// One line of at most `chars` characters without markers: spoilers are hidden, and what is cut off ends in `…`.
#[must_use]
pub fn plain(text: &str, chars: usize) -> String {
    let mut words = String::new();
    say_blocks(&parse(text), &mut words);
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(line, chars)
}

/// Shows all spans to `see`, which says whether what is inside is wanted too.
fn walk_blocks(blocks: &[Block], see: &mut impl FnMut(&Span) -> bool) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) | Block::Heading(spans) => walk(spans, see),
            Block::Quote(blocks) => walk_blocks(blocks, see),
            Block::List(items) => items.iter().for_each(|item| walk_blocks(&item.blocks, see)),
            Block::Code { .. } => {}
        }
    }
}

fn walk(spans: &[Span], see: &mut impl FnMut(&Span) -> bool) {
    for span in spans {
        if see(span)
            && let Span::Marked(_, spans) | Span::Link { spans, .. } = span
        {
            walk(spans, see);
        }
    }
}

fn say_blocks(blocks: &[Block], words: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(spans) | Block::Heading(spans) => say(spans, words),
            Block::Quote(blocks) => say_blocks(blocks, words),
            Block::List(items) => items.iter().for_each(|item| say_blocks(&item.blocks, words)),
            Block::Code { text, .. } => words.push_str(text),
        }
        words.push('\n');
    }
}

fn say(spans: &[Span], words: &mut String) {
    for span in spans {
        match span {
            Span::Text(text) | Span::Code(text) => words.push_str(text),
            Span::Mention(name) => words.extend(["@", name]),
            Span::Emoji(name) => words.extend([":", name, ":"]),
            Span::Marked(Mark::Spoiler, _) => words.push_str(HIDDEN),
            Span::Marked(Mark::Emphasis | Mark::Strong | Mark::Struck, spans) | Span::Link { spans, .. } => {
                say(spans, words);
            }
        }
    }
}

/// Cuts where no sign is torn from the letter or the emoji that it belongs to.
fn cut(line: String, chars: usize) -> String {
    if line.chars().nth(chars).is_none() {
        return line;
    }
    let Some(room) = chars.checked_sub(1) else { return String::new() };
    let mut kept: Vec<char> = line.chars().take(room + 1).collect();
    // The last of these goes, and what it clings to with it.
    while let Some(next) = kept.pop() {
        let clings =
            matches!(next, '\u{300}'..='\u{36F}' | '\u{200D}' | '\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}');
        if !clings && kept.last() != Some(&'\u{200D}') {
            break;
        }
    }
    let kept: String = kept.into_iter().collect();
    kept.trim_end().to_owned() + "…"
}
