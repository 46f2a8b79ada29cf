//! Which keys do what.

use leptos::{html, prelude::*};

use crate::view::dialog;

/// What is done, and by which keys.
const KEYS: [(&str, &[&str]); 13] = [
    ("Go to a room, a chat or a person", &["Ctrl", "K"]),
    ("Search messages", &["/"]),
    ("Search messages while writing", &["Ctrl", "Shift", "F"]),
    ("Next chat", &["Alt", "↓"]),
    ("Chat before", &["Alt", "↑"]),
    ("Messages that name you", &["Ctrl", "Shift", "M"]),
    ("Messages that you saved", &["Ctrl", "Shift", "S"]),
    ("Go to a day in the open chat", &["Ctrl", "Shift", "G"]),
    ("Make the open chat a favourite, or not", &["Ctrl", "Shift", "L"]),
    ("Send", &["Enter"]),
    ("New line", &["Shift", "Enter"]),
    ("Close what is open", &["Esc"]),
    ("Show these keys", &["?"]),
];

pub(crate) fn keys(dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let line = |(what, keys): &(&'static str, &'static [&'static str])| {
        html::div().child((
            html::dt().child(*what),
            html::dd().child(keys.iter().map(|key| html::kbd().child(*key)).collect_view()),
        ))
    };
    html::dialog().node_ref(dialog).class("dialog").attr("id", "keys").attr("aria-labelledby", "keys-title").child((
        dialog::head(dialog, "keys-title", "Keys"),
        html::dl().class("keys").child(KEYS.iter().map(line).collect_view()),
        html::p().class("hint").child("On a Mac, Command does what Ctrl does."),
    ))
}
