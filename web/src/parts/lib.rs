//! What both pages are made of: the app of the rooms that are kept, and the page of instant rooms.
//!
//! Each is a program of its own, because a person without an account should not fetch the app; what both need is here, once.

#![expect(clippy::must_use_candidate, reason = "a view that nobody shows is missed at once")]

pub mod clock;
pub mod dialog;
pub mod fetch;
pub mod field;
pub mod icon;
pub mod seed;
pub mod socket;
pub mod words;
