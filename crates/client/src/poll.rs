//! A poll is a message that asks, with a numbered line for each answer; a vote is a reaction with its number. So a poll is kept, searched,
//! edited and counted as every message is, and a client that does not know of polls shows it, and votes in it, all the same.

use std::fmt::Write as _;

/// What begins the line that asks.
const SIGN: &str = "📊 ";
/// The answers' numbers.
const NUMBERS: [&str; 10] = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟"];

/// A poll, as a message says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll<'a> {
    /// What is asked.
    pub question: &'a str,
    /// The answers, each with the emoji that votes for it.
    pub answers: Vec<(&'static str, &'a str)>,
}

impl<'a> Poll<'a> {
    /// Reads a message's text; none if it is no poll.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let mut lines = text.strip_prefix(SIGN)?.lines();
        let question = lines.next()?.trim();
        let mut answers = Vec::new();
        for line in lines {
            let number = NUMBERS.get(answers.len())?;
            answers.push((*number, line.strip_prefix(number)?.trim()));
        }
        (answers.len() >= 2 && !question.is_empty()).then_some(Self { question, answers })
    }

    /// The text of a poll: what is asked, and then the answers, between bars. None if there are fewer than two answers, or more than ten.
    #[must_use]
    pub fn write(words: &str) -> Option<String> {
        let mut words = words.split(['|', '\n']).map(str::trim).filter(|words| !words.is_empty());
        let mut text = format!("{SIGN}{}", words.next()?);
        let answers: Vec<&str> = words.collect();
        if !(2..=NUMBERS.len()).contains(&answers.len()) {
            return None;
        }
        for (number, answer) in NUMBERS.iter().zip(answers) {
            let _ = write!(text, "\n{number} {answer}");
        }
        Some(text)
    }

    /// Whether this emoji votes.
    #[must_use]
    pub fn counts(&self, emoji: &str) -> bool {
        self.answers.iter().any(|(number, _)| *number == emoji)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let text = Poll::write("Where to? | Pizza |  Thai food|").unwrap();
        assert_eq!(text, "📊 Where to?\n1️⃣ Pizza\n2️⃣ Thai food");
        let poll = Poll::read(&text).unwrap();
        assert_eq!((poll.question, poll.answers.clone()), ("Where to?", vec![("1️⃣", "Pizza"), ("2️⃣", "Thai food")]));
        assert!(poll.counts("2️⃣") && !poll.counts("3️⃣") && !poll.counts("👍"));
    }

    #[test]
    fn a_poll_has_two_to_ten_answers() {
        let many = |count: usize| Poll::write(&format!("q{}", "|a".repeat(count)));
        assert!([0, 1, 11].into_iter().all(|count| many(count).is_none()));
        assert!([2, 10].into_iter().all(|count| Poll::read(&many(count).unwrap()).is_some()));
        assert_eq!(Poll::write(" | |"), None);
    }

    #[test]
    fn other_texts_are_no_polls() {
        for text in [
            "",
            "📊",
            "📊 q",
            "📊 q\n1️⃣ a",
            "📊 q\n1️⃣ a\n3️⃣ b",
            "📊 q\n1️⃣ a\n2️⃣ b\nmore",
            " 📊 q\n1️⃣ a\n2️⃣ b",
            "📊 \n1️⃣ a\n2️⃣ b",
        ] {
            assert_eq!(Poll::read(text), None, "{text}");
        }
    }

    #[test]
    fn each_number_is_an_emoji_to_react_with() {
        assert!(NUMBERS.iter().all(|number| model::Emoji::parse(number).is_ok()));
    }
}
