//! The mail room: from a committed event to every open socket of this node.
//!
//! In come events, as the store committed them, and signals; out go frames, encoded once, to the outbox of each socket that listens. It
//! may lose and reorder but never blocks and never invents: a socket that cannot keep up is told that it is behind, and the
//! log has what it lacks. No rules here: whoever listens shows a permit. Nothing here reads a clock or the store.

mod hub;
mod outbox;
mod presence;
mod socket;

pub use hub::{Hub, TooManySockets};
pub use outbox::Queued;
pub use socket::{Delivery, Socket};
