//! After the room.

use leptos::{ev, html, prelude::*};

use crate::{view::framed, visit::Visit};

pub(crate) fn left(visit: Visit) -> impl IntoView {
    let card = html::main().class("card").child((
        html::h1().attr("tabindex", "-1").attr("autofocus", "").child("You have left"),
        html::p().child("What was said here is gone from this page, and was never kept by the server."),
        html::div().class("stack ways").child((
            html::a().class("button primary").attr("href", "/i").child("New instant room"),
            html::button()
                .attr("type", "button")
                .class("outline")
                .on(ev::click, move |_| drop(visit.window().location().reload()))
                .child("Go in again"),
            html::a().class("button quiet").attr("href", "/").child("Back to the start"),
        )),
    ));
    framed(visit, card)
}
