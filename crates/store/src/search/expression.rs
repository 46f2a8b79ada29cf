//! What the index is told and asked, in the words of each engine. Nothing that somebody typed gets here but letters, digits, marks
//! and symbols: a term cannot be mistaken for the language around it.

use model::{Has, Phrase, Term};

use super::Mark;
use crate::engine::Conn;

/// The mark of every message, for questions that name nothing which it has.
const ANY: &str = "_any";

/// The entry of a message: its marks first, which stand nowhere, and then its terms.
pub(super) fn entry(conn: &Conn, marks: &[Mark], terms: &[Term]) -> String {
    let mut entry = match conn {
        Conn::Sqlite(_) => ANY.to_owned(),
        Conn::Postgres(_) => format!("'{ANY}'"),
    };
    let mut add = |text: &str, place: Option<usize>| match (conn, place) {
        (Conn::Sqlite(_), _) => entry.extend([" ", text]),
        (Conn::Postgres(_), None) => entry.extend([" '", text, "'"]),
        (Conn::Postgres(_), Some(place)) => entry.extend([" '", text, "':", &place.to_string()]),
    };
    for mark in marks {
        if let Some(mark) = name(mark) {
            add(&mark, None);
        }
    }
    for (term, place) in terms.iter().zip(1..) {
        add(&term.text, Some(place));
    }
    entry
}

/// The question for all of `wanted`, of each group one, and none of `unwanted`.
pub(super) fn question(conn: &Conn, wanted: &[Vec<Mark>], unwanted: &[Mark]) -> String {
    let [and, or, not] = match conn {
        Conn::Sqlite(_) => [" AND ", " OR ", " NOT "],
        Conn::Postgres(_) => [" & ", " | ", " & !"],
    };
    let one_of = |marks: &[Mark]| {
        let marks: Vec<_> = marks.iter().map(|mark| sought(conn, mark)).collect();
        format!("({})", marks.join(or))
    };
    let mut groups: Vec<_> = wanted.iter().filter(|group| !group.is_empty()).map(|group| one_of(group)).collect();
    if groups.is_empty() {
        groups.push(quoted(conn, ANY));
    }
    let mut question = format!("({})", groups.join(and));
    if !unwanted.is_empty() {
        question.push_str(not);
        question.push_str(&one_of(unwanted));
    }
    question
}

fn sought(conn: &Conn, mark: &Mark) -> String {
    match (mark, name(mark)) {
        (_, Some(name)) => quoted(conn, &name),
        (Mark::Words(phrase), None) => words(conn, phrase),
        (Mark::Author(_) | Mark::Room(_) | Mark::Has(_), None) => quoted(conn, ANY),
    }
}

fn words(conn: &Conn, phrase: &Phrase) -> String {
    match conn {
        Conn::Sqlite(_) => {
            let begins = if phrase.open { " *" } else { "" };
            format!("\"{}\"{begins}", phrase.terms.join(" "))
        }
        Conn::Postgres(_) => {
            let begins = if phrase.open { ":*" } else { "" };
            format!("('{}'{begins})", phrase.terms.join("' <-> '"))
        }
    }
}

fn quoted(conn: &Conn, name: &str) -> String {
    match conn {
        Conn::Sqlite(_) => format!("\"{name}\""),
        Conn::Postgres(_) => format!("'{name}'"),
    }
}

/// A mark as the index has it. No term has a `_`, so nobody can write one.
fn name(mark: &Mark) -> Option<String> {
    match mark {
        Mark::Words(_) => None,
        Mark::Author(user) => Some(format!("_u{user}")),
        Mark::Room(room) => Some(format!("_r{room}")),
        Mark::Has(Has::File) => Some("_file".to_owned()),
        Mark::Has(Has::Picture) => Some("_picture".to_owned()),
        Mark::Has(Has::Audio) => Some("_audio".to_owned()),
        Mark::Has(Has::Video) => Some("_video".to_owned()),
        Mark::Has(Has::Link) => Some("_link".to_owned()),
    }
}
