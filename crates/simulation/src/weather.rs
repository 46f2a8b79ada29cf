//! What kind of world a seed makes: how many of everything, and how much goes wrong. Each seed stresses something else.

use crate::chance::Chance;

/// How a world is.
#[derive(Clone, Debug)]
pub(crate) struct Weather {
    pub(crate) nodes: usize,
    pub(crate) people: i64,
    /// People of a hundred who have a second device.
    pub(crate) second_device_percent: u64,
    /// Time until everything heals.
    pub(crate) storm_ms: u64,
    /// At most so long between two things that one person does.
    pub(crate) act_every_ms: u64,
    /// At most so long between two misfortunes.
    pub(crate) fault_every_ms: u64,
    /// Time that a frame takes, at most.
    pub(crate) line_ms: u64,
    pub(crate) bus_lost_percent: u64,
    pub(crate) bus_repeated_percent: u64,
    pub(crate) bus_late_percent: u64,
    pub(crate) request_lost_percent: u64,
    /// Frames of a hundred that are refused as too fast.
    pub(crate) too_fast_percent: u64,
    /// A restore from a backup may happen.
    pub(crate) restores: bool,
    /// Many messages at once.
    pub(crate) bursts: bool,
    pub(crate) bounds: Bounds,
}

/// The bounds of the store, small so that they are met.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Events that the log keeps of one stream.
    pub(crate) kept: usize,
    /// Events that a resume reads.
    pub(crate) resume: u64,
    /// Events that it reads at once.
    pub(crate) page: usize,
    /// Messages on a page of history.
    pub(crate) history: usize,
}

impl Weather {
    pub(crate) fn of(chance: &mut Chance) -> Self {
        let fair = chance.percent(10);
        let most =
            |chance: &mut Chance, most: u64| if fair || chance.percent(30) { 0 } else { chance.between(1, most) };
        let resume = chance.between(3, 40);
        Self {
            nodes: chance.pick(&[1, 1, 2, 2, 3]).unwrap_or(1),
            people: chance.pick(&[2, 2, 3, 3, 4]).unwrap_or(2),
            second_device_percent: chance.pick(&[0, 50, 50, 100]).unwrap_or(0),
            storm_ms: chance.between(15_000, 60_000),
            act_every_ms: chance.between(400, 3_000),
            fault_every_ms: if fair { 1_000_000 } else { chance.between(1_000, 12_000) },
            line_ms: chance.pick(&[1, 30, 200, 1_500]).unwrap_or(1),
            bus_lost_percent: most(chance, 30),
            bus_repeated_percent: most(chance, 30),
            bus_late_percent: most(chance, 40),
            request_lost_percent: most(chance, 30),
            too_fast_percent: most(chance, 10),
            restores: chance.percent(30),
            bursts: chance.percent(4),
            bounds: Bounds {
                kept: usize::try_from(chance.between(2, resume + 10)).unwrap_or(2),
                resume,
                page: usize::try_from(chance.between(1, 6)).unwrap_or(1),
                history: usize::try_from(chance.between(2, 8)).unwrap_or(2),
            },
        }
    }
}
