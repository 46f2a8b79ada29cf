//! A picture before it is sent, as the others will get it.

use client::instant::{Guest, Input, look};
use leptos::{ev, html, prelude::*, task::spawn_local};
use parts::dialog;
use web_sys::File;

use crate::{
    photo::{self, Shown},
    visit::Visit,
};

/// What became of a file.
enum Made {
    Working,
    Ready { shown: Shown, bytes: Vec<u8> },
    Trouble(&'static str),
}

pub(crate) fn preview(
    visit: Visit,
    chosen: RwSignal<Option<File>, LocalStorage>,
    text: NodeRef<html::Textarea>,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let made = RwSignal::new_local(None::<Made>);
    Effect::new(move |_| {
        let Some(file) = chosen.get() else { return };
        made.set(Some(Made::Working));
        dialog::open(dialog);
        spawn_local(async move {
            let remade = photo::remake(&visit.window(), &file).await;
            let shown = remade.as_ref().ok().and_then(|bytes| Shown::new(look(bytes)?, bytes));
            made.set(Some(match (remade, shown) {
                (Ok(bytes), Some(shown)) => Made::Ready { shown, bytes },
                (Ok(_), None) => Made::Trouble("Your browser does not show this picture."),
                (Err(why), _) => Made::Trouble(why),
            }));
        });
    });
    let send = move |_| {
        if !visit.ask(Guest::may_send_picture) {
            return made.set(Some(Made::Trouble(
                "It cannot be sent now: you are offline, or the pictures before it are still on their way.",
            )));
        }
        if let Some(Made::Ready { bytes, .. }) = made.try_update(Option::take).flatten() {
            visit.give(Input::Picture(bytes));
        }
        dialog::close(dialog);
    };
    let ready = move || made.with(|made| matches!(made, Some(Made::Ready { .. })));
    let shows = move || {
        made.with(|made| match made {
            None => ().into_any(),
            Some(Made::Working) => html::p().class("hint").child("One moment…").into_any(),
            Some(Made::Trouble(why)) => html::p().class("trouble").attr("role", "alert").child(*why).into_any(),
            Some(Made::Ready { shown, bytes }) => (
                html::img().class("photo").attr("src", shown.url().to_owned()).attr("alt", "The picture to send"),
                html::p().class("hint").child(format!(
                    "{} KB. It was drawn anew: nothing is in it of where and when it was taken.",
                    bytes.len().div_ceil(1_000)
                )),
            )
                .into_any(),
        })
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("id", "preview")
        .attr("aria-labelledby", "preview-title")
        .on(ev::close, move |_| {
            made.set(None);
            chosen.set(None);
            // Chromium gives the focus back to the field, but not the place in it, and would take no keys.
            if let Some(field) = text.get_untracked() {
                let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
                let _ = field.focus();
                let _ = field.set_selection_range(end, end);
            }
        })
        .child((
            dialog::head(dialog, "preview-title", "Send this picture?"),
            html::div().class("stack").child(shows),
            move || {
                ready().then(|| {
                    html::button().attr("type", "button").class("primary").on(ev::click, send).child("Send the picture")
                })
            },
        ))
}
