//! The public rooms of this server, by name, and the way into each.

use leptos::{ev, html, prelude::*, task::spawn_local};
use protocol::http::DirectoryEntry;

use crate::{app::App, driver::clock, view::dialog};

/// A question is asked when the typing has rested this long.
const REST_MS: u64 = 200;

/// What is known of the directory.
#[derive(Clone)]
enum Found {
    Loading,
    Rooms(Vec<DirectoryEntry>),
    Trouble(String),
}

pub(crate) fn browse(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let found = RwSignal::new(Found::Loading);
    let asked = StoredValue::new(0_u64);
    let ask = move || {
        let Some(name) = field.get_untracked().map(|field| field.value()) else { return };
        // Only the answer to the last question counts.
        let number = asked.get_value() + 1;
        asked.set_value(number);
        spawn_local(async move {
            let answer = app.directory(&name).await;
            if asked.get_value() == number {
                found.set(match answer {
                    Ok(rooms) => Found::Rooms(rooms),
                    Err(why) => Found::Trouble(why.words()),
                });
            }
        });
    };
    let typed = move |_| {
        let number = asked.get_value() + 1;
        asked.set_value(number);
        clock::later(&app.window(), REST_MS, move || {
            if asked.get_value() == number {
                ask();
            }
        });
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("aria-labelledby", "browse-title")
        // `toggle` comes for every way in which a dialog opens or closes.
        .on(ev::toggle, move |_| {
            if dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
                ask();
            }
        })
        .child((
            dialog::head(dialog, "browse-title", "Rooms on this server"),
            html::input()
                .node_ref(field)
                .attr("type", "search")
                .attr("aria-label", "Find a room by name")
                .attr("placeholder", "Find a room by name")
                .attr("autocomplete", "off")
                .attr("dir", "auto")
                .on(ev::input, typed),
            html::div().class("dialog-body").attr("aria-live", "polite").child(move || listed(app, dialog, found)),
        ))
}

fn listed(app: App, dialog: NodeRef<html::Dialog>, found: RwSignal<Found>) -> AnyView {
    match found.get() {
        Found::Loading => html::p().class("hint").child("Loading…").into_any(),
        Found::Trouble(words) => html::p().class("trouble").child(words).into_any(),
        Found::Rooms(rooms) if rooms.is_empty() => {
            html::p().class("hint").child("No room has such a name. Type it in the sidebar to make it.").into_any()
        }
        Found::Rooms(rooms) => html::ul()
            .class("directory")
            .child(rooms.into_iter().map(|entry| listed_room(app, dialog, found, entry)).collect_view())
            .into_any(),
    }
}

fn listed_room(
    app: App,
    dialog: NodeRef<html::Dialog>,
    found: RwSignal<Found>,
    entry: DirectoryEntry,
) -> impl IntoView {
    let DirectoryEntry { room, members, joined } = entry;
    let people = if members == 1 { "1 member".to_owned() } else { format!("{members} members") };
    let name = room.name.to_string();
    let label = if joined { format!("Open {name}") } else { format!("Join {name}") };
    let enter = move |_| {
        let name = room.name.to_string();
        spawn_local(async move {
            let entered = if joined { Ok(room.id) } else { app.join_room(name).await.map(|room| room.id) };
            match entered {
                Ok(id) => {
                    dialog::close(dialog);
                    app.go(Some(id));
                }
                Err(why) => found.set(Found::Trouble(why.words())),
            }
        });
    };
    html::li().child((
        html::div()
            .class("directory-room")
            .child((html::bdi().class("room-name").child(name), html::span().class("hint").child(people))),
        html::button()
            .attr("type", "button")
            .class(if joined { "quiet" } else { "primary" })
            .attr("aria-label", label)
            .on(ev::click, enter)
            .child(if joined { "Open" } else { "Join" }),
    ))
}
