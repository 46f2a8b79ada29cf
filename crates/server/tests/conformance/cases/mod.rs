//! The cases of the suite by their numbers, but for groups 12 and 13, which test a compression that we do not offer.

mod closing;
mod fragmentation;
mod framing;
mod limits;
mod opcodes;
mod pings;
mod sequences;
mod utf8;

use crate::script::Case;

/// How many cases each group of the suite has.
pub(crate) const GROUPS: [(&str, usize); 9] =
    [("1", 16), ("2", 11), ("3", 7), ("4", 10), ("5", 20), ("6", 145), ("7", 37), ("9", 54), ("10", 1)];

/// All of them.
pub(crate) fn all() -> Vec<Case> {
    let groups = [
        framing::cases(),
        pings::cases(),
        opcodes::cases(),
        fragmentation::cases(),
        utf8::cases(),
        sequences::cases(),
        closing::cases(),
        limits::cases(),
    ];
    groups.into_iter().flatten().collect()
}
