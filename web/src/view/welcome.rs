//! What is shown when no room is.

use leptos::{ev, html, prelude::*};

use crate::{
    app::App,
    driver::address,
    view::{icon, rooms::follow},
};

/// No room is chosen.
pub(crate) fn welcome(app: App) -> impl IntoView {
    let screen = app.screen;
    let none = move || screen.me.get().is_some() && screen.lists().iter().all(|list| list.with(Vec::is_empty));
    html::section().class("welcome").child((
        icon::bird(),
        html::h1().child(move || if none() { "It is quiet here" } else { "Choose a chat or a room" }),
        html::p().child(move || {
            if none() {
                "Start a chat with somebody, or type the name of a room to join it. If nobody has it yet, you have just made it."
            } else {
                "The liveliest come first. A number says how much there is to read."
            }
        }),
    ))
}

/// The address names a room that the person is not in.
pub(crate) fn not_here(app: App) -> impl IntoView {
    html::section().class("welcome late").child((
        icon::bird(),
        html::h1().child("You are not in this room"),
        html::p().child("It may be private, or you have left it. A public room can be joined by its name."),
        html::a()
            .class("button primary")
            .attr("href", address::path(None))
            .on(ev::click, move |event| follow(app, &event, None))
            .child("Your chats and rooms"),
    ))
}
