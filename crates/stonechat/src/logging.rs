//! Where log lines go: the standard error, as text or as JSON.

use std::{
    io::{self, IsTerminal as _, Write as _},
    panic::{self, PanicHookInfo},
};

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::config::{Format, Log};

/// Begins logging. Other crates speak up only about trouble.
pub(crate) fn begin(log: Log) {
    panic::set_hook(Box::new(|info| tracing::error!(place = place(info), "a panic")));
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

/// Without a log, of which a screen has no room: a panic is told in one line.
pub(crate) fn keep_quiet() {
    panic::set_hook(Box::new(|info| {
        let _ = writeln!(io::stderr(), "stonechat: a panic at {}", place(info));
    }));
}

/// Where a panic happened, and nothing else: its message may quote what somebody said.
fn place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(|| "(unknown)".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn a_panic_is_told_by_its_place_alone() {
        let told = Arc::new(Mutex::new(String::new()));
        let hand = Arc::clone(&told);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| *hand.lock().unwrap() = place(info)));
        let text = String::from("süß, between us");
        let broken = panic::catch_unwind(|| text.get(2..).map(str::len).expect(&text));
        panic::set_hook(before);
        assert!(broken.is_err());
        let told = told.lock().unwrap().clone();
        assert!(told.contains("logging.rs:") && !told.contains("between us"), "{told}");
    }
}
