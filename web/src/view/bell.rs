//! The bell in a room's head: of which of its messages the person is told at once, on all their devices.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Notify, RoomId};

use crate::{app::App, view::icon};

pub(crate) fn bell(app: App, room: RoomId) -> impl IntoView + use<> {
    let chosen = app.screen.notify;
    let drawing = move || match chosen.get() {
        Notify::All | Notify::Mentions => icon::bell().into_any(),
        Notify::Nothing => icon::no_bell().into_any(),
    };
    let choice = move |notify: Notify| {
        let choose = move |_| {
            let before = chosen.get_untracked();
            chosen.set(notify);
            spawn_local(async move {
                if let Err(why) = app.set_room_prefs(room, notify).await {
                    chosen.set(before);
                    app.tell(why.words());
                }
            });
        };
        html::label().child((
            html::input()
                .attr("type", "radio")
                .attr("name", "notify")
                .prop("checked", move || chosen.get() == notify)
                .on(ev::change, choose),
            html::span().child(words(notify)),
        ))
    };
    html::div().class("bell").child((
        html::button()
            .attr("type", "button")
            .attr("id", "bell")
            .class("round")
            .attr("popovertarget", "bell-menu")
            .attr("aria-label", move || format!("Notifications of this room: {}", words(chosen.get())))
            .attr("data-notify", move || name(chosen.get()))
            .child(drawing),
        html::div().attr("id", "bell-menu").attr("popover", "auto").class("bell-menu").child(html::fieldset().child((
            html::legend().child("Tell me at once of"),
            Notify::CHOICES.map(choice).into_iter().collect_view(),
        ))),
    ))
}

fn words(notify: Notify) -> &'static str {
    match notify {
        Notify::All => "all messages",
        Notify::Mentions => "mentions",
        Notify::Nothing => "nothing",
    }
}

fn name(notify: Notify) -> &'static str {
    match notify {
        Notify::All => "all",
        Notify::Mentions => "mentions",
        Notify::Nothing => "nothing",
    }
}
