//! Everything random in a client, from one seed that the driver draws: names for writes, and the jitter of retries.

use model::ClientKey;

/// Turns a seed into keys and jitter.
#[derive(Debug)]
pub(crate) struct Dice {
    prefix: String,
    keys: u64,
    state: u64,
}

impl Dice {
    /// The seed must be new for every client: keys are unique per author for ever, and they begin with it.
    pub(crate) fn new(seed: [u64; 2]) -> Self {
        Self {
            prefix: format!("{:016x}{:016x}", seed[0], seed[1]),
            keys: 0,
            state: seed[0] ^ seed[1].rotate_left(32) | 1,
        }
    }

    #[expect(clippy::expect_used, reason = "hexadecimal digits and a hyphen, at most 49 of them, are a key")]
    pub(crate) fn key(&mut self) -> ClientKey {
        self.keys += 1;
        ClientKey::parse(&format!("{}-{:x}", self.prefix, self.keys)).expect("a key")
    }

    /// A number from 0 to `most`: xorshift64*, good enough to spread clients over time.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) % (most + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_keys_are_alike() {
        let (mut one, mut other) = (Dice::new([1, 2]), Dice::new([1, 3]));
        let keys = [one.key(), one.key(), other.key(), other.key()];
        assert!((0..4).all(|i| (0..i).all(|j| keys[i] != keys[j])), "{keys:?}");
    }

    #[test]
    fn a_throw_stays_within_its_bound() {
        let mut dice = Dice::new([7, 9]);
        let throws: Vec<u64> = (0..1_000).map(|_| dice.up_to(500)).collect();
        assert!(throws.iter().all(|t| *t <= 500));
        assert!(throws.iter().any(|t| *t < 50) && throws.iter().any(|t| *t > 450));
    }
}
