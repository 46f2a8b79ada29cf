//! The memory of another process.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    os::unix::fs::FileExt as _,
};

use anyhow::Context as _;
use rustix::process::Pid;

use crate::search::{Hit, Search};

/// How much is read at once.
const PIECE_BYTES: usize = 1024 * 1024;

/// What one look at the memory saw.
pub(crate) struct Look {
    pub(crate) bytes: u64,
    pub(crate) hits: BTreeSet<Hit>,
}

/// Looks at all that can be read of a process's memory.
pub(crate) fn search(pid: Pid, search: &Search) -> anyhow::Result<Look> {
    let folder = format!("/proc/{}", pid.as_raw_nonzero());
    let maps = fs::read_to_string(format!("{folder}/maps")).context("its map of memory cannot be read")?;
    let memory = File::open(format!("{folder}/mem"))
        .context("its memory cannot be read: the program forbids it to all but root, so prove this as root")?;
    let mut look = Look { bytes: 0, hits: BTreeSet::new() };
    for (start, end) in maps.lines().filter_map(readable) {
        let mut at = start;
        while at < end {
            let length = usize::try_from(end - at).unwrap_or(usize::MAX).min(PIECE_BYTES + search.longest());
            let mut piece = vec![0; length];
            // What cannot be read, such as the kernel's own pages, holds nothing of the program's.
            let read = memory.read_at(&mut piece, at).unwrap_or(0);
            look.hits.extend(search.hits(piece.get(..read).unwrap_or_default()));
            look.bytes += read.min(PIECE_BYTES) as u64;
            at += PIECE_BYTES as u64;
        }
    }
    Ok(look)
}

/// The bounds of a mapping that can be read: `7f00-7f10 rw-p …`.
fn readable(line: &str) -> Option<(u64, u64)> {
    let (range, rest) = line.split_once(' ')?;
    let (start, end) = range.split_once('-')?;
    let bound = |text| u64::from_str_radix(text, 16).ok();
    rest.starts_with('r').then_some((bound(start)?, bound(end)?))
}
