//! The real binary, as its users meet it: a process, a port, a file on disk, a browser.
//!
//! [`Server`] runs the program that `cargo xtask test` has built, [`Browser`] a headless Chromium. Neither outlives its test.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "what only tests use may fail loudly")]

mod browser;
mod server;

pub use browser::{Browser, Window};
pub use server::{Server, Terms, program};
