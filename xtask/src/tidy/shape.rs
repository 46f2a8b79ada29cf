//! Files are short, open with what they are, and are named after something.

use super::{Tree, Violation};

/// The longest file, in lines.
const LINES_MAX: usize = 400;
/// The longest file of tests, in lines.
const TEST_LINES_MAX: usize = 600;
/// Texts whose length says something about their shape.
const MEASURED: [&str; 6] = ["css", "html", "js", "mjs", "rs", "sql"];
/// Names of drawers, not of things.
const DRAWERS: [&str; 8] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "service"];

/// No file is longer than can be read at a sitting.
pub(super) fn files_are_short(tree: &Tree) -> Vec<Violation> {
    let measured = tree.files.iter().filter(|file| MEASURED.contains(&file.extension()));
    let long = measured.filter_map(|file| {
        let (lines, max) = (file.text.lines().count(), if file.is_test() { TEST_LINES_MAX } else { LINES_MAX });
        let advice =
            format!("it has {lines} lines, and may have {max}. Find the second noun in it, and give it a file.");
        (lines > max).then(|| Violation::of(&file.path, advice))
    });
    long.collect()
}

/// Every Rust file opens with `//!`.
pub(super) fn modules_say_what_they_are(tree: &Tree) -> Vec<Violation> {
    let silent = tree.rust().filter(|file| !file.text.starts_with("//!"));
    let advice = "it does not open with `//!`. Say what comes in, what goes out and what it does not do.";
    silent.map(|file| Violation::at(&file.path, 1, advice)).collect()
}

/// No file or folder is named like a drawer.
pub(super) fn names_are_nouns_and_verbs(tree: &Tree) -> Vec<Violation> {
    let drawer = |path: &str| {
        let mut parts = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        parts.find(|part| DRAWERS.contains(part)).map(str::to_owned)
    };
    let advice = |name: &str| {
        format!("`{name}` names a drawer. Name it after the noun or the verb in it; if there are two, make two.")
    };
    tree.rust().filter_map(|file| Some(Violation::of(&file.path, advice(&drawer(&file.path)?)))).collect()
}
