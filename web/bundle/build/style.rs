//! The style sheets: the parts of each in one file, without comments and indentation.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// The style of the pages that need no script.
pub(crate) fn doors(root: &Path) -> Result<Vec<u8>> {
    join(root, &["tokens", "base", "parts", "card", "doors"])
}

/// The style of the app.
pub(crate) fn app(root: &Path) -> Result<Vec<u8>> {
    join(
        root,
        &[
            "tokens",
            "base",
            "parts",
            "app",
            "sidebar",
            "timeline",
            "markup",
            "conversation",
            "composer",
            "emoji",
            "files",
            "preview",
            "dialog",
        ],
    )
}

/// The style of instant rooms.
pub(crate) fn instant(root: &Path) -> Result<Vec<u8>> {
    join(root, &["tokens", "base", "parts", "card", "timeline", "composer", "dialog", "instant"])
}

fn join(root: &Path, parts: &[&str]) -> Result<Vec<u8>> {
    let mut style = String::new();
    for part in parts {
        let file = root.join("web/style").join(part).with_extension("css");
        let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        for line in without_comments(&text).lines().map(str::trim).filter(|line| !line.is_empty()) {
            style.push_str(line);
            style.push('\n');
        }
    }
    Ok(style.into_bytes())
}

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}
