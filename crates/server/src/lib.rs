//! Doors and use cases.
//!
//! In come requests and frames; out go answers and frames. A door parses once, at the edge, and hands a command to
//! [`House::execute`], the only way in which the world changes, or a question to a query. `command/` has one file for each
//! verb, `query/` one for each question, `http/`, `ws/` and `instant/` are the doors, and `failure.rs` is the one file that turns an
//! error into an answer. All SQL is in `store`, all rules are in `model`.

mod blobs;
mod clock;
mod command;
mod failure;
mod files;
mod hooks;
mod house;
pub mod http;
mod instant;
mod jobs;
mod line;
mod listen;
mod mark;
mod mention;
mod outbound;
mod pace;
mod passwords;
mod post;
mod preview;
mod push;
mod query;
mod random;
mod seeds;
mod settings;
mod settle;
mod talk;
mod turns;
pub mod ws;

pub use blobs::{BlobTrouble, S3Settings};
pub use clock::{Clock, system};
pub use failure::Failure;
pub use files::{FileSettings, Files};
pub use house::House;
pub use listen::{Doorman, serve};
pub use passwords::Passwords;
pub use push::PushSettings;
pub use random::{Secret, fresh_epoch};
pub use settings::{InstantRooms, Origin, Pace, Settings};
