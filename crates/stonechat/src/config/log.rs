//! What the server writes about itself.

use tracing::Level;

/// What the server writes about itself.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Log {
    /// How log lines are written: `text` for people, `json` for programs.
    #[arg(id = "log.format", long = "log-format", value_name = "FORMAT", default_value = "text", value_parser = format)]
    pub(crate) format: Format,

    /// How much is written: `error`, `warn`, `info`, `debug` or `trace`.
    #[arg(id = "log.level", long = "log-level", value_name = "LEVEL", default_value = "info", value_parser = level)]
    pub(crate) level: Level,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

impl Format {
    /// The format as it is written.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

fn format(text: &str) -> Result<Format, String> {
    let named = [Format::Text, Format::Json].into_iter().find(|format| format.word() == text);
    named.ok_or_else(|| "write text or json".to_owned())
}

fn level(text: &str) -> Result<Level, String> {
    match text {
        "error" => Ok(Level::ERROR),
        "warn" => Ok(Level::WARN),
        "info" => Ok(Level::INFO),
        "debug" => Ok(Level::DEBUG),
        "trace" => Ok(Level::TRACE),
        _ => Err("write error, warn, info, debug or trace".to_owned()),
    }
}
