//! What is on the screen, one file per thing. A view reads signals and gives inputs; it decides nothing.

mod account;
mod attach;
mod bell;
mod bots;
mod browse;
mod card;
mod code;
mod codes;
mod composer;
mod connection;
mod day;
mod deleting;
mod emoji;
mod errand;
mod face;
mod files;
mod forward;
mod gathered;
mod keyboard;
mod keys;
pub(crate) mod later;
mod leaving;
mod lightbox;
mod markup;
mod members;
mod menu;
mod message;
mod motion;
mod new_room;
mod notifications;
mod own_emoji;
mod people;
mod plan;
mod poll;
mod portrait;
mod preview;
mod profile;
mod pushes;
mod quiet;
mod quote;
mod reactions;
mod readers;
mod receipts;
mod regard;
mod room;
mod rooms;
mod search;
mod sound;
mod switcher;
mod timeline;
mod toast;
mod typing;
mod voice;
mod welcome;

use parts::{dialog, icon};

pub(crate) use self::later::Later;

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::HtmlElement;

use crate::{app::App, chat::count, view::connection::state_name};

/// The dialogs, so that a button anywhere can open one.
#[derive(Clone, Copy)]
pub(crate) struct Dialogs {
    browse: NodeRef<html::Dialog>,
    new_room: NodeRef<html::Dialog>,
    members: NodeRef<html::Dialog>,
    invite: NodeRef<html::Dialog>,
    people: NodeRef<html::Dialog>,
    profile: NodeRef<html::Dialog>,
    search: NodeRef<html::Dialog>,
    switcher: NodeRef<html::Dialog>,
    keys: NodeRef<html::Dialog>,
    notifications: NodeRef<html::Dialog>,
    leaving: NodeRef<html::Dialog>,
    /// The form that ends the session.
    log_out: NodeRef<html::Form>,
}

/// Puts the app in the place of the skeleton that the page came with.
pub(crate) fn show(app: App) {
    let window = app.window();
    let Some(document) = window.document() else { return };
    let Some(place) = document.get_element_by_id("app").and_then(|place| place.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let server = place.get_attribute("data-server").unwrap_or_default();
    place.replace_children_with_node_0();
    mount_to(place.clone(), move || house(app, &place, server)).forget();
    listen(app);
}

fn house(app: App, place: &HtmlElement, server: String) -> impl IntoView + use<> {
    let dialogs = Dialogs {
        browse: NodeRef::new(),
        new_room: NodeRef::new(),
        members: NodeRef::new(),
        invite: NodeRef::new(),
        people: NodeRef::new(),
        profile: NodeRef::new(),
        search: NodeRef::new(),
        switcher: NodeRef::new(),
        keys: NodeRef::new(),
        notifications: NodeRef::new(),
        leaving: NodeRef::new(),
        log_out: NodeRef::new(),
    };
    let screen = app.screen;
    let attribute = {
        let place = send_wrapper(place);
        move |name: &str, value: &str| place.with_value(|place| drop(place.set_attribute(name, value)))
    };
    let also = attribute;
    Effect::new(move |_| attribute("data-connection", state_name(screen.connection.get())));
    Effect::new(move |_| also("data-open", if screen.open.get().is_some() { "room" } else { "rooms" }));
    // A room whose name changes stays: somebody may be writing there.
    let shown = Memo::new(move |_| screen.room.get().map(|room| room.id));
    let title = server.clone();
    Effect::new(move |_| {
        let unread = screen.unread.get();
        let unread = if unread > 0 { format!("({}) ", count(unread)) } else { String::new() };
        let room = screen.room.get().map(|room| format!("{} · ", room.title)).unwrap_or_default();
        if let Some(document) = app.window().document() {
            document.set_title(&format!("{unread}{room}{title}"));
        }
    });
    keyboard::listen(app, dialogs);
    (
        rooms::sidebar(app, dialogs, server),
        html::main().class("stage").child(move || match (screen.open.get(), shown.get()) {
            (Some(_), Some(id)) => room::room(app, dialogs, id).into_any(),
            (Some(_), None) if screen.me.get().is_some() => welcome::not_here(app).into_any(),
            (Some(_), None) => ().into_any(),
            (None, _) => welcome::welcome(app).into_any(),
        }),
        connection::connection(app),
        later::dialogs(app, dialogs),
        toast::toast(app),
    )
}

/// Listens to what concerns the whole page: "back", and the network coming back.
fn listen(app: App) {
    let window = app.window();
    let back = Closure::<dyn Fn()>::new(move || app.follow_address());
    let online = Closure::<dyn Fn()>::new(move || app.is_back_online());
    // A frame that was asked for just before the page was hidden does not come; the title should still say what is new.
    let hidden = Closure::<dyn Fn()>::new(move || app.draw());
    let going = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        // The browser asks the person: what is not uploaded is lost with the page.
        if app.is_uploading() {
            event.prevent_default();
        }
    });
    let _ = window.add_event_listener_with_callback("beforeunload", going.as_ref().unchecked_ref());
    going.forget();
    for (name, call) in [("popstate", back), ("online", online), ("visibilitychange", hidden)] {
        // `visibilitychange` happens to the document and bubbles up to the window.
        let _ = window.add_event_listener_with_callback(name, call.as_ref().unchecked_ref());
        // The page's listeners live as long as the page.
        call.forget();
    }
}

/// Keeps something of the browser's in a handle that a view's closures can copy.
fn send_wrapper<T: Clone + 'static>(value: &T) -> StoredValue<T, LocalStorage> {
    StoredValue::new_local(value.clone())
}
