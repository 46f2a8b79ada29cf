//! What the tests of Stonechat share. Dev-only: nothing that ships depends on this crate.
//!
//! [`cast`] has the people of the scenarios, [`witness`] those who write down what they see, [`history`] checks it, [`chance`] is random in a way that can be had again, [`postgres`] lends a fresh
//! database, [`s3`] a store of files and [`site`] a web site of somebody else's, [`process`] runs a program that cannot outlive its test, and [`wait`] is the one place in the house that waits by asking again.

pub mod cast;
pub mod chance;
pub mod history;
pub mod postgres;
pub mod process;
pub mod push;
pub mod s3;
pub mod site;
pub mod wait;
pub mod witness;
