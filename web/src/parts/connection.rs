//! How a page stands with its server, in words; nothing while all is well.

use leptos::{ev, html, prelude::*};

/// The words, and a button while the page waits, which tries at once.
pub fn status(
    words: impl Fn() -> Option<String> + Send + 'static,
    waits: impl Fn() -> bool + Send + 'static,
    dial: impl Fn() + Copy + 'static,
) -> impl IntoView {
    html::div().class("connection").attr("role", "status").child((
        html::span().class("connection-words").child(words),
        move || {
            waits().then(|| {
                let button = html::button().attr("type", "button").class("quiet");
                button.on(ev::click, move |_| dial()).child("Try now")
            })
        },
    ))
}
