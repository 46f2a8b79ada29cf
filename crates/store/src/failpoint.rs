//! Places where a test lets the program die, as if its power were cut there. No release build has them.
//!
//! In comes `before_commit:17`: die the seventeenth time that a commit is about to begin; or `before_commit:17:40`: stay there for 40
//! milliseconds first, so that whatever was told too early gets out. Out goes nothing. Whoever passes such a place says so; who is
//! not armed counts nothing.

use std::{
    str::FromStr,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
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
    stay: Duration,
}

/// The text names no place to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a failpoint is written as a place and the pass to die at, such as before_commit:17, and perhaps the milliseconds to stay there first; the places are {}",
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
        let (name, numbers) = text.split_once(':').ok_or(BadFailpoint)?;
        let (pass, stay) = numbers.split_once(':').unwrap_or((numbers, "0"));
        let (_, at) = NAMES.iter().find(|(known, _)| *known == name).ok_or(BadFailpoint)?;
        let pass = pass.parse().ok().filter(|pass| *pass > 0).ok_or(BadFailpoint)?;
        let stay = Duration::from_millis(stay.parse().map_err(|_| BadFailpoint)?);
        Ok(Self { at: *at, pass, stay })
    }
}

/// From now on this process dies there. Only the first call counts.
pub fn arm(death: Death) {
    let _ = ARMED.set(death);
}

/// Dies, if this is the place and the time.
pub fn pass(here: Failpoint) {
    if let Some(Death { at, pass, stay }) = ARMED.get()
        && *at == here
        && PASSED.fetch_add(1, Ordering::AcqRel) + 1 == *pass
    {
        let end = Instant::now() + *stay;
        // Somebody may wake this thread meanwhile.
        while let Some(rest) = end.checked_duration_since(Instant::now()).filter(|rest| !rest.is_zero()) {
            thread::park_timeout(rest);
        }
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
        let death = |ms| Death { at: Failpoint::BeforeCommit, pass: 17, stay: Duration::from_millis(ms) };
        assert_eq!("before_commit:17".parse(), Ok(death(0)));
        assert_eq!("before_commit:17:40".parse(), Ok(death(40)));
        for wrong in ["", "before_commit", "before_commit:0", "before_commit:x", "before_commit:1:x", "tomorrow:1"] {
            assert_eq!(wrong.parse::<Death>(), Err(BadFailpoint), "{wrong}");
        }
        assert!(BadFailpoint.to_string().contains("fan_out"));
    }
}
