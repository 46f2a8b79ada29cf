//! A whole Stonechat in one thread, from one seed: the real client, the real relay and the protocol, over a model of the store
//! and a network that loses, repeats, delays and breaks. No clock, no runtime: what went wrong once goes wrong again.
//!
//! In comes a seed, out comes whether every promise held ([`Invariant`]). A run has a *storm*, in which people talk while nodes
//! crash, lines die, the bus between the nodes loses things, and the store is restored from a backup; a *calm*, in which
//! everybody must come to have what the store has; and a *reading*, in which all histories are read to their beginnings.
//! [`Plant`] puts a mistake into the server, to see that the simulation would notice it.

mod activity;
mod agenda;
mod chance;
mod converge;
mod device;
mod invariant;
mod line;
mod misfortune;
mod node;
mod plant;
mod request;
mod session;
mod store;
mod trace;
mod watch;
mod weather;
mod witness;
mod world;

pub use invariant::{Invariant, Violation};
pub use plant::Plant;

/// What one seed came to.
#[derive(Clone, Debug)]
pub struct Run {
    /// The seed.
    pub seed: u64,
    /// Everything that happened, as one number.
    pub hash: u64,
    /// How many things happened.
    pub happenings: u64,
    /// How many messages were said.
    pub messages: u64,
    /// Time that passed in the world.
    pub world_ms: u64,
    /// The first promise that was broken.
    pub violation: Option<Violation>,
    /// Everything that happened, if it was wanted.
    pub trace: Vec<String>,
}

/// Plays one seed. `traced`: to be read.
#[must_use]
pub fn run(seed: u64, plant: Option<Plant>, traced: bool) -> Run {
    let mut world = world::World::new(seed, plant, traced);
    let violation = world.play();
    let (happenings, messages, world_ms) = (world.happenings, world.texts, world.now_ms);
    Run { seed, hash: world.trace.hash(), happenings, messages, world_ms, violation, trace: world.trace.lines() }
}
