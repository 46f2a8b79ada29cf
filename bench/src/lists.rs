//! Whether somebody has what is there: lists of places, each with what stands at it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use sha2::{Digest as _, Sha256};

/// What is wrong with a list, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// It is there and not in the list.
    pub lost: usize,
    /// It stands in the list twice.
    pub doubled: usize,
    /// It comes after something with a later place.
    pub inverted: usize,
    /// It is in the list, and something else or nothing is there.
    pub foreign: usize,
}

impl Differences {
    /// Adds what is wrong with another list.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            lost: self.lost + other.lost,
            doubled: self.doubled + other.doubled,
            inverted: self.inverted + other.inverted,
            foreign: self.foreign + other.foreign,
        }
    }
}

/// Compares a list, in the order in which it was filled, with what is there.
pub fn compare<T: PartialEq>(list: &[(u64, T)], truth: &[(u64, T)]) -> Differences {
    let truth: BTreeMap<u64, &T> = truth.iter().map(|(place, what)| (*place, what)).collect();
    let mut found = BTreeSet::new();
    let mut differences = Differences::default();
    let mut furthest = 0;
    for (place, what) in list {
        differences.doubled += usize::from(!found.insert(*place));
        differences.inverted += usize::from(*place < furthest);
        differences.foreign += usize::from(truth.get(place) != Some(&what));
        furthest = furthest.max(*place);
    }
    differences.lost = truth.keys().filter(|place| !found.contains(place)).count();
    differences
}

/// A fingerprint of a list: SHA-256 over places and texts, each with its length before it.
pub fn fingerprint<'a>(list: impl IntoIterator<Item = (u64, [&'a str; 2])>) -> String {
    let mut digest = Sha256::new();
    for (place, texts) in list {
        digest.update(place.to_be_bytes());
        for text in texts {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
    }
    digest.finalize().iter().fold(String::new(), |mut text, byte| {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUTH: [(u64, &str); 4] = [(2, "a"), (3, "b"), (5, "c"), (6, "d")];

    #[test]
    fn every_planted_difference_is_counted() {
        let none = Differences::default();
        assert_eq!(compare(&TRUTH, &TRUTH), none);
        let cases = [
            (vec![(2, "a"), (3, "b"), (5, "c")], Differences { lost: 1, ..none }),
            (vec![(2, "a"), (3, "b"), (3, "b"), (5, "c"), (6, "d")], Differences { doubled: 1, ..none }),
            (vec![(2, "a"), (5, "c"), (3, "b"), (6, "d")], Differences { inverted: 1, ..none }),
            (vec![(2, "a"), (3, "x"), (5, "c"), (6, "d")], Differences { foreign: 1, ..none }),
            (vec![(2, "a"), (3, "b"), (4, "x"), (5, "c"), (6, "d")], Differences { foreign: 1, ..none }),
        ];
        for (list, wrong) in cases {
            assert_eq!(compare(&list, &TRUTH), wrong, "{list:?}");
        }
    }

    #[test]
    fn a_fingerprint_tells_where_a_text_ends() {
        let of = |place, one, other| fingerprint([(place, [one, other])]);
        assert_eq!(of(1, "ab", "c"), of(1, "ab", "c"));
        assert_ne!(of(1, "ab", "c"), of(1, "a", "bc"));
        assert_ne!(of(1, "ab", "c"), of(2, "ab", "c"));
    }
}
