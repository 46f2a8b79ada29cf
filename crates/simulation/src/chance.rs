//! Everything that happens by chance, from one seed.

/// Throws that are the same for the same seed (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x5707_EC4A_7000_0001)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.number() % (most - least + 1)
    }

    /// True in so many of a hundred cases.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.number() % 100 < percent
    }

    /// One of them, if there is one.
    pub(crate) fn pick<T: Clone>(&mut self, among: &[T]) -> Option<T> {
        let most = u64::try_from(among.len()).ok()?.checked_sub(1)?;
        let index = usize::try_from(self.between(0, most)).ok()?;
        among.get(index).cloned()
    }

    /// One of them, each as often as its weight says.
    pub(crate) fn weighed<T: Copy>(&mut self, among: &[(u64, T)]) -> Option<T> {
        let sum: u64 = among.iter().map(|(weight, _)| weight).sum();
        let mut left = self.between(0, sum.checked_sub(1)?);
        for (weight, one) in among {
            match left.checked_sub(*weight) {
                None => return Some(*one),
                Some(rest) => left = rest,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same() {
        let throws = |seed| {
            let mut chance = Chance::new(seed);
            (0..50).map(|_| chance.between(3, 9)).collect::<Vec<_>>()
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
        assert!((3..=9).all(|n| throws(7).contains(&n)) && throws(7).iter().all(|n| (3..=9).contains(n)));
    }

    #[test]
    fn a_weight_of_nothing_is_never_picked() {
        let mut chance = Chance::new(1);
        assert!((0..200).all(|_| chance.weighed(&[(0, 'a'), (3, 'b'), (0, 'c')]) == Some('b')));
        assert_eq!(chance.weighed::<char>(&[]), None);
        assert_eq!(chance.pick::<char>(&[]), None);
    }
}
