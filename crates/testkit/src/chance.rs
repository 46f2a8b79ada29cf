//! Chance that can be had again: numbers from a seed, which a failing test prints and the next run can be given.

use std::{
    env,
    hash::{BuildHasher, Hasher, RandomState},
};

/// The variable that gives the seed, as a decimal number.
pub const SEED: &str = "STONECHAT_TEST_SEED";

/// Numbers from a seed (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

/// The seed from the environment, or a new one.
///
/// # Panics
/// When the variable has something else than a number.
#[must_use]
pub fn seed() -> u64 {
    match env::var(SEED) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{SEED} is a number, and not {text:?}")),
        // The standard library seeds its hash tables from the system.
        Err(_) => RandomState::new().build_hasher().finish(),
    }
}

impl Chance {
    /// The numbers of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Chance of its own for somebody else, so that two who draw at once do not disturb each other.
    #[must_use]
    pub fn split(&mut self) -> Self {
        Self::new(self.next())
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    /// One of these.
    ///
    /// # Panics
    /// When there are none.
    pub fn one_of<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[usize::try_from(self.next() % things.len() as u64).unwrap_or(0)]
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_within_their_bounds() {
        let throws = |seed| {
            let mut chance = Chance::new(seed);
            (0..1_000).map(|_| chance.between(5, 500)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
        assert!(throws(7).iter().all(|throw| (5..=500).contains(throw)));
        assert!(throws(7).iter().any(|throw| *throw < 30) && throws(7).iter().any(|throw| *throw > 470));
    }
}
