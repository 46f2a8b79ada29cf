//! Rooms that keep nothing.

use server::InstantRooms;

use super::switch;
use crate::hygiene::Memory;

/// Rooms that keep nothing.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Instant {
    /// Whether anybody who reaches the server may open a room that keeps nothing, without an account.
    #[arg(id = "instant.enabled", long = "instant-enabled", value_name = "BOOL", default_value = "true", value_parser = switch)]
    #[arg(action = clap::ArgAction::Set)]
    pub(crate) enabled: bool,

    /// Whether such rooms may open although this machine swaps, so that what is said in them may be written to its disk.
    /// Swap in memory (zram) or on an encrypted disk is a reason for `true`.
    #[arg(id = "instant.allow_swap", long = "instant-allow-swap", value_name = "BOOL", default_value = "false", value_parser = switch)]
    #[arg(action = clap::ArgAction::Set)]
    pub(crate) allow_swap: bool,
}

impl Instant {
    /// Whether the rooms are open, on a machine that treats memory so.
    pub(crate) fn rooms(self, memory: Memory) -> InstantRooms {
        match (self.enabled, memory, self.allow_swap) {
            (false, _, _) => InstantRooms::Off,
            (true, Memory::MayBeSwapped, false) => InstantRooms::Unsafe,
            (true, Memory::Stays, _) | (true, Memory::MayBeSwapped, true) => InstantRooms::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_closed_where_memory_may_reach_a_disk_and_nobody_allowed_it() {
        let rooms = |enabled, allow_swap, memory| Instant { enabled, allow_swap }.rooms(memory);
        assert_eq!(rooms(true, false, Memory::Stays), InstantRooms::Open);
        assert_eq!(rooms(true, false, Memory::MayBeSwapped), InstantRooms::Unsafe);
        assert_eq!(rooms(true, true, Memory::MayBeSwapped), InstantRooms::Open);
        assert_eq!(rooms(false, true, Memory::MayBeSwapped), InstantRooms::Off);
    }
}
