//! What needs a browser: the socket, requests, clocks, the address bar, storage, randomness, words for moments, the
//! caret, what an emoji is, which time zones there are.
//!
//! Each file wraps one thing and knows nothing of rooms and messages beyond what it carries.

pub(crate) mod address;
pub(crate) mod alone;
pub(crate) mod crop;
pub(crate) mod front;
pub(crate) mod notice;
pub(crate) mod polls;
pub(crate) mod push;
pub(crate) mod recorder;
pub(crate) mod request;
pub(crate) mod shelf;
pub(crate) mod theme;
pub(crate) mod thumb;
pub(crate) mod worker;
pub(crate) mod zones;

pub(crate) use parts::{clock, fetch, field, seed, socket, words};
