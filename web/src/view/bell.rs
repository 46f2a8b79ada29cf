//! The bell in a room's head, and its menu: of which of the room's messages the person is told at once, and whether it stands above
//! the others in their list; on all their devices.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Notify, RoomWish};

use crate::{
    app::App,
    chat::Kind,
    screen::Gathered,
    view::{gathered, icon, later},
};

/// The menu's name, for the button that opens it.
const MENU: &str = "bell-menu";

/// The button. `notes`: nobody else speaks here, so there is nothing to be told of.
pub(crate) fn bell(app: App, notes: bool) -> impl IntoView + use<> {
    let prefs = app.screen.prefs;
    let drawing = move || match (notes, prefs.get().notify) {
        (true, _) => icon::star().into_any(),
        (false, Notify::All | Notify::Mentions) => icon::bell().into_any(),
        (false, Notify::Nothing) => icon::no_bell().into_any(),
    };
    let label = move || {
        if notes {
            "Whether this is a favourite".to_owned()
        } else {
            format!("Notifications of this room: {}", words(prefs.get().notify))
        }
    };
    html::button()
        .attr("type", "button")
        .attr("id", "bell")
        .class("round")
        .attr("popovertarget", MENU)
        .attr("aria-label", label)
        .attr("data-notify", move || name(prefs.get().notify))
        .on(ev::click, move |event| later::opens(app, &event))
        .child(drawing)
}

/// The menu of the open room.
pub(crate) fn menu(app: App) -> impl IntoView {
    let screen = app.screen;
    let chosen = Memo::new(move |_| screen.prefs.get());
    let notes = Memo::new(move |_| screen.room.with(|room| room.as_ref().is_some_and(|room| room.kind == Kind::Notes)));
    let choice = move |notify: Notify| {
        html::label().child((
            html::input()
                .attr("type", "radio")
                .attr("name", "notify")
                .prop("checked", move || chosen.get().notify == notify)
                .on(ev::change, move |_| want(app, RoomWish { notify: Some(notify), favourite: None })),
            html::span().child(words(notify)),
        ))
    };
    let told = move || {
        (!notes.get()).then(|| {
            html::fieldset().child((
                html::legend().child("Tell me at once of"),
                Notify::CHOICES.map(choice).into_iter().collect_view(),
            ))
        })
    };
    html::div().attr("id", MENU).attr("popover", "auto").class("bell-menu").child((
        told,
        html::label().class("bell-favourite").child((
            html::input()
                .attr("type", "checkbox")
                .attr("role", "switch")
                .attr("id", "favourite")
                .prop("checked", move || chosen.get().favourite)
                .on(ev::change, move |_| favour(app)),
            html::span().child("favourite"),
        )),
        html::button()
            .attr("type", "button")
            .class("quiet")
            .attr("id", "open-day")
            .attr("popovertarget", MENU)
            .attr("popovertargetaction", "hide")
            .on(ev::click, move |_| {
                if let Some(room) = screen.open.get_untracked() {
                    gathered::show(app, Gathered::Day(room));
                }
            })
            .child((icon::clock(), "Go to a day…")),
    ))
}

/// Makes the open room a favourite, or one no more.
pub(crate) fn favour(app: App) {
    let favourite = !app.screen.prefs.get_untracked().favourite;
    want(app, RoomWish { notify: None, favourite: Some(favourite) });
}

/// Shows what was wished at once, and takes it back if the server does not have it.
fn want(app: App, wish: RoomWish) {
    let prefs = app.screen.prefs;
    let (before, Some(room)) = (prefs.get_untracked(), app.screen.open.get_untracked()) else { return };
    prefs.set(wish.upon(before));
    spawn_local(async move {
        if let Err(why) = app.set_room_prefs(room, wish).await {
            if app.screen.open.get_untracked() == Some(room) {
                prefs.set(before);
            }
            app.tell(why.words());
        }
    });
}

fn words(notify: Notify) -> &'static str {
    match notify {
        Notify::All => "all messages",
        Notify::Mentions => "mentions",
        Notify::Nothing => "nothing",
    }
}

fn name(notify: Notify) -> &'static str {
    match notify {
        Notify::All => "all",
        Notify::Mentions => "mentions",
        Notify::Nothing => "nothing",
    }
}
