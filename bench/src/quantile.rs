//! Durations in, quantiles out: a histogram whose buckets are at most one hundredth apart.

use std::{fmt, time::Duration};

/// Buckets for each doubling, as a power of two.
const FINE: u32 = 7;
/// Buckets for all 64-bit numbers.
const BUCKETS: usize = (64 - FINE as usize + 1) << FINE;

/// How long many things took, each rounded down by less than a hundredth.
#[derive(Clone)]
pub struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], total: 0 }
    }
}

impl Histogram {
    /// Counts one thing that took this many microseconds.
    pub fn add(&mut self, micros: u64) {
        self.counts[bucket(micros)] += 1;
        self.total += 1;
    }

    /// Counts what another has counted as well.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.total += other.total;
        self
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.total
    }

    /// The time that a part of them, from 0 to 1, did not exceed. Nothing took no time.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count far below 2^52, times a part of one"
    )]
    pub fn quantile(&self, part: f64) -> Duration {
        let wanted = ((self.total as f64 * part).ceil() as u64).max(1);
        let mut seen = 0;
        let place = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        });
        Duration::from_micros(place.map_or(0, floor))
    }
}

impl fmt::Display for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [half, most, worst] = [0.5, 0.99, 1.0].map(|part| millis(self.quantile(part)));
        write!(f, "p50 {half}, p99 {most}, longest {worst}; {} counted", self.total)
    }
}

/// The one in the middle, by size.
#[must_use]
pub fn median<T: Ord + Copy + Default>(mut all: Vec<T>) -> T {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// A duration for people.
#[must_use]
pub fn millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}

fn bucket(micros: u64) -> usize {
    let doublings = (64 - micros.leading_zeros()).saturating_sub(FINE + 1);
    let within = micros >> doublings;
    usize::try_from((u64::from(doublings) << FINE) + within).unwrap_or(usize::MAX).min(BUCKETS - 1)
}

fn floor(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let doublings = (bucket >> FINE).saturating_sub(1);
    (bucket - (doublings << FINE)) << doublings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_at_most_a_hundredth_too_small() {
        let mut histogram = Histogram::default();
        (1..=100_000).for_each(|micros| histogram.add(micros));
        for (part, exact) in [(0.5, 50_000), (0.99, 99_000), (1.0, 100_000)] {
            let given = histogram.quantile(part).as_micros();
            assert!(given <= exact && given * 100 >= exact * 99, "{part}: {given}");
        }
        assert_eq!(Histogram::default().quantile(0.99), Duration::ZERO);
    }

    #[test]
    fn every_number_has_a_bucket_that_begins_at_or_below_it() {
        let powers = (0..64).map(|n| 1_u64 << n);
        for number in powers.flat_map(|power| [power - 1, power, power + 1]).chain([u64::MAX]) {
            let floor = floor(bucket(number));
            assert!(floor <= number && number - floor <= number / 100, "{number}: {floor}");
        }
    }
}
