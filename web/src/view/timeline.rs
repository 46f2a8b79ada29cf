//! The messages of a room, what stands before the first, and the ways to what is new.

mod place;

use client::Input;
use leptos::{
    control_flow::{For, ForProps},
    ev, html,
    prelude::*,
};
use model::RoomId;

use self::place::Reader;
use crate::{
    app::App,
    chat::count,
    rows::RowView,
    screen::Past,
    view::{icon, message::message},
};

pub(crate) fn timeline(app: App, room: RoomId) -> impl IntoView {
    let reader = Reader::new(app, room);
    let rows = For(ForProps::builder()
        .each(move || app.screen.rows.get().into_iter().filter(move |row| row.room == room))
        .key(|row: &RowView| row.id.clone())
        .children(move |row: RowView| message(app, row))
        .build());
    html::div().class("timeline").child((
        html::div()
            .class("scroller")
            .node_ref(reader.scroller)
            .attr("tabindex", "0")
            .attr("role", "log")
            // What is scrolled to is not news.
            .attr("aria-live", move || app.screen.beyond.with(Option::is_some).then_some("off"))
            .attr("aria-label", "Messages")
            .on(ev::scroll, move |_| reader.scrolled())
            .child(html::div().class("rows").node_ref(reader.content).child((
                move || past(app, room),
                // A plain block: in a flexible box, each new message would lay out all of them anew.
                html::div().node_ref(reader.list).child(rows),
            ))),
        to_news(reader),
        to_end(reader),
        away(reader, room),
    ))
}

/// What stands above the first message.
fn past(app: App, room: RoomId) -> AnyView {
    match app.screen.past.get() {
        Past::Beginning if app.screen.rows.get().is_empty() => html::div()
            .class("empty")
            .child((
                icon::bird(),
                html::p().class("empty-title").child("Nobody has said anything yet"),
                html::p().child("Strike the first stone: write something below."),
            ))
            .into_any(),
        Past::Beginning => html::p().class("past").child("This is where it begins.").into_any(),
        Past::More | Past::Loading => html::p().class("past").child("Loading earlier messages…").into_any(),
        Past::Failed => html::p()
            .class("past")
            .child((
                "Earlier messages could not be loaded. ",
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| app.give(Input::LoadOlder(room)))
                    .child("Try again"),
            ))
            .into_any(),
    }
}

/// The way up to where the reader stopped reading, as long as they have not been there.
fn to_news(reader: Reader) -> impl IntoView {
    let screen = reader.app.screen;
    let words = move || {
        let news = screen.news.get();
        let messages = if news.count == 1 { "message" } else { "messages" };
        match news.count {
            _ if news.seeking => "Loading…".to_owned(),
            // All of it was read before, and marked unread then.
            0 => "Marked unread".to_owned(),
            new => format!("{} new {messages}", count(new)),
        }
    };
    move || {
        (reader.passed.get() && screen.beyond.with(Option::is_none)).then(|| {
            html::button()
                .attr("type", "button")
                .class("jump jump-news")
                .on(ev::click, move |_| reader.seek_news())
                .child((icon::up(), words))
        })
    }
}

/// Says that these are not the newest messages, and leads to those.
fn away(reader: Reader, room: RoomId) -> impl IntoView {
    let app = reader.app;
    let away = Memo::new(move |_| app.screen.beyond.with(Option::is_some));
    let failed = Memo::new(move |_| app.screen.beyond.get() == Some(Past::Failed));
    let words = move || {
        if failed.get() { "Later messages could not be loaded." } else { "You are looking at older messages." }
    };
    let again = move || {
        failed.get().then(|| {
            html::button()
                .attr("type", "button")
                .class("quiet")
                .on(ev::click, move |_| app.give(Input::LoadNewer(room)))
                .child("Try again")
        })
    };
    move || {
        away.get().then(|| {
            html::div().class("away").child((
                html::p().attr("role", "status").child(words),
                again,
                html::button()
                    .attr("type", "button")
                    .class("quiet to-newest")
                    .on(ev::click, move |_| reader.go_to_end())
                    .child(("Go to the newest", icon::down())),
            ))
        })
    }
}

/// The way down to the newest message.
fn to_end(reader: Reader) -> impl IntoView {
    let screen = reader.app.screen;
    let words = move || match screen.news.get().unread {
        0 => "Newest".to_owned(),
        1 => "1 new message".to_owned(),
        unread => format!("{} new messages", count(unread)),
    };
    move || {
        (!reader.follows.get() && screen.beyond.with(Option::is_none)).then(|| {
            html::button()
                .attr("type", "button")
                .class("jump newest")
                .on(ev::click, move |_| reader.go_to_end())
                .child((words, icon::down()))
        })
    }
}
