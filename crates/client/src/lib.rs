//! The sync engine of a Stonechat client, sans-IO: what a person does and what a server says goes into [`Client::step`],
//! effects for a driver come out, and what is to be seen is read from the [`Client`] itself.
//!
//! Time, randomness and the network are arguments, so the browser, the tests and the simulation run this very code. The
//! truth is the server's log; this keeps, for each room, one cursor into it, a contiguous window of messages that ends at
//! the cursor (and, while somebody is far from there, another one around what they look at), and the messages that were
//! not answered yet; and it tells the server what came and what was read. It draws nothing, and stores nothing but by its
//! driver's hand. With the feature `tokio` there is a driver for programs, too; without it nothing here does IO.

mod client;
mod connection;
mod deeds;
mod dice;
#[cfg(feature = "tokio")]
pub mod driver;
mod effect;
mod excerpt;
mod hear;
mod hello;
mod history;
mod input;
pub mod instant;
mod marking;
mod members;
mod memory;
mod names;
mod notices;
mod outbox;
mod people;
pub mod poll;
mod reading;
mod receipts;
mod recent;
mod regards;
mod room;
mod row;
pub mod slash;
mod timeline;
mod upload;
mod uploads;

pub use client::Client;
pub use connection::Connection;
pub use deeds::Deed;
pub use effect::{Effect, What};
pub use excerpt::Excerpt;
pub use input::Input;
pub use members::Members;
pub use memory::{Home, Memory, Unsent};
pub use outbox::{Delivery, Pending};
pub use receipts::Receipts;
pub use room::Room;
pub use row::{Row, RowId, RowState, Tally};
pub use timeline::{Question, Side, Timeline};
pub use upload::{Errand, Happening, Progress, Stage, Upload};
