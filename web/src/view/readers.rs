//! Who has read a message of one's own: a small list beside the number that opened it.

use client::Input;
use leptos::{ev, html, prelude::*};
use model::{RoomId, UserId};

use crate::{
    app::App,
    rows::Readers,
    screen::People,
    view::{face, icon, later},
};

/// The list's name, for the buttons that open it.
const LIST: &str = "readers";

/// The number beside a message. The browser opens the list for it, and anchors the list to it.
pub(crate) fn button(app: App, room: RoomId, readers: Readers) -> impl IntoView {
    let Readers { count, seq } = readers;
    html::button()
        .attr("type", "button")
        .class("read-by")
        .attr("popovertarget", LIST)
        .attr("title", format!("Read by {count}"))
        .on(ev::click, move |event| {
            later::opens(app, &event);
            app.give(Input::WantMembers(room));
            app.screen.asked.set(Some(seq));
        })
        .child((
            icon::eye(),
            html::span().class("unseen").child("Read by "),
            html::span().class("read-by-count").child(count.to_string()),
        ))
}

pub(crate) fn readers(app: App, room: RoomId) -> impl IntoView {
    let names = move || {
        let asked = app.screen.asked.get()?;
        app.screen.rows.track();
        let readers = app.readers(room, asked);
        Some(match app.screen.members.get() {
            People::Loading => html::p().class("hint").child("Loading…").into_any(),
            People::Failed => html::p().class("trouble").child("Their names could not be loaded.").into_any(),
            People::Known(people) => {
                let name = |who: &UserId| people.iter().find(|person| person.id == *who).cloned();
                let known = readers.iter().filter_map(name);
                let line = |person: model::Person| {
                    html::li().child((face::of(&person), html::bdi().child(person.called().to_owned())))
                };
                html::ul().class("people").child(known.map(line).collect_view()).into_any()
            }
        })
    };
    html::div()
        .attr("id", LIST)
        .attr("popover", "auto")
        .attr("role", "dialog")
        .attr("aria-label", "Read by")
        .class("readers")
        .child((html::p().class("readers-title").attr("aria-hidden", "true").child("Read by"), names))
}
