//! The sidebar: the person's rooms, the way into another, and their account.

use leptos::{
    control_flow::{For, ForProps},
    ev, html,
    prelude::*,
    task::spawn_local,
};
use model::RoomId;
use web_sys::MouseEvent;

use crate::{
    app::App,
    driver::address,
    screen::RoomItem,
    view::{Dialogs, account, dialog, icon},
};

pub(crate) fn sidebar(app: App, dialogs: Dialogs, server: String) -> impl IntoView {
    let list = For(ForProps::builder()
        .each(move || app.screen.rooms.get())
        .key(|item: &RoomItem| item.room.id.number())
        .children(move |item: RoomItem| room_link(app, item))
        .build());
    html::header().class("sidebar").child((
        html::div().class("brand").child((
            icon::bird(),
            html::a()
                .attr("href", address::path(None))
                .on(ev::click, move |event| follow(app, &event, None))
                .child(server),
        )),
        html::nav().class("rooms").attr("aria-label", "Rooms").child((html::ul().child(list), move || {
            let quiet = app.screen.me.get().is_some() && app.screen.rooms.get().is_empty();
            quiet.then(|| html::p().class("rooms-none").child("You are in no room yet."))
        })),
        join(app),
        html::div().class("ways").child((
            html::button()
                .attr("type", "button")
                .class("quiet")
                .on(ev::click, move |_| dialog::open(dialogs.browse))
                .child((icon::compass(), "Browse rooms")),
            html::button()
                .attr("type", "button")
                .class("quiet")
                .on(ev::click, move |_| dialog::open(dialogs.new_room))
                .child((icon::plus(), "Private room")),
        )),
        account::account(app, dialogs),
    ))
}

fn room_link(app: App, item: RoomItem) -> impl IntoView {
    let id = item.room.id;
    let private = item.is_private();
    let unread = item.unread;
    let marked = unread.clone();
    html::li().child(
        html::a()
            .class("room-link")
            .attr("href", address::path(Some(id)))
            .attr("data-room-id", id.to_string())
            .attr("data-unread", move || unread.get().then_some("true"))
            .attr("aria-current", move || (app.screen.open.get() == Some(id)).then_some("page"))
            .on(ev::click, move |event| follow(app, &event, Some(id)))
            .child((
                if private { icon::lock().into_any() } else { icon::hash().into_any() },
                html::bdi().class("room-name").child(item.room.name.to_string()),
                private.then(|| html::span().class("unseen").child(" (private)")),
                move || {
                    marked
                        .get()
                        .then(|| html::span().class("unread").child(html::span().class("unseen").child(" unread")))
                },
            )),
    )
}

/// The way into a room by its name.
fn join(app: App) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let trouble = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(input) = field.get_untracked() else { return };
        let name = input.value();
        if busy.get_untracked() || name.trim().is_empty() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match app.join_room(name).await {
                Ok(room) => {
                    trouble.set(None);
                    input.set_value("");
                    app.go(Some(room.id));
                }
                Err(why) => trouble.set(Some(why.words())),
            }
            busy.set(false);
        });
    };
    html::form().class("join").on(ev::submit, submit).child((
        html::label().attr("for", "join-name").child("Join or make a room"),
        html::div().class("field-row").child((
            html::input()
                .node_ref(field)
                .attr("id", "join-name")
                .attr("type", "text")
                .attr("autocomplete", "off")
                .attr("enterkeyhint", "go")
                .attr("maxlength", "64")
                .attr("placeholder", "Name of a room")
                .attr("dir", "auto")
                .attr("aria-describedby", "join-hint"),
            html::button()
                .attr("type", "submit")
                .class("primary")
                .attr("aria-disabled", move || busy.get().then_some("true"))
                .child("Go"),
        )),
        html::p()
            .attr("id", "join-hint")
            .class("hint")
            .attr("role", "alert")
            .attr("data-trouble", move || trouble.get().map(|_| "true"))
            .child(move || trouble.get().unwrap_or_else(|| "A name nobody has makes the room.".into())),
    ))
}

/// Follows a link inside the app; a click that wants a new tab or window is the browser's.
pub(crate) fn follow(app: App, event: &MouseEvent, room: Option<RoomId>) {
    if event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
        event.prevent_default();
        app.go(room);
    }
}
