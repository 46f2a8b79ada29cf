//! What all dialogs share: the head with the way out, and opening and closing. The browser's own `<dialog>` does the rest.

use leptos::{ev, html, prelude::*};

use crate::icon;

/// The head of a dialog: what it is about, under the id that names the dialog, and a button that closes it.
pub fn head(dialog: NodeRef<html::Dialog>, id: &'static str, title: &'static str) -> impl IntoView {
    html::header().class("dialog-head").child((
        html::h2().attr("id", id).child(title),
        html::button()
            .attr("type", "button")
            .class("round")
            .attr("aria-label", "Close")
            .on(ev::click, move |_| close(dialog))
            .child(icon::close()),
    ))
}

/// Opens a dialog over everything.
pub fn open(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        let _ = dialog.show_modal();
    }
}

/// Closes it.
pub fn close(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
}
