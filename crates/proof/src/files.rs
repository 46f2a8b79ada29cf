//! What is on the disk.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::Context as _;

use crate::search::{Hit, Search};

/// What one look at a folder saw.
pub(crate) struct Look {
    pub(crate) files: usize,
    pub(crate) hits: Vec<(String, BTreeSet<Hit>)>,
    /// Core files, whatever is in them.
    pub(crate) cores: Vec<String>,
}

/// Looks into every file of a folder, in which all is newer than the start of the program.
pub(crate) fn search(folder: &Path, search: &Search) -> anyhow::Result<Look> {
    let mut look = Look { files: 0, hits: Vec::new(), cores: Vec::new() };
    walk(folder, search, &mut look).with_context(|| format!("{} cannot be read", folder.display()))?;
    Ok(look)
}

fn walk(folder: &Path, search: &Search, look: &mut Look) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            walk(&path, search, look)?;
            continue;
        }
        look.files += 1;
        let name = path.display().to_string();
        let mut hits = search.hits(name.as_bytes());
        hits.extend(search.hits(&fs::read(&path)?));
        if !hits.is_empty() {
            look.hits.push((name.clone(), hits));
        }
        if entry.file_name().to_string_lossy().starts_with("core") {
            look.cores.push(name);
        }
    }
    Ok(())
}
