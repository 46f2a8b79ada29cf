//! How the house is run.

use std::num::NonZeroU32;

use model::SignUpPolicy;

/// The longest name of a server, in characters. Longer: refused at the start.
const SERVER_NAME_CHARS_MAX: usize = 64;

/// How the house is run.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct House {
    /// The name that the pages show.
    #[arg(id = "server_name", long = "server-name", value_name = "NAME", default_value = "Stonechat", value_parser = server_name)]
    pub(crate) server_name: String,

    /// Who may make an account: `open` for everyone, `invitation` for those who were invited, `closed` for nobody.
    #[arg(id = "sign_up", long = "sign-up", value_name = "WHO", default_value = "open", value_parser = sign_up)]
    pub(crate) sign_up: SignUpPolicy,

    /// How many messages one person may post at once.
    #[arg(id = "posts.burst", long = "posts-burst", value_name = "NUMBER", default_value = "20", value_parser = count)]
    pub(crate) posts_burst: NonZeroU32,

    /// How many messages a second one person may post over time.
    #[arg(id = "posts.per_second", long = "posts-per-second", value_name = "NUMBER", default_value = "2")]
    #[arg(value_parser = count)]
    pub(crate) posts_per_second: NonZeroU32,
}

fn server_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if model::is_blank(name) || name.chars().any(char::is_control) || name.chars().count() > SERVER_NAME_CHARS_MAX {
        return Err(format!("write 1 to {SERVER_NAME_CHARS_MAX} characters on one line"));
    }
    Ok(name.to_owned())
}

fn sign_up(text: &str) -> Result<SignUpPolicy, String> {
    let policies = [SignUpPolicy::Open, SignUpPolicy::Invitation, SignUpPolicy::Closed];
    let named = policies.into_iter().find(|policy| word(*policy) == text);
    named.ok_or_else(|| "write open, invitation or closed".to_owned())
}

/// A policy as it is written.
pub(super) fn word(policy: SignUpPolicy) -> &'static str {
    match policy {
        SignUpPolicy::Open => "open",
        SignUpPolicy::Invitation => "invitation",
        SignUpPolicy::Closed => "closed",
    }
}

fn count(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "write a whole number, 1 or more".to_owned())
}
