//! What an operator decides, as the doors need it. Read and checked by the binary; sound once it is here.

use std::{num::NonZeroU32, time::Duration};

use ipnet::IpNet;
use model::SignUpPolicy;

use crate::{Files, PushSettings};

/// What an operator decides.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The name on the pages.
    pub server_name: String,
    /// Where people reach the server, when it is not simply where it listens.
    pub public: Option<Origin>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Who may make an account.
    pub sign_up: SignUpPolicy,
    /// How much one person may post.
    pub posts: Pace,
    /// How long one search may take in the database: [`model::limits::SEARCH_MS`], but where a test is in a hurry.
    pub search: Duration,
    /// Whether there are rooms that keep nothing.
    pub instant: InstantRooms,
    /// Where files are, if the server takes any.
    pub files: Option<Files>,
    /// How messages are pushed, if they are.
    pub push: Option<PushSettings>,
    /// Whether the server looks behind the links of messages.
    pub previews: bool,
    /// Whether people may have bots, and rooms may have hooks.
    pub bots: bool,
    /// Hosts of the operator's own, as `host` or `host:port`, that the server may send requests to.
    pub own_hosts: Vec<String>,
}

/// Whether there are rooms that keep nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstantRooms {
    /// There are.
    Open,
    /// The operator wants none.
    Off,
    /// There would be, but the machine may write memory to its disk, and nobody has said that it may.
    Unsafe,
}

/// A scheme and an authority, as a browser's `Origin` header writes them: `https://chat.example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Whether the scheme is https.
    pub secure: bool,
    /// Host, and port if it is not the scheme's own.
    pub authority: String,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", if self.secure { "https" } else { "http" }, self.authority)
    }
}

/// So many at once, and then so many each second.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// At once.
    pub burst: NonZeroU32,
    /// Each second, over time.
    pub per_second: NonZeroU32,
}
