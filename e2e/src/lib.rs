//! The real binary, as its users meet it: a process, a port, a file on disk, a browser.
//!
//! [`Server`] runs the program that `cargo xtask test` has built, [`Browser`] a headless Chromium, and a [`Cable`] between them can
//! be pulled. None outlives its test.
#![expect(clippy::expect_used, clippy::missing_panics_doc, reason = "what only tests use may fail loudly")]

mod browser;
mod cable;
mod cpu;
mod server;
mod talk;

pub use browser::{Browser, Window};
pub use cable::Cable;
pub use cpu::cpu_seconds;
pub use server::{Server, Terms, program};
pub use talk::{Talk, Times};
