//! Where the server may send requests, and what for besides pushes; bots among it, whose hooks do.

use super::switch;

/// Where the server sends requests.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Outbound {
    /// Whether the server looks behind the links in messages, and shows what a page says of itself below. The page's server
    /// sees that this one asks, once for all who read the message, and not who they are.
    #[arg(id = "previews.enabled", long = "previews-enabled", value_name = "BOOL", default_value = "true", value_parser = switch)]
    #[arg(action = clap::ArgAction::Set)]
    pub(crate) previews: bool,

    /// Whether people may make bots, with tokens for programs, and hooks that let a room and a program elsewhere talk to each other.
    /// Without, the bots that there are can do nothing, either.
    #[arg(id = "bots.enabled", long = "bots-enabled", value_name = "BOOL", default_value = "true", value_parser = switch)]
    #[arg(action = clap::ArgAction::Set)]
    pub(crate) bots: bool,

    /// Hosts of your own network that the server may send requests to although others must not lead it there: a push service of
    /// your own or a wiki, for example. As `host` or `host:port`, with commas between; there also without HTTPS.
    #[arg(
        id = "outbound.own_hosts",
        long = "outbound-own-hosts",
        value_name = "push.internal:8080",
        value_delimiter = ',',
        hide_default_value = true
    )]
    pub(crate) own_hosts: Vec<String>,
}

impl Outbound {
    /// The hosts of one's own, as they are compared.
    pub(crate) fn own_hosts(&self) -> Vec<String> {
        self.own_hosts.iter().map(|host| host.trim().to_ascii_lowercase()).collect()
    }
}
