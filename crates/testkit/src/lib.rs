//! What the tests of Stonechat share. Dev-only: nothing that ships depends on this crate.
//!
//! [`cast`] has the people of the scenarios, [`postgres`] lends a fresh database, [`process`] runs a program that cannot outlive its test, and [`wait`] is the one
//! place in the house that waits by asking again.

pub mod cast;
pub mod chance;
pub mod postgres;
pub mod process;
pub mod wait;
