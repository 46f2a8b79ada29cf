//! Whether the person gives and gets receipts.

use leptos::{ev, html, prelude::*, task::spawn_local};

use crate::app::App;

pub(crate) fn receipts(app: App) -> impl IntoView {
    let trouble = RwSignal::new(None::<String>);
    let field = NodeRef::<html::Input>::new();
    let on = move || app.screen.me.get().is_some_and(|me| me.receipts);
    let change = move |_| {
        let Some(field) = field.get_untracked() else { return };
        let wanted = field.checked();
        trouble.set(None);
        spawn_local(async move {
            if let Err(why) = app.set_receipts(wanted).await {
                field.set_checked(!wanted);
                trouble.set(Some(why.words()));
            }
        });
    };
    let kept = move || if on() { "on" } else { "off" };
    html::div().class("setting").attr("data-receipts", kept).child((
        html::label().child((
            html::span().child("Send and receive read receipts"),
            html::input()
                .node_ref(field)
                .attr("id", "receipts")
                .attr("type", "checkbox")
                .attr("role", "switch")
                .attr("aria-describedby", "receipts-hint")
                .prop("checked", on)
                .on(ev::change, change),
        )),
        html::p()
            .attr("id", "receipts-hint")
            .class("hint")
            .child("Whoever does not tell what they have read is not told it of others either."),
        html::p().class("trouble").attr("role", "alert").child(move || trouble.get()),
    ))
}
