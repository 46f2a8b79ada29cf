//! Keys that work everywhere in the app, and those that walk through a list of entries below a field.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::{
    app::App,
    screen::Gathered,
    view::{Dialogs, bell, gathered, later},
};

/// What walks with the arrow keys.
const ENTRY: &str = ".entry";

/// Listens to the keys of the whole page, for as long as the page lives.
pub(crate) fn listen(app: App, dialogs: Dialogs) {
    let _ = window_event_listener(ev::keydown, move |event| {
        let page = app.window().document();
        let busy = page.as_ref().and_then(|page| page.query_selector("dialog[open]").ok().flatten()).is_some();
        if busy || event.is_composing() {
            return;
        }
        let writes = page.and_then(|page| page.active_element()).is_some_and(|element| is_field(&element));
        let (strong, key) = (event.ctrl_key() || event.meta_key(), event.key());
        let dialog = match (key.as_str(), strong) {
            ("k" | "K", true) if !event.shift_key() && !event.alt_key() => dialogs.switcher,
            ("f" | "F", true) if event.shift_key() && !event.alt_key() => dialogs.search,
            (_, true) if event.shift_key() && !event.alt_key() && in_open(app, &key) => return event.prevent_default(),
            ("/", false) if !writes => dialogs.search,
            ("?", false) if !writes => dialogs.keys,
            ("ArrowUp" | "ArrowDown", false) if event.alt_key() && !event.shift_key() => {
                event.prevent_default();
                return next_chat(app, key == "ArrowDown");
            }
            _ => return,
        };
        event.prevent_default();
        later::open(app, dialog);
    });
}

/// Does what a key means together with Ctrl and Shift; says whether it means something.
fn in_open(app: App, key: &str) -> bool {
    let open = app.screen.open.get_untracked();
    match (key, open) {
        ("l" | "L", Some(_)) => bell::favour(app),
        ("g" | "G", Some(room)) => gathered::show(app, Gathered::Day(room)),
        ("s" | "S", _) => gathered::show(app, Gathered::Saved),
        ("m" | "M", _) => gathered::show(app, Gathered::Mentions),
        _ => return false,
    }
    true
}

/// Opens the chat below the open one in the sidebar, or the one above it.
fn next_chat(app: App, down: bool) {
    let chats = app.screen.lists().into_iter().flat_map(|items| items.get_untracked());
    let chats: Vec<_> = chats.map(|item| item.chat.id).collect();
    let open = app.screen.open.get_untracked().and_then(|open| chats.iter().position(|id| *id == open));
    let place = match open {
        None => Some(0),
        Some(place) if down => Some(place + 1),
        Some(place) => place.checked_sub(1),
    };
    if let Some(id) = place.and_then(|place| chats.get(place)) {
        app.go(Some(*id));
    }
}

/// Whether keys are letters there.
fn is_field(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
}

/// In a dialog with a field and entries below it: up and down go through them, and Enter in the field takes the first.
pub(crate) fn walk(dialog: NodeRef<html::Dialog>, event: &KeyboardEvent) {
    let key = event.key();
    let Some(dialog) = dialog.get_untracked().filter(|_| !event.is_composing()) else { return };
    let active = dialog.owner_document().and_then(|page| page.active_element());
    let Ok(found) = dialog.query_selector_all(ENTRY) else { return };
    let entries: Vec<HtmlElement> = (0..found.length()).filter_map(|n| found.item(n)?.dyn_into().ok()).collect();
    let place = entries.iter().position(|entry| active.as_ref() == Some(entry.as_ref()));
    let to = match (key.as_str(), place) {
        ("ArrowDown" | "Enter", None) => entries.first(),
        ("ArrowDown", Some(place)) => entries.get(place + 1),
        ("ArrowUp", Some(place)) => place.checked_sub(1).and_then(|place| entries.get(place)),
        _ => return,
    };
    if key == "Enter" && !active.is_some_and(|element| is_field(&element)) {
        return;
    }
    event.prevent_default();
    match to {
        Some(entry) if key == "Enter" => entry.click(),
        Some(entry) => drop(entry.focus()),
        None if key == "ArrowUp" => {
            let field =
                dialog.query_selector("input").ok().flatten().and_then(|field| field.dyn_into::<HtmlElement>().ok());
            if let Some(field) = field {
                let _ = field.focus();
            }
        }
        None => {}
    }
}
