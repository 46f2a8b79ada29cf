//! One room: its name, its messages, and the composer.

use client::Input;
use leptos::{ev, html, prelude::*};
use model::Visibility;

use crate::{
    app::App,
    driver::address,
    view::{Dialogs, composer, dialog, icon, rooms::follow, timeline},
};

pub(crate) fn room(app: App, dialogs: Dialogs, room: &model::Room) -> impl IntoView + use<> {
    let id = room.id;
    let private = room.visibility == Visibility::Private;
    html::section().class("room").attr("aria-labelledby", "room-name").child((
        html::header().class("room-head").child((
            html::a()
                .class("back")
                .attr("href", address::path(None))
                .attr("aria-label", "All rooms")
                .on(ev::click, move |event| follow(app, &event, None))
                .child(icon::back()),
            html::h1().attr("id", "room-name").child((
                if private { icon::lock().into_any() } else { icon::hash().into_any() },
                html::bdi().child(room.name.to_string()),
                private.then(|| html::span().class("tag").child("private")),
            )),
            html::button()
                .attr("type", "button")
                .class("quiet members-button")
                .on(ev::click, move |_| {
                    app.give(Input::WantMembers(id));
                    dialog::open(dialogs.members);
                })
                .child((icon::people(), html::span().child("Members"))),
        )),
        timeline::timeline(app, id),
        composer::composer(app, id, &room.name),
    ))
}
