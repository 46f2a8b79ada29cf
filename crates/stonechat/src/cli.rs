//! The command line: what to do, and the settings as flags.

mod password;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use model::Username;

pub(crate) use self::password::read_password;
use crate::config::{self, Environment, Settings};

/// A chat server for people who want their own place to talk.
///
/// Without a command it serves. Every setting is a flag, a variable and a line in stonechat.toml.
#[derive(Debug, Parser)]
#[command(name = "stonechat", version)]
#[command(after_help = "The variable of a setting is its name after STONECHAT_, such as STONECHAT_LOG_FORMAT.")]
pub(crate) struct Cli {
    /// The file of settings, when it is not stonechat.toml in the working directory.
    #[arg(long, value_name = "PATH")]
    pub(crate) config: Option<PathBuf>,
    /// What the operator decides.
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// What to do; nothing means [`Command::Serve`].
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Command {
    /// Run the server; this is what happens without a command, too.
    Serve,
    /// Read the whole database file and say whether it is sound; the server may run meanwhile.
    Check,
    /// Look after accounts, at the server's own terminal.
    #[command(subcommand)]
    Admin(Admin),
    /// Talk on a server from this terminal. Name and password are asked for, unless `STONECHAT_TOKEN` has the token of a session.
    Chat {
        /// The server's address, such as `https://chat.example.org`.
        #[arg(value_name = "URL")]
        url: String,
    },
    /// Look at the settings.
    #[command(subcommand)]
    Config(Config),
    /// Say how this machine treats what should not be kept.
    Doctor {
        /// Prove that instant rooms keep nothing: runs a second server for a minute or two, under strace, in a folder of its own,
        /// and searches all that it writes, and its memory. Needs root, and strace.
        #[arg(long)]
        prove_instant: bool,
    },
}

/// Looking after accounts.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Admin {
    /// Make an administrator. The password is asked for, and not shown.
    Create {
        /// The name to log in with.
        #[arg(value_parser = username)]
        username: Username,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Looking at the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Config {
    /// Print a file with every setting, described and at its default.
    Example,
    /// Print the settings in force, without passwords.
    Show,
}

impl Cli {
    /// Reads the command line, with the environment and the file of settings beneath. `folder` is the working directory.
    ///
    /// The error is a `clap::Error` for `--help`, `--version` and wrong flags, which knows how to print itself.
    pub(crate) fn read(arguments: &[OsString], environment: &Environment, folder: &Path) -> anyhow::Result<Self> {
        let command = Self::command().mut_args(|flag| {
            // After the command's name a flag means the same as before it.
            if flag.is_positional() { flag } else { flag.global(true) }
        });
        let matches = config::settled(&command, arguments, environment, folder)?;
        Ok(Self::from_arg_matches(&matches)?)
    }
}

fn username(text: &str) -> Result<Username, String> {
    Username::parse(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
