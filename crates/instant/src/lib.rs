//! Rooms that keep nothing: they live in memory, while somebody is in them, and have no way to reach a disk.
//!
//! In come words, as bytes that nobody here reads; out they go to the others in the room, and are wiped. A room has no history and
//! no list of people: it is where some sockets meet. Whoever comes shows a [`Key`] and gets a [`Member`], whose end is their
//! leaving; with the last one the room is gone. Everything has a bound, and a full queue is no reason to drop words: whoever
//! says them waits. This crate depends on no store and no driver, however indirectly; `cargo xtask tidy` looks.

mod key;
mod member;
mod outbox;
mod rooms;
mod words;

pub use key::{Key, Name};
pub use member::{BadEnvelope, Member};
pub use outbox::{Batch, Saying};
pub use rooms::{NoEntry, Rooms};
pub use words::Words;
