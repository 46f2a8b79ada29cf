//! What nobody needs in order to read and write: dialogs, cards, the panel of emoji. The code of these views is a file of its own,
//! which the build splits off, and which is fetched when the page has come to rest, or when somebody wants one of them before that.
//!
//! A view that is only called through [`Parts`] is in that file, and so is all that only such views use.

#![expect(
    clippy::unnecessary_wraps,
    reason = "what can fail is the way into the other file, and only the macro sees that"
)]

use leptos::{html, prelude::*, task::spawn_local};
use model::{File, Person, RoomId};
use wasm_bindgen::JsCast;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::{HtmlElement, MouseEvent};

use crate::{
    app::App,
    driver::{
        clock,
        polls::{self, Polls, Tell},
    },
    rows::RowView,
    view::{
        Dialogs, account, bell, bots, browse, card, deleting, dialog, emoji,
        errand::{self, Errand},
        gathered, keys, leaving, lightbox, members, menu, new_room, notifications, own_emoji, people, plan, poll,
        preview, profile, readers, search, sound, switcher,
    },
};

/// By now the first messages have been fetched and drawn, or the line is so slow that a second more does not matter.
const REST_MS: u64 = 2_000;

/// The ways into the file.
#[derive(Clone, Copy)]
struct Parts {
    dialogs: fn(App, Dialogs) -> AnyView,
    emoji: fn(App, Callback<String>) -> AnyView,
    errand: fn(App, RoomId, Errand, RwSignal<Option<String>>),
    polls: fn(App, Tell) -> Option<Polls>,
    poll: fn(App, &RowView, &str) -> AnyView,
    preview: fn(App, &RowView, &str) -> AnyView,
    readers: fn(App, RoomId) -> AnyView,
    sound: fn(App, &File) -> AnyView,
    status: fn(App, Person) -> AnyView,
}

/// What is known of the file.
#[derive(Clone, Copy)]
pub(crate) struct Later {
    parts: RwSignal<Option<Parts>>,
    /// What somebody wanted last before it was here.
    wish: StoredValue<Option<Box<dyn FnOnce()>>, LocalStorage>,
    /// Links that somebody is to look behind.
    pub(crate) links: StoredValue<preview::Queue, LocalStorage>,
}

/// Called from the first file, it is answered from the other one.
#[wasm_split(later, fallible)]
fn parts() -> Result<Parts, SplitLoaderError> {
    Ok(Parts {
        dialogs: all,
        errand: errand::run,
        emoji: |app, pick| emoji::panel(app, pick).into_any(),
        polls: |app, tell| polls::open(app.window(), tell),
        poll: |app, row, text| poll::poll(app, row, text).into_any(),
        preview: |app, row, text| preview::preview(app, row, text).into_any(),
        readers: |app, room| readers::readers(app, room).into_any(),
        sound: |app, file| sound::sound(app, file).into_any(),
        status: |app, who| card::beside(app, who).into_any(),
    })
}

fn all(app: App, dialogs: Dialogs) -> AnyView {
    let (own, keeping, bots) = (own_emoji::follow(app), NodeRef::new(), NodeRef::new());
    (
        browse::browse(app, dialogs.browse),
        new_room::new_room(app, dialogs.new_room),
        members::members(app, dialogs),
        (
            account::menu(app, dialogs, [bots, keeping]),
            bots::bots(app, bots),
            own_emoji::keeping(own, keeping),
            account::invite(app, dialogs.invite),
            leaving::leaving(app, dialogs),
        ),
        people::people(app, dialogs.people),
        profile::profile(app, dialogs.profile),
        notifications::notifications(app, dialogs.notifications),
        card::card(app, dialogs, card::IN_ROOM),
        lightbox::lightbox(app),
        deleting::deleting(app),
        gathered::gathered(app),
        plan::plan(app),
        menu::menu(app),
        bell::menu(app),
        search::search(app, dialogs.search),
        switcher::switcher(app, dialogs),
        keys::keys(dialogs.keys),
    )
        .into_any()
}

impl Later {
    pub(crate) fn new() -> Self {
        Self {
            parts: RwSignal::new(None),
            wish: StoredValue::new_local(None),
            links: StoredValue::new_local(preview::Queue::default()),
        }
    }

