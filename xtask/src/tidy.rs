//! The rules of the house that a machine can keep. Each is a function from a [`Tree`] to what breaks it.
//!
//! STYLE.md says why each rule is there. A violation is a sentence that says what to do.

mod edges;
mod habits;
mod shape;
mod sinks;
mod sql;
mod tree;

use std::fmt;

use self::tree::{File, Kind, Package, Tree};

/// Something that breaks a rule, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    path: String,
    line: Option<usize>,
    advice: String,
}

impl Violation {
    fn of(path: &str, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: None, advice: advice.into() }
    }

    fn at(path: &str, line: usize, advice: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line: Some(line), advice: advice.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.advice),
            None => write!(f, "{}: {}", self.path, self.advice),
        }
    }
}

/// All rules.
const RULES: [fn(&Tree) -> Vec<Violation>; 11] = [
    edges::crates_keep_to_their_edges,
    edges::the_client_does_no_io_by_itself,
    edges::drivers_are_the_store_s_dependencies,
    edges::instant_rooms_reach_nothing_that_keeps,
    shape::files_are_short,
    shape::modules_say_what_they_are,
    shape::names_are_nouns_and_verbs,
    sql::sql_is_in_the_store,
    sql::both_engines_have_each_migration,
    habits::nothing_is_left_undone,
    sinks::no_text_becomes_markup,
];

/// What breaks any rule.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    RULES.iter().flat_map(|rule| rule(tree)).collect()
}

/// Checks the working tree, and prints each violation.
pub(crate) fn run() -> bool {
    let tree = match Tree::read(&crate::root()) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("The tree cannot be read: {error}");
            return false;
        }
    };
    let violations = check(&tree);
    for violation in &violations {
        println!("{violation}");
    }
    println!("tidy: {} files, {} crates, {} violations", tree.files.len(), tree.packages.len(), violations.len());
    violations.is_empty()
}

#[cfg(test)]
mod tests;
