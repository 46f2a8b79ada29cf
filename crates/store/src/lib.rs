//! The archive: all SQL, and nothing else.
//!
//! In come calls from `server`'s commands and queries, out go values of `model`, and, after each commit, its events on the
//! [`Feed`]. One file for each noun; two engines behind one connection type, chosen by the database's address. No rules
//! here: whoever calls [`messages::append`] shows a permit. Only functions that take a [`Tx`] write.

pub mod blobs;
pub mod bots;
pub mod custom_emoji;
pub mod directs;
pub mod edits;
mod engine;
#[cfg(debug_assertions)]
pub mod failpoint;
mod fault;
mod feed;
pub mod files;
pub mod hooks;
pub mod identity;
pub mod invitations;
pub mod marks;
pub mod members;
pub mod mentions;
pub mod messages;
mod migrate;
pub mod notice_prefs;
pub mod portraits;
pub mod profiles;
pub mod push;
pub mod reactions;
pub mod regards;
pub mod room_prefs;
pub mod rooms;
pub mod saved;
pub mod scheduled;
pub mod search;
pub mod sessions;
pub mod soundness;
mod sql;
mod statements;
mod store;
pub mod streams;
mod tx;
mod url;
pub mod users;

pub use engine::{Conn, lane::Lane};
pub use fault::Fault;
pub use feed::{Fed, Feed};
pub use futures_util::future::BoxFuture;
pub use statements::prepare_all;
pub use store::{OpenError, Opened, Store};
pub use tx::Tx;
pub use url::{BadDatabaseUrl, DatabaseUrl};
