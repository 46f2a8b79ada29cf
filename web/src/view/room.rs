//! One conversation: who or what it is, its messages, who is writing, and the composer.

use client::Input;
use leptos::{ev, html, prelude::*};
use model::{Presence, RoomId, UserId};

use crate::{
    app::App,
    chat::{Chat, Kind},
    driver::address,
    screen::Gathered,
    view::{Dialogs, attach, bell, card, composer, face, gathered, icon, later, rooms::follow, timeline, typing},
};

pub(crate) fn room(app: App, dialogs: Dialogs, id: RoomId) -> impl IntoView + use<> {
    // What it is called, and those in it, may change while it is open.
    let chat = Memo::new(move |before: Option<&Option<Chat>>| {
        let same = app.screen.room.get().filter(|chat| chat.id == id);
        same.or_else(|| before.cloned().flatten())
    });
    let drop = attach::Drop::new(app, id);
    html::section()
        .class("room")
        .attr("aria-labelledby", "room-name")
        .on(ev::dragenter, move |event| drop.entered(&event))
        .on(ev::dragover, |event| attach::Drop::hovers(&event))
        .on(ev::dragleave, move |event| drop.left(&event))
        .on(ev::drop, move |event| drop.dropped(&event))
        .child((
            html::header().class("room-head").child((
                html::a()
                    .class("back")
                    .attr("href", address::path(None))
                    .attr("aria-label", "All chats and rooms")
                    .on(ev::click, move |event| follow(app, &event, None))
                    .child(icon::back()),
                move || chat.get().map(|chat| face::sign(app, &chat)),
                html::div().class("room-title").child((
                    html::h1().attr("id", "room-name").child(move || chat.get().map(|chat| name(app, &chat))),
                    move || chat.get().map(|chat| about(app, &chat)),
                )),
                move || chat.get().map(|chat| bell::bell(app, chat.kind == Kind::Notes)),
                html::button()
                    .attr("type", "button")
                    .class("round")
                    .attr("aria-label", "Pinned messages")
                    .attr("title", "Pinned messages")
                    .on(ev::click, move |_| gathered::show(app, Gathered::Pins(id)))
                    .child(icon::pin()),
                move || chat.get().map(|chat| members_button(app, dialogs, id, &chat.kind)),
            )),
            timeline::timeline(app, id),
            typing::typing(app),
            composer::composer(app, id, chat),
            later::readers(app, id),
            drop.veil(),
        ))
}

/// The name; that of one person shows who it is.
fn name(app: App, chat: &Chat) -> AnyView {
    match &chat.kind {
        Kind::One(other) => card::link(app, card::IN_ROOM, other).into_any(),
        Kind::Public | Kind::Private | Kind::Notes | Kind::Group(_) => (
            html::bdi().child(chat.title.to_string()),
            (chat.kind == Kind::Private).then(|| html::span().class("tag").child("private")),
        )
            .into_any(),
    }
}

/// The line under the name: whether the other one is there, or what the place is.
fn about(app: App, chat: &Chat) -> AnyView {
    match &chat.kind {
        Kind::Public | Kind::Private => {
            let topic = chat.topic.as_ref().map(ToString::to_string);
            let line = |topic: String| {
                html::p().class("room-about").attr("dir", "auto").attr("title", topic.clone()).child(topic)
            };
            topic.map(line).into_any()
        }
        Kind::Notes => html::p().class("room-about").child("Only you see this.").into_any(),
        Kind::Group(others) => {
            html::p().class("room-about").child(format!("You and {} others", others.len())).into_any()
        }
        Kind::One(other) => {
            let status = later::status(app, other);
            html::div().class("room-line").child((presence(app, other.id).attr("id", "presence"), status)).into_any()
        }
    }
}

/// Whether somebody is there, or when they were.
pub(crate) fn presence(app: App, who: UserId) -> impl IntoView + AddAnyAttr {
    let words = move || {
        let seen = app.seen(who)?;
        let now = app.screen.minute.get();
        Some(match (seen.presence, seen.last_seen) {
            (Presence::Online, _) => "online".to_owned(),
            (Presence::Away, _) => "away".to_owned(),
            (Presence::Offline, Some(at)) => format!("last seen {}", app.with_words(|words| words.when(at, now))),
            (Presence::Offline, None) => "offline".to_owned(),
        })
    };
    let state = move || face::presence(app.seen(who));
    html::p().class("room-about").attr("data-presence", state).child(words)
}

/// The way to who is in it, where that can be somebody else than the name says.
fn members_button(app: App, dialogs: Dialogs, id: RoomId, kind: &Kind) -> impl IntoView + use<> {
    let words = match kind {
        Kind::Public | Kind::Private => Some("Members"),
        Kind::Group(_) => Some("People"),
        Kind::Notes | Kind::One(_) => None,
    };
    words.map(|words| {
        html::button()
            .attr("type", "button")
            .class("quiet members-button")
            .on(ev::click, move |_| {
                app.give(Input::WantMembers(id));
                later::open(app, dialogs.members);
            })
            .child((icon::people(), html::span().child(words)))
    })
}
