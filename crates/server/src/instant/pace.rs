//! How much one socket may say.

use std::{num::NonZeroU32, time::Duration};

use governor::{
    DefaultDirectRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

/// Units a second, over time, and at once. A picture of 5 MiB in frames of 64 KiB is 720.
const UNITS: [NonZeroU32; 2] = [NonZeroU32::new(100).unwrap(), NonZeroU32::new(1_000).unwrap()];
/// A frame costs one unit, and one more for each full so many bytes.
const UNIT_BYTES: usize = 8 * 1024;
/// Frames that may come too fast, less those that came in time since. One more is a flood.
const HURRIED_MAX: u32 = 200;

/// What one socket has said lately.
pub(super) struct Pace {
    limiter: DefaultDirectRateLimiter,
    hurried: u32,
}

/// Whether a frame comes in time.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may go on.
    InTime,
    /// It would be in time after this long.
    TooFast(Duration),
    /// It is one too many.
    Flood,
}

impl Pace {
    pub(super) fn new() -> Self {
        let [rate, burst] = UNITS;
        Self { limiter: RateLimiter::direct(Quota::per_second(rate).allow_burst(burst)), hurried: 0 }
    }

    /// Looks at a frame of so many bytes. One that was too fast is to be shown again when its time has come, by
    /// [`again`](Self::again).
    pub(super) fn judge(&mut self, bytes: usize) -> Verdict {
        match self.again(bytes) {
            Verdict::TooFast(_) if self.hurried == HURRIED_MAX => Verdict::Flood,
            Verdict::TooFast(wait) => {
                self.hurried += 1;
                Verdict::TooFast(wait)
            }
            verdict @ (Verdict::InTime | Verdict::Flood) => {
                // Not all at once: a busy machine lets now and then one of a flood come in time.
                self.hurried = self.hurried.saturating_sub(1);
                verdict
            }
        }
    }

    /// Looks at a frame that was too fast a moment ago.
    pub(super) fn again(&self, bytes: usize) -> Verdict {
        let units = u32::try_from(bytes / UNIT_BYTES).ok().and_then(|units| NonZeroU32::MIN.checked_add(units));
        match self.limiter.check_n(units.unwrap_or(NonZeroU32::MAX)) {
            Ok(Ok(())) => Verdict::InTime,
            Ok(Err(until)) => Verdict::TooFast(until.wait_time_from(DefaultClock::default().now())),
            // Larger than all that may come at once; the largest frame is not.
            Err(_) => Verdict::Flood,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_passes_at_once_and_a_flood_does_not_pass() {
        let mut pace = Pace::new();
        for _ in 0..5 * 1024 / 64 {
            assert_eq!(pace.judge(64 * 1024), Verdict::InTime);
        }
        let verdicts: Vec<_> = (0..2_000).map(|_| pace.judge(100)).collect();
        assert!(verdicts[..200].iter().all(|verdict| *verdict == Verdict::InTime));
        assert!(
            verdicts.iter().any(|verdict| matches!(verdict, Verdict::TooFast(wait) if *wait < Duration::from_secs(1)))
        );
        assert_eq!(verdicts.last(), Some(&Verdict::Flood));
    }
}
