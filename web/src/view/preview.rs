//! What is behind the link of a message: what the page says of itself, and its picture.

use client::Connection;
use leptos::{html, prelude::*, task::spawn_local};
use model::{RoomId, Seq};
use protocol::http::Preview;

use crate::{
    app::App,
    driver::fetch::{self, Trouble},
    rows::RowView,
};

/// A picture that is so much wider than high stands above the words, if it is large; any other beside them.
const WIDE: f64 = 1.2;
const LARGE_PX: u32 = 400;
/// Links that wait. Of more, those that were met first are not looked behind: they are the farthest from what is read.
const WAITING_MAX: usize = 200;

/// Links that wait to be looked behind, one after the other: what is needed to read and write shares the way to the server.
#[derive(Default)]
pub(crate) struct Queue {
    waiting: Vec<Asking>,
    busy: bool,
}

/// One of them.
struct Asking {
    /// Where the answer is, without what follows `preview`.
    link: Link,
    found: RwSignal<Found>,
}

/// A link of a message.
#[derive(Clone)]
struct Link {
    room: RoomId,
    message: Seq,
    to: String,
}

#[derive(Clone)]
enum Found {
    /// Nobody has asked.
    Open,
    /// It is asked for.
    Asked,
    /// There is this to say.
    Preview(Link, Preview),
    /// There is nothing to say.
    Nothing,
}

impl Link {
    fn path(&self, part: &str) -> String {
        let Self { room, message, to } = self;
        let to = String::from(js_sys::encode_uri_component(to));
        format!("/api/v1/rooms/{room}/messages/{message}/preview{part}?link={to}")
    }
}

pub(crate) fn preview(app: App, row: &RowView, text: &str) -> impl IntoView + use<> {
    let to = markup::links(text, 1).pop()?;
    let (room, seq, found) = (row.room, row.seq.clone(), RwSignal::new(Found::Open));
    // Again when the connection comes back, if nobody answered.
    Effect::new(move |_| {
        let online = app.screen.connection.with(|connection| *connection == Connection::Online);
        if let (true, Some(message), Found::Open) = (online, seq.get(), found.get_untracked()) {
            found.set(Found::Asked);
            ask(app, Asking { link: Link { room, message, to: to.clone() }, found });
        }
    });
    Some(move || match found.get() {
        Found::Preview(link, preview) => Some(card(&link, preview)),
        Found::Open | Found::Asked | Found::Nothing => None,
    })
}

/// Asks for one after the other, what was met last first.
fn ask(app: App, asking: Asking) {
    let queue = app.screen.later.links;
    let begin = queue.try_update_value(|queue| {
        if queue.waiting.len() == WAITING_MAX {
            queue.waiting.remove(0);
        }
        queue.waiting.push(asking);
        !std::mem::replace(&mut queue.busy, true)
    });
    if begin != Some(true) {
        return;
    }
    spawn_local(async move {
        while let Some(Asking { link, found }) = queue.try_update_value(|queue| queue.waiting.pop()).flatten() {
            // Rows come and go; who has gone wants nothing.
            if found.try_get_untracked().is_none() {
                continue;
            }
            let next = match fetch::text(&app.window(), &link.path("")).await {
                // Nothing to say is an empty answer.
                Ok(text) => protocol::decode(&text).map_or(Found::Nothing, |preview| Found::Preview(link, preview)),
                Err(Trouble::Unreachable) => Found::Open,
                Err(Trouble::Refused(..) | Trouble::SignedOut) => Found::Nothing,
            };
            let _ = found.try_set(next);
        }
        queue.update_value(|queue| queue.busy = false);
    });
}

fn card(link: &Link, preview: Preview) -> impl IntoView + use<> {
    let Preview { site, title, text, picture } = preview;
    let wide = picture.is_some_and(|it| it.width >= LARGE_PX && f64::from(it.width) >= WIDE * f64::from(it.height));
    let source = link.path("/picture");
    let picture = picture.map(|it| {
        html::img()
            .attr("src", source)
            .attr("alt", "")
            .attr("width", it.width.to_string())
            .attr("height", it.height.to_string())
            .attr("loading", "lazy")
            .attr("decoding", "async")
    });
    html::a()
        .class("preview")
        .attr("href", link.to.clone())
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer nofollow")
        .attr("data-wide", wide.then_some("true"))
        .child((
            picture,
            html::div().class("preview-words").child((
                html::bdi().class("preview-site").child(site),
                title.map(|title| html::strong().attr("dir", "auto").child(title)),
                text.map(|text| html::p().attr("dir", "auto").child(text)),
            )),
        ))
}
