//! The messages of a room. The newest is followed unless the reader has scrolled up; older ones come in above without moving
//! what is being read.
//!
//! Places are corrected in a `ResizeObserver`, which the browser calls after layout and before it paints: no jump is seen.

use client::Input;
use leptos::{
    control_flow::{For, ForProps},
    ev, html,
    prelude::*,
};
use model::RoomId;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{HtmlDivElement, ResizeObserver};

use crate::{
    app::App,
    rows::RowView,
    screen::Past,
    view::{icon, message::message},
};

/// The reader counts as being at the end within this distance of it.
const AT_END_PX: i32 = 48;
/// Older messages are fetched when the reader is this close to the top.
const NEAR_TOP_PX: i32 = 600;

/// Where the reader is.
#[derive(Clone, Copy)]
struct Reader {
    scroller: NodeRef<html::Div>,
    follows: RwSignal<bool>,
    /// Messages came in below while the reader was above.
    missed: RwSignal<bool>,
    /// The first and the last row at the last layout, and how far the reader was from the end.
    seen: StoredValue<Seen>,
}

#[derive(Clone, Default)]
struct Seen {
    first: Option<client::RowId>,
    last: Option<client::RowId>,
    to_end_px: i32,
    /// The heights of the rows and of the window onto them.
    heights_px: (i32, i32),
}

pub(crate) fn timeline(app: App, room: RoomId) -> impl IntoView {
    let reader = Reader {
        scroller: NodeRef::new(),
        follows: RwSignal::new(true),
        missed: RwSignal::new(false),
        seen: StoredValue::new(Seen::default()),
    };
    let content = NodeRef::<html::Div>::new();
    observe(app, room, reader, content);
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
            .attr("aria-label", "Messages")
            .on(ev::scroll, move |_| scrolled(app, room, reader))
            .child(html::div().class("rows").node_ref(content).child((move || past(app, room), rows))),
        move || {
            (!reader.follows.get()).then(|| {
                html::button()
                    .attr("type", "button")
                    .class("newest")
                    .on(ev::click, move |_| to_end(reader))
                    .child((move || if reader.missed.get() { "New messages" } else { "Newest" }, icon::down()))
            })
        },
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
        Past::Beginning => html::p().class("past").child("This is where the room begins.").into_any(),
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

/// Watches the size of the rows and of the window onto them.
fn observe(app: App, room: RoomId, reader: Reader, content: NodeRef<html::Div>) {
    let call = Closure::<dyn Fn()>::new(move || settle(app, room, reader));
    let Ok(observer) = ResizeObserver::new(call.as_ref().unchecked_ref()) else { return };
    let kept = StoredValue::new_local((observer.clone(), call));
    Effect::new(move |_| {
        if let (Some(content), Some(scroller)) = (content.get(), reader.scroller.get()) {
            kept.with_value(|(observer, _)| {
                observer.observe(&content);
                observer.observe(&scroller);
            });
        }
    });
    on_cleanup(move || {
        let _ = kept.try_update_value(|(observer, _)| observer.disconnect());
    });
}

/// After a change of layout: back to where the reader was.
fn settle(app: App, room: RoomId, reader: Reader) {
    let Some(scroller) = reader.scroller.try_get_untracked().flatten() else { return };
    let rows = app.screen.rows.get_untracked();
    let (first, last) = (rows.first().map(|row| row.id.clone()), rows.last());
    let Some(seen) = reader.seen.try_get_value() else { return };
    let own = last.is_some_and(|row| row.own);
    let last = last.map(|row| row.id.clone());
    let grew_below = last != seen.last;
    if reader.follows.get_untracked() || (grew_below && own) {
        scroller.set_scroll_top(scroller.scroll_height());
        reader.follows.set(true);
    } else if first != seen.first {
        scroller.set_scroll_top(scroller.scroll_height() - seen.to_end_px);
    }
    if grew_below && !reader.follows.get_untracked() {
        reader.missed.set(true);
    }
    reader.seen.set_value(Seen { first, last, to_end_px: to_end_px(&scroller), heights_px: heights_px(&scroller) });
    fetch_near_top(app, room, &scroller);
}

fn scrolled(app: App, room: RoomId, reader: Reader) {
    let Some(scroller) = reader.scroller.get_untracked() else { return };
    // A layout that has changed moves the place too, and says so before the observer is called: that is not the reader.
    if reader.seen.with_value(|seen| seen.heights_px != heights_px(&scroller)) {
        return;
    }
    let to_end = to_end_px(&scroller);
    let follows = to_end - scroller.client_height() <= AT_END_PX;
    if reader.follows.get_untracked() != follows {
        reader.follows.set(follows);
    }
    if follows {
        reader.missed.set(false);
    }
    reader.seen.update_value(|seen| seen.to_end_px = to_end);
    fetch_near_top(app, room, &scroller);
}

fn to_end(reader: Reader) {
    reader.follows.set(true);
    reader.missed.set(false);
    if let Some(scroller) = reader.scroller.get_untracked() {
        scroller.set_scroll_top(scroller.scroll_height());
        let _ = scroller.focus();
    }
}

fn fetch_near_top(app: App, room: RoomId, scroller: &HtmlDivElement) {
    if scroller.scroll_top() < NEAR_TOP_PX && app.screen.past.get_untracked() == Past::More {
        app.give(Input::LoadOlder(room));
    }
}

fn heights_px(scroller: &HtmlDivElement) -> (i32, i32) {
    (scroller.scroll_height(), scroller.client_height())
}

/// From the top of what is seen to the end: the same before and after something came in above.
fn to_end_px(scroller: &HtmlDivElement) -> i32 {
    scroller.scroll_height() - scroller.scroll_top()
}
