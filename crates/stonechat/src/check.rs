//! Reads the database file through, and says whether it is sound.

use std::io::{self, Write as _};

use anyhow::{Context as _, bail};

use crate::config::Settings;

/// Prints one line if all is well; else each thing that is wrong, and fails.
pub(crate) fn check(settings: &Settings) -> anyhow::Result<()> {
    let url = &settings.storage.database;
    let found = store::soundness::problems(url).with_context(|| format!("cannot read {url}"))?;
    let mut out = io::stdout().lock();
    match found {
        None => writeln!(out, "PostgreSQL looks after its own files; its tool for this is pg_amcheck.")?,
        Some(problems) if problems.is_empty() => writeln!(out, "{url} is sound.")?,
        Some(problems) => {
            for problem in &problems {
                writeln!(out, "{problem}")?;
            }
            bail!("{url} is damaged, as said above. Restore a backup, and keep the damaged files until you have.");
        }
    }
    Ok(())
}
