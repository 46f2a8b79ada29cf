//! What an operator decides: read from flags, the environment and a file, and checked.
//!
//! Flags go over the environment, the environment over `stonechat.toml`, and that over the defaults. Each concern is one
//! struct in the file that checks it; a [`Settings`] in hand is sound. A field's doc comment is its only description: the
//! flag's help and `stonechat.example.toml` are made from it. Nothing here is global, and nothing is read twice.

mod door;
mod environment;
mod example;
mod file;
mod files;
mod given;
mod house;
mod instant;
mod layers;
mod log;
mod outbound;
mod push;
mod show;
mod storage;

pub(crate) use self::{
    door::Door,
    environment::Environment,
    example::example,
    files::Files,
    house::House,
    instant::Instant,
    layers::settled,
    log::{Format, Log},
    outbound::Outbound,
    push::Push,
    show::show,
    storage::Storage,
};

use crate::hygiene::Memory;

/// Everything an operator decides.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    /// How people reach the server.
    #[command(flatten)]
    pub(crate) door: Door,
    /// Where the data lives.
    #[command(flatten)]
    pub(crate) storage: Storage,
    /// How the house is run.
    #[command(flatten)]
    pub(crate) house: House,
    /// Files and pictures.
    #[command(flatten)]
    pub(crate) files: Files,
    /// Rooms that keep nothing.
    #[command(flatten)]
    pub(crate) instant: Instant,
    /// Pushes.
    #[command(flatten)]
    pub(crate) push: Push,
    /// Requests to other servers.
    #[command(flatten)]
    pub(crate) outbound: Outbound,
    /// What the server writes about itself.
    #[command(flatten)]
    pub(crate) log: Log,
}

impl Settings {
    /// The part that the doors need, on a machine that treats memory so; with the place of files, if there is one.
    pub(crate) fn for_server(&self, memory: Memory, files: Option<server::Files>) -> server::Settings {
        server::Settings {
            server_name: self.house.server_name.clone(),
            public: self.door.public_url.clone(),
            trusted_proxies: self.door.trusted_proxies.0.clone(),
            search: std::time::Duration::from_millis(model::limits::SEARCH_MS),
            sign_up: self.house.sign_up,
            posts: server::Pace { burst: self.house.posts_burst, per_second: self.house.posts_per_second },
            instant: self.instant.rooms(memory),
            files,
            push: self.push.settings(self.door.public_url.as_ref()),
            previews: self.outbound.previews,
            bots: self.outbound.bots,
            own_hosts: self.outbound.own_hosts(),
        }
    }
}

/// Reads a setting that is on or off.
fn switch(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "write true or false".to_owned())
}

#[cfg(test)]
mod tests;
