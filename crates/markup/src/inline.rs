//! Tokens to spans.

use crate::{
    Mark, SPAN_DEPTH_MAX, Span,
    block::Left,
    pair::pair,
    scan::{Run, Token, tokens},
};

/// Reads a paragraph.
pub(crate) fn spans(text: &str, left: &mut Left) -> Vec<Span> {
    let mut tokens = tokens(text, left);
    pair(&mut tokens);
    let mut tree = Tree::default();
    for token in &tokens.list {
        match token {
            Token::Text(text) => tree.text(text),
            Token::Code(code) => tree.spans.push(Span::Code((*code).to_owned())),
            Token::Address(to) => {
                tree.spans.push(Span::Link { to: (*to).to_owned(), spans: vec![Span::Text((*to).to_owned())] });
            }
            Token::Mention(name) if tree.in_link => {
                tree.text("@");
                tree.text(name);
            }
            Token::Mention(name) => tree.spans.push(Span::Mention((*name).to_owned())),
            Token::Emoji(name) => tree.spans.push(Span::Emoji((*name).to_owned())),
            Token::Run(place) => tokens.runs.get(*place).into_iter().for_each(|run| tree.run(run)),
            Token::Open(None) => tree.text("["),
            Token::Open(Some(to)) => {
                tree.in_link = true;
                tree.open(Around::Link((*to).to_owned()), "[");
            }
            Token::Close(to) => {
                tree.in_link = false;
                tree.close(&format!("]({to})"));
            }
        }
    }
    tree.spans
}

/// What spans will be in, when it is closed.
enum Around {
    Mark(Mark),
    Link(String),
}

#[derive(Default)]
struct Tree {
    /// What is open, and the spans before it.
    open: Vec<(Around, Vec<Span>)>,
    /// How many are open that are too deep: their markers are text.
    flat: usize,
    in_link: bool,
    /// The spans of the innermost.
    spans: Vec<Span>,
}

impl Tree {
    fn text(&mut self, text: &str) {
        match self.spans.last_mut() {
            Some(Span::Text(before)) => before.push_str(text),
            _ => self.spans.push(Span::Text(text.to_owned())),
        }
    }

    fn run(&mut self, run: &Run) {
        for width in &run.ended {
            self.close(marker(run.sign, *width));
        }
        // What found no partner is between what ends here and what begins.
        (0..run.free).for_each(|_| self.text(marker(run.sign, 1)));
        for width in run.begun.iter().rev() {
            self.open(Around::Mark(mark(run.sign, *width)), marker(run.sign, *width));
        }
    }

    fn open(&mut self, around: Around, marker: &str) {
        if self.flat > 0 || self.open.len() >= SPAN_DEPTH_MAX {
            self.flat += 1;
            self.text(marker);
        } else {
            self.open.push((around, std::mem::take(&mut self.spans)));
        }
    }

    fn close(&mut self, marker: &str) {
        if self.flat > 0 {
            self.flat -= 1;
            self.text(marker);
        } else if let Some((around, before)) = self.open.pop() {
            let spans = std::mem::replace(&mut self.spans, before);
            self.spans.push(match around {
                Around::Mark(mark) => Span::Marked(mark, spans),
                Around::Link(to) => Span::Link { to, spans },
            });
        }
    }
}

fn mark(sign: char, width: usize) -> Mark {
    match (sign, width) {
        ('~', _) => Mark::Struck,
        ('|', _) => Mark::Spoiler,
        (_, 1) => Mark::Emphasis,
        (_, _) => Mark::Strong,
    }
}

fn marker(sign: char, width: usize) -> &'static str {
    match (sign, width) {
        ('*', 1) => "*",
        ('*', _) => "**",
        ('_', 1) => "_",
        ('_', _) => "__",
        ('~', 1) => "~",
        ('~', _) => "~~",
        (_, 1) => "|",
        (_, _) => "||",
    }
}
