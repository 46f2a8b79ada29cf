//! No text becomes markup, script or style: the content security policy forbids it, and the sources keep to it.

use super::{File, Tree, Violation};

/// What turns text into something that runs, or goes round the style sheet.
const SINKS: [&str; 9] = [
    "innerHTML",
    "inner_html",
    "insertAdjacentHTML",
    "insert_adjacent_html",
    "outerHTML",
    "outer_html",
    "eval(",
    "new Function",
    "style=",
];

/// Neither the client nor the server's pages have such a thing.
pub(super) fn no_text_becomes_markup(tree: &Tree) -> Vec<Violation> {
    tree.files.iter().filter(|file| is_shown(file)).flat_map(in_file).collect()
}

fn is_shown(file: &File) -> bool {
    let page = matches!(file.extension(), "html" | "js" | "mjs");
    file.path.starts_with("web/") && (page || file.extension() == "rs")
        || file.path.starts_with("crates/server/") && page
}

fn in_file(file: &File) -> Vec<Violation> {
    let found = file.code().filter_map(|(number, line)| {
        let sink = SINKS.iter().find(|sink| line.contains(*sink))?;
        let advice = format!("`{sink}` is refused by the content security policy. Build nodes, set text, use a class.");
        Some(Violation::at(&file.path, number, advice))
    });
    found.collect()
}
