//! The proofs, each with its size and its promises.

pub mod churn;
pub mod crowd;
pub mod half_open;
pub mod retry;
pub mod slow;

use std::time::Duration;

use crate::server::Choice;

/// How a proof is to be run.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What to run.
    pub choice: Choice,
    /// A short run, perhaps on a debug build: time is shown and not judged.
    pub quick: bool,
}

/// Bytes for people.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub fn kib(bytes: u64) -> String {
    format!("{:.1} KiB", bytes as f64 / 1024.0)
}

/// How often something happened in a second.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub fn rate(count: u64, time: Duration) -> String {
    format!("{:.0} a second", count as f64 / time.as_secs_f64())
}
