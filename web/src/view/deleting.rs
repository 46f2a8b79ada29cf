//! Taking a message of one's own back: a question before it is gone for everyone.

use client::{Connection, Deed, Input};
use leptos::{ev, html, prelude::*};
use model::Seq;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{app::App, driver::clock, view::dialog};

/// Time after which the page shows that a message has gone.
const DRAWN_MS: u64 = 100;

/// The question.
pub(crate) fn deleting(app: App) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if app.screen.deleting.get().is_some() {
            dialog::open(node);
        }
    });
    let online = move || app.screen.connection.get() == Connection::Online;
    let delete = move |_| {
        if let Some((room, message)) = app.screen.deleting.get_untracked() {
            app.give(Input::Amend { room, message, deed: Deed::Delete });
            // What opened the question goes with the message; the focus stays at what is left of it.
            clock::later(&app.window(), DRAWN_MS, move || focus(app, message));
        }
        dialog::close(node);
    };
    html::dialog()
        .node_ref(node)
        .class("dialog")
        .attr("id", "deleting")
        .attr("role", "alertdialog")
        .attr("aria-labelledby", "deleting-title")
        .attr("aria-describedby", "deleting-words")
        .on(ev::close, move |_| app.screen.deleting.set(None))
        .child((
            dialog::head(node, "deleting-title", "Delete this message?"),
            html::p()
                .attr("id", "deleting-words")
                .child("Its words and files are removed for everyone. A note stays that there was a message."),
            move || (!online()).then(|| html::p().class("trouble").child("There is no connection just now.")),
            html::div().class("dialog-foot").child((
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| dialog::close(node))
                    .child("Keep it"),
                html::button()
                    .attr("type", "button")
                    .class("danger")
                    .attr("disabled", move || (!online()).then_some(""))
                    .on(ev::click, delete)
                    .child("Delete"),
            )),
        ))
}

/// Puts the focus onto a message.
fn focus(app: App, message: Seq) {
    let row = app.window().document().and_then(|page| {
        page.query_selector(&format!(".message[data-seq='{message}']")).ok().flatten()?.dyn_into::<HtmlElement>().ok()
    });
    if let Some(row) = row {
        let _ = row.set_attribute("tabindex", "-1");
        let _ = row.focus();
    }
}
