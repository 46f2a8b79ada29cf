//! How the page stands with the room, in words; nothing while all is well.

use client::instant::{Input, Line};
use leptos::{ev, html, prelude::*};

use crate::visit::Visit;

/// The state as a name for styles and tests.
pub(crate) fn name(line: Line) -> &'static str {
    match line {
        Line::Here => "here",
        Line::Dialling => "connecting",
        Line::Away | Line::Waiting { .. } | Line::Stopped { .. } => "away",
    }
}

pub(crate) fn connection(visit: Visit) -> impl IntoView {
    let line = visit.screen.line;
    let words = move || match line.get() {
        Line::Here | Line::Away => None,
        Line::Dialling => Some("Connecting…"),
        Line::Waiting { .. } => Some("Offline — trying again. What is said meanwhile cannot be had."),
        Line::Stopped { code } => Some(stopped(code)),
    };
    let waits = move || matches!(line.get(), Line::Waiting { .. } | Line::Stopped { .. });
    html::div().class("connection").attr("role", "status").child((
        html::span().class("connection-words").child(words),
        move || {
            waits().then(|| {
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| visit.give(Input::Dial))
                    .child("Try now")
            })
        },
    ))
}

/// Why the server does not want this page back by itself (`PROTOCOL.md`).
fn stopped(code: u16) -> &'static str {
    match code {
        4014 => "This room is full: 64 people are in it. Try again when somebody has left.",
        4015 => "Too many instant rooms are open from your network. Try again when some of them have closed.",
        1009 => "That was too large for the server.",
        _ => "The server closed the connection.",
    }
}
