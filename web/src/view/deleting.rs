//! Taking a message of one's own back: a question before it is gone for everyone.

use client::{Connection, Deed, Input};
use leptos::{ev, html, prelude::*};

use crate::{app::App, view::dialog};

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
