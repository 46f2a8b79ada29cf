//! Where log lines go: the standard error, as text or as JSON.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::config::{Format, Log};

/// Begins logging. Other crates speak up only about trouble.
pub(crate) fn begin(log: Log) {
    let own = ["stonechat", "server", "store", "relay"];
    let mut filter = EnvFilter::default().add_directive(LevelFilter::WARN.into());
    for directive in own.iter().filter_map(|name| format!("{name}={}", log.level).parse().ok()) {
        filter = filter.add_directive(directive);
    }
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(io::stderr().is_terminal()).with_writer(io::stderr);
    // A second beginning changes nothing.
    let _ = match log.format {
        Format::Text => lines.with_target(false).try_init(),
        Format::Json => lines.json().flatten_event(true).try_init(),
    };
}
