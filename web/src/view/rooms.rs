//! The sidebar: the person's direct chats and rooms, the ways into others, and their account.

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
    chat::{ChatItem, Kind},
    driver::address,
    screen::Gathered,
    view::{Dialogs, account, face, gathered, icon, later},
};

pub(crate) fn sidebar(app: App, dialogs: Dialogs, server: String) -> impl IntoView {
    let known = move || app.screen.me.get().is_some();
    let new_chat = html::button()
        .attr("type", "button")
        .attr("id", "new-chat")
        .class("quiet")
        .on(ev::click, move |_| later::open(app, dialogs.people))
        .child((icon::plus(), "New chat"));
    let browse = html::button()
        .attr("type", "button")
        .class("quiet")
        .on(ev::click, move |_| later::open(app, dialogs.browse))
        .child((icon::compass(), "Browse"));
    html::header().class("sidebar").child((
        html::div().class("brand").child((
            icon::bird(),
            html::a()
                .attr("href", address::path(None))
                .on(ev::click, move |event| follow(app, &event, None))
                .child(server),
        )),
        html::div().class("ways").child((
            html::button()
                .attr("type", "button")
                .attr("id", "open-search")
                .class("quiet")
                .attr("title", "Search messages (/)")
                .on(ev::click, move |_| later::open(app, dialogs.search))
                .child((icon::glass(), "Search")),
            html::button()
                .attr("type", "button")
                .attr("id", "open-switcher")
                .class("quiet")
                .attr("title", "Go to a room, a chat or a person (Ctrl+K)")
                .on(ev::click, move |_| later::open(app, dialogs.switcher))
                .child((icon::forward(), "Go to")),
            way(app, Gathered::Mentions, (icon::at(), "Mentions")),
            way(app, Gathered::Saved, (icon::bookmark(), "Saved")),
        )),
        html::nav().class("rooms").attr("aria-label", "Chats and rooms").child((
            move || {
                let any = app.screen.favourites.with(|favourites| !favourites.is_empty());
                any.then(|| html::h2().attr("id", "favourites-title").class("rooms-head").child("Favourites"))
            },
            list(app, "favourites-title", app.screen.favourites),
            html::div().class("rooms-head").child((html::h2().attr("id", "directs-title").child("Direct"), new_chat)),
            list(app, "directs-title", app.screen.directs),
            move || {
                let none = known() && app.screen.directs.get().is_empty();
                none.then(|| html::p().class("rooms-none").child("Talk to one person, or to a few."))
            },
            html::div().class("rooms-head").child((html::h2().attr("id", "rooms-title").child("Rooms"), browse)),
            list(app, "rooms-title", app.screen.rooms),
            move || {
                let none = known() && app.screen.rooms.get().is_empty();
                none.then(|| html::p().class("rooms-none").child("You are in no room yet."))
            },
        )),
        join(app, dialogs),
        account::account(app),
    ))
}

/// The way to messages of all rooms.
fn way(app: App, what: Gathered, words: impl IntoView + 'static) -> impl IntoView {
    html::button().attr("type", "button").class("quiet").on(ev::click, move |_| gathered::show(app, what)).child(words)
}

fn list(app: App, title: &'static str, items: RwSignal<Vec<ChatItem>>) -> impl IntoView {
    html::ul().attr("aria-labelledby", title).child(For(ForProps::builder()
        .each(move || items.get())
        .key(|item: &ChatItem| (item.chat.id.number(), item.chat.title.clone()))
        .children(move |item: ChatItem| link(app, item))
        .build()))
}

/// One conversation. Its name for a screen reader has all that is seen: who, whether they are there, how much is unread.
fn link(app: App, item: ChatItem) -> impl IntoView {
    let ChatItem { chat, unread } = item;
    let id = chat.id;
    let (marked, told) = (unread.clone(), unread.clone());
    let sign = face::sign(app, &chat);
    let title = chat.title.to_string();
    let unseen = move || {
        let about = match &chat.kind {
            Kind::Public | Kind::Notes => None,
            Kind::Private => Some("private"),
            Kind::Group(_) => Some("group"),
            Kind::One(other) => face::presence(app.seen(other.id)),
        };
        let about = about.map(|about| format!(", {about}")).unwrap_or_default();
        let unread = unread.get().words().map(|words| format!(", {words}"));
        format!("{about}{}", unread.unwrap_or_default())
    };
    let badge =
        move || told.get().sign().map(|sign| html::span().class("unread").attr("aria-hidden", "true").child(sign));
    html::li().child(
        html::a()
            .class("room-link")
            .attr("href", address::path(Some(id)))
            .attr("data-room-id", id.to_string())
            .attr("data-unread", move || marked.get().sign())
            .attr("aria-current", move || (app.screen.open.get() == Some(id)).then_some("page"))
            .on(ev::click, move |event| follow(app, &event, Some(id)))
            .child((
                sign,
                html::bdi().class("room-name").child(title),
                html::span().class("unseen").child(unseen),
                badge,
            )),
    )
}

/// The way into a room by its name.
fn join(app: App, dialogs: Dialogs) -> impl IntoView {
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
        trouble.set(None);
        spawn_local(async move {
            match app.join_room(name).await {
                Ok(room) => {
                    input.set_value("");
                    app.go(Some(room.id));
                }
                Err(why) => trouble.set(Some(why.words())),
            }
            busy.set(false);
        });
    };
    html::form().class("join").on(ev::submit, submit).child((
        html::div().class("join-head").child((
            html::label().attr("for", "join-name").child("Join or make a room"),
            html::button()
                .attr("type", "button")
                .class("quiet")
                .on(ev::click, move |_| later::open(app, dialogs.new_room))
                .child((icon::lock(), "Private", html::span().class("unseen").child(" room"))),
        )),
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