    fn fetch(self, app: App) {
        spawn_local(async move {
            let Ok(parts) = parts().await else {
                if self.wish.with_value(Option::is_some) {
                    app.tell("A part of the app could not be loaded. Try again, or load the page again.".into());
                }
                return;
            };
            if self.parts.get_untracked().is_none() {
                self.parts.set(Some(parts));
            }
            // The panel of emoji opens at once then, and without a network, too.
            app.want_emoji();
            // The views are in the page with the next frame.
            clock::next_frame(&app.window(), move || {
                if let Some(wish) = self.wish.try_update_value(Option::take).flatten() {
                    wish();
                }
            });
        });
    }

    fn wants(self, app: App, wish: impl FnOnce() + 'static) {
        self.wish.set_value(Some(Box::new(wish)));
        self.fetch(app);
    }
}

/// Opens a dialog, as soon as it is there.
pub(crate) fn open(app: App, dialog: NodeRef<html::Dialog>) {
    if dialog.get_untracked().is_some() {
        dialog::open(dialog);
    } else {
        app.screen.later.wants(app, move || dialog::open(dialog));
    }
}

/// A button was clicked whose popover may not be there yet: then it is clicked again as soon as it is.
pub(crate) fn opens(app: App, event: &MouseEvent) {
    let button = event.current_target().and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let (Some(button), None) = (button, app.screen.later.parts.get_untracked()) {
        app.screen.later.wants(app, move || button.click());
    }
}

/// All dialogs of the page.
pub(crate) fn dialogs(app: App, dialogs: Dialogs) -> impl IntoView {
    let later = app.screen.later;
    clock::later(&app.window(), REST_MS, move || later.fetch(app));
    // These open by themselves when they are there.
    Effect::new(move |_| {
        let screen = app.screen;
        if screen.lightbox.get().is_some()
            || screen.deleting.get().is_some()
            || screen.gathered.get().is_some()
            || screen.plan.get().is_some()
        {
            later.wants(app, || {});
        }
    });
    move || later.parts.get().map(|parts| (parts.dialogs)(app, dialogs))
}

/// The panel of emoji; `pick` is told what was chosen, after the panel has closed.
pub(crate) fn emoji(app: App, pick: Callback<String>) -> impl IntoView {
    move || app.screen.later.parts.get().map(|parts| (parts.emoji)(app, pick))
}

/// Does what a command asks the server for, as soon as it is known how.
pub(crate) fn errand(app: App, room: RoomId, errand: Errand, trouble: RwSignal<Option<String>>) {
    let later = app.screen.later;
    let run = move || {
        if let Some(parts) = later.parts.get_untracked() {
            (parts.errand)(app, room, errand, trouble);
        }
    };
    if later.parts.get_untracked().is_some() {
        run();
    } else {
        later.wants(app, run);
    }
}

/// Who has read a message.
pub(crate) fn readers(app: App, room: RoomId) -> impl IntoView {
    move || app.screen.later.parts.get().map(|parts| (parts.readers)(app, room))
}

/// Polls in the place of a socket. `None`: what makes them is not here yet, and is fetched.
pub(crate) fn polls(app: App, tell: Tell) -> Option<Polls> {
    let later = app.screen.later;
    if let Some(parts) = later.parts.get_untracked() {
        return (parts.polls)(app, tell);
    }
    later.fetch(app);
    None
}

/// A poll that can be voted in.
pub(crate) fn poll(app: App, row: &RowView, text: &str) -> impl IntoView + use<> {
    let (later, row, text) = (app.screen.later, row.clone(), text.to_owned());
    move || later.parts.get().map(|parts| (parts.poll)(app, &row, &text))
}

/// What is behind the link of a text.
pub(crate) fn preview(app: App, row: &RowView, text: &str) -> impl IntoView + use<> {
    let (later, row, text) = (app.screen.later, row.clone(), text.to_owned());
    move || later.parts.get().map(|parts| (parts.preview)(app, &row, &text))
}

/// How somebody is just now, in a line beside their name.
pub(crate) fn status(app: App, who: &Person) -> impl IntoView + use<> {
    let (later, who) = (app.screen.later, who.clone());
    move || later.parts.get().map(|parts| (parts.status)(app, who.clone()))
}

/// A sound that can be played.
pub(crate) fn sound(app: App, file: &File) -> impl IntoView + use<> {
    let (later, file) = (app.screen.later, file.clone());
    if later.parts.get_untracked().is_none() {
        later.fetch(app);
    }
    move || later.parts.get().map(|parts| (parts.sound)(app, &file))
}
