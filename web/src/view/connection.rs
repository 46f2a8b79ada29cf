//! How the app stands with the server, in words; nothing while all is well.

use client::{Connection, Input};
use leptos::{ev, html, prelude::*};

use crate::{app::App, driver::clock};

const SECOND_MS: u64 = 1_000;
const DETOUR: &str = "No live connection: asking for news";

/// The state as a name for styles and tests.
pub(crate) fn state_name(connection: Connection) -> &'static str {
    match connection {
        Connection::Online => "online",
        Connection::Connecting { .. } => "connecting",
        Connection::Offline { .. } | Connection::Stopped { .. } | Connection::SignedOut => "offline",
    }
}

pub(crate) fn connection(app: App) -> impl IntoView {
    let state = app.screen.connection;
    let now_ms = RwSignal::new(app.now_ms());
    // The seconds are counted down while there are any, and no longer.
    Effect::new(move |_| {
        let now = now_ms.get();
        if let Connection::Offline { again_ms } = state.get()
            && again_ms > now
        {
            let _ = clock::later(&app.window(), SECOND_MS.min(again_ms - now), move || now_ms.set(app.now_ms()));
        }
    });
    let words = move || match state.get() {
        Connection::Online if app.screen.detour.get() => Some(DETOUR.to_owned()),
        Connection::Online | Connection::SignedOut => None,
        Connection::Connecting { .. } => Some("Connecting…".to_owned()),
        Connection::Offline { again_ms } => {
            let wait_s = again_ms.saturating_sub(now_ms.get().max(app.now_ms().min(again_ms))).div_ceil(SECOND_MS);
            Some(if wait_s == 0 {
                "Offline — trying again".to_owned()
            } else {
                format!("Offline — trying again in {wait_s} s")
            })
        }
        Connection::Stopped { code: 4013 } => {
            Some("Too many windows of yours are connected. Close one, then try again.".to_owned())
        }
        Connection::Stopped { .. } => Some("The server closed the connection.".to_owned()),
    };
    let waits = move || matches!(state.get(), Connection::Offline { .. } | Connection::Stopped { .. });
    let detour = move || app.screen.detour.get().then_some("true");
    html::div().class("connection").attr("data-detour", detour).attr("role", "status").child((
        html::span().class("connection-words").child(words),
        move || {
            waits().then(|| {
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| app.give(Input::Connect))
                    .child("Try now")
            })
        },
    ))
}
