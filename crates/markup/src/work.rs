//! Counts the work that a text makes, so that a test can compare it with the text's length. In what ships it is nothing.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Notes that so many bytes, lines or markers were looked at.
#[cfg(test)]
pub(crate) fn steps(count: usize) {
    STEPS.set(STEPS.get() + count);
}

/// Notes nothing.
#[cfg(not(test))]
pub(crate) fn steps(_: usize) {}

/// The work of a call on this thread.
#[cfg(test)]
pub(crate) fn of<T>(call: impl FnOnce() -> T) -> usize {
    let before = STEPS.get();
    let _ = call();
    STEPS.get() - before
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{BLOCK_DEPTH_MAX, Block, Item, PIECES_MAX, SPAN_DEPTH_MAX, Span, links, mentions, parse, plain};

    /// Steps for each byte of a text, whatever it is.
    const STEPS_PER_BYTE: usize = 64;

    /// What would be slow, said again and again, if something were looked for twice.
    const SLOW: [&str; 66] = [
        "*",
        "_",
        "`",
        "[",
        "]",
        "(",
        "|",
        "~",
        ">",
        "#",
        "@",
        "\\",
        "-",
        "\n",
        " ",
        ">\n",
        "> ",
        "- ",
        "1. ",
        "> - ",
        "*a ",
        "a* ",
        "*a_ ",
        "**a *b ",
        "_a*b_ ",
        "*a **b~~ ",
        "`a``b",
        "` `` ``` ",
        "[a](",
        "[a](http://",
        "](http://b)[",
        "[http://a ](http://b)",
        "http://(",
        "http://a||",
        "mailto:",
        "mailto:a",
        "[a](mailto:",
        "@a_",
        "_@ab ",
        "||a",
        "||a|| ",
        "```\n",
        "```\n\n",
        "~~~\na```\n",
        "- a\n\n",
        "- a\n  ",
        "  - a\n",
        "\n\n",
        "> a\n\n",
        "1. a\n\n",
        "# a\n",
        "a\n",
        "`a`",
        "é*",
        "\u{202E}",
        "*\u{200D}",
        "[a](https://a.b/()",
        "@ab ",
        ":",
        ":a",
        ":ab:",
        ":abcdefghijklmnopqrstuvwxyz012345",
        "[",
        "[*a",
        "*[a](http://a)",
        "> > > >>",
    ];

    /// How many spans, items and blocks a tree has, how deep it is, and all its text.
    #[derive(Default)]
    struct Measure {
        pieces: usize,
        deepest: usize,
        text: String,
    }

    impl Measure {
        fn of(text: &str) -> Self {
            let mut measure = Self::default();
            measure.blocks(&parse(text), 1);
            measure
        }

        fn blocks(&mut self, blocks: &[Block], depth: usize) {
            self.deepest = self.deepest.max(depth);
            for block in blocks {
                self.pieces += 1;
                match block {
                    Block::Paragraph(spans) | Block::Heading(spans) => self.spans(spans, depth + 1),
                    Block::Quote(blocks) => self.blocks(blocks, depth + 1),
                    Block::List(items) => items.iter().for_each(|item| self.item(item, depth + 1)),
                    Block::Code { language, text } => self.text.extend([language, text.as_str()]),
                }
            }
        }

        fn item(&mut self, item: &Item, depth: usize) {
            self.pieces += 1;
            self.text.extend(item.number.map(|number| number.to_string()));
            self.blocks(&item.blocks, depth);
        }

        fn spans(&mut self, spans: &[Span], depth: usize) {
            self.deepest = self.deepest.max(depth);
            for span in spans {
                self.pieces += 1;
                match span {
                    Span::Text(text) | Span::Code(text) | Span::Mention(text) | Span::Emoji(text) => {
                        self.text.push_str(text);
                    }
                    Span::Marked(_, spans) => self.spans(spans, depth + 1),
                    Span::Link { to, spans } => {
                        self.spans(spans, depth + 1);
                        if *spans != [Span::Text(to.clone())] {
                            self.text.push_str(to);
                        }
                    }
                }
            }
        }
    }

    fn words(text: &str) -> String {
        text.chars().filter(|c| c.is_alphanumeric()).collect()
    }

    fn check(text: &str) {
        let measure = Measure::of(text);
        let steps = of(|| parse(text));
        assert!(steps <= STEPS_PER_BYTE * (text.len() + 1), "{steps} steps, {} bytes: {text:.40}", text.len());
        assert!(measure.pieces <= 3 * PIECES_MAX, "{} pieces: {text:.40}", measure.pieces);
        assert!(measure.deepest <= 2 * BLOCK_DEPTH_MAX + SPAN_DEPTH_MAX + 3, "{} deep: {text:.40}", measure.deepest);
        assert_eq!(words(&measure.text), words(text), "{text:.40}");
        let line = plain(text, 80);
        assert!(line.chars().count() <= 80 && !line.contains('\n'), "{line}");
        assert!(links(text, 3).len() <= 3);
        assert!(mentions(text).len() <= PIECES_MAX);
    }

    #[test]
    fn texts_made_to_be_slow_are_not() {
        for piece in SLOW {
            check(&piece.repeat(8_000 / piece.len()));
            check(&(piece.repeat(4_000 / piece.len()) + "a" + &piece.repeat(4_000 / piece.len())));
            check(&format!("{}a", piece.repeat(10_000)));
            let turned: String = piece.chars().rev().collect();
            check(&(piece.repeat(3_000 / piece.len()) + "a" + &turned.repeat(3_000 / piece.len())));
        }
        let runs: String = (1..120).map(|long| "`".repeat(long) + " ").collect();
        check(&runs);
        let nested: String = (0..500).map(|deep| " ".repeat(2 * (deep % 40)) + "- a\n").collect();
        check(&nested);
        check(&("*a ".repeat(2_000) + &" a*".repeat(2_000)));
        check(&("*a _b ~~c ||d ".repeat(500) + &" a* b_ c~~ d||".repeat(500)));
    }

    #[test]
    fn what_is_too_deep_is_text() {
        let text = "> ".repeat(10_000) + "so";
        let mut blocks = parse(&text);
        for _ in 0..BLOCK_DEPTH_MAX {
            let Some(Block::Quote(inside)) = blocks.pop() else { panic!("a quote") };
            blocks = inside;
        }
        let rest = text.get(2 * BLOCK_DEPTH_MAX..).map(str::to_owned).unwrap();
        assert_eq!(blocks, [Block::Paragraph(vec![Span::Text(rest)])]);
    }

    /// Texts in which every marker is likely, and every pair of them.
    fn marked() -> impl Strategy<Value = String> {
        let pieces = proptest::sample::select(vec![
            "a",
            "bc",
            "1",
            " ",
            "  ",
            "\n",
            "\n\n",
            "*",
            "**",
            "_",
            "__",
            "~~",
            "||",
            "`",
            "```",
            "[",
            "](",
            ")",
            "](https://x.y)",
            "https://z.w/",
            "mailto:q@r",
            "@",
            "@ab",
            ":",
            ":ok:",
            "\\",
            ">",
            "> ",
            "- ",
            "1. ",
            "# ",
            "\t",
            ".",
            "é",
            "字",
            "👍🏽",
            "\u{202E}",
            "```rust\n",
            "~~~\n",
            "(",
            "!",
            "\u{301}",
        ]);
        proptest::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_but_markers_is_lost(text in marked()) {
            check(&text);
        }

        #[test]
        fn no_text_is_too_odd(text in "[\\PC\n\t]{0,200}") {
            check(&text);
        }
    }
}
