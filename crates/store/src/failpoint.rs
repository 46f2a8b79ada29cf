//! Places where a test lets the program die, as if its power were cut there. No release build has them.
//!
//! In comes `before_commit:17`: die the seventeenth time that a commit is about to begin. Out goes nothing. Whoever passes such a
//! place says so; who is not armed counts nothing.

use std::{
    str::FromStr,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// A place to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failpoint {
    /// A transaction has begun, and nothing is written.
    BeforeWrite,
    /// A command's rows are written; others of its batch may follow.
    AfterWrite,
    /// All of a batch is written, and nothing is committed.
    BeforeCommit,
    /// A batch is committed, and nobody was told.
    AfterCommit,
    /// The first of a batch was told, and the others were not.
    AfterReply,
    /// Everybody who asked was told, and those who listen were not.
    FanOut,
}

/// Where to die, and after how many passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Death {
    at: Failpoint,
    pass: u64,
}

/// The text names no place to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a failpoint is written as a place and the pass to die at, such as before_commit:17; the places are {}",
    names()
)]
pub struct BadFailpoint;

const NAMES: [(&str, Failpoint); 6] = [
    ("before_write", Failpoint::BeforeWrite),
    ("after_write", Failpoint::AfterWrite),
    ("before_commit", Failpoint::BeforeCommit),
    ("after_commit", Failpoint::AfterCommit),
    ("after_reply", Failpoint::AfterReply),
    ("fan_out", Failpoint::FanOut),
];

static ARMED: OnceLock<Death> = OnceLock::new();
static PASSED: AtomicU64 = AtomicU64::new(0);

impl FromStr for Death {
    type Err = BadFailpoint;

    fn from_str(text: &str) -> Result<Self, BadFailpoint> {
        let (name, pass) = text.split_once(':').ok_or(BadFailpoint)?;
        let (_, at) = NAMES.iter().find(|(known, _)| *known == name).ok_or(BadFailpoint)?;
        let pass = pass.parse().ok().filter(|pass| *pass > 0).ok_or(BadFailpoint)?;
        Ok(Self { at: *at, pass })
    }
}

/// From now on this process dies there. Only the first call counts.
pub fn arm(death: Death) {
    let _ = ARMED.set(death);
}

/// Dies, if this is the place and the time.
pub fn pass(here: Failpoint) {
    if let Some(Death { at, pass }) = ARMED.get()
        && *at == here
        && PASSED.fetch_add(1, Ordering::AcqRel) + 1 == *pass
    {
        std::process::abort();
    }
}

fn names() -> String {
    NAMES.map(|(name, _)| name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_to_die_is_a_known_name_and_a_number() {
        assert_eq!("before_commit:17".parse(), Ok(Death { at: Failpoint::BeforeCommit, pass: 17 }));
        for wrong in ["", "before_commit", "before_commit:0", "before_commit:x", "tomorrow:1"] {
            assert_eq!(wrong.parse::<Death>(), Err(BadFailpoint), "{wrong}");
        }
        assert!(BadFailpoint.to_string().contains("fan_out"));
    }
}
