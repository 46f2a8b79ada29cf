//! Who is in the open room; the way to bring somebody in, and the way out.

use client::Input;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Person, RoomId};

use crate::{
    app::App,
    chat::{Chat, Kind},
    screen::People,
    view::{Dialogs, card, dialog, face},
};

pub(crate) fn members(app: App, dialogs: Dialogs) -> impl IntoView {
    let dialog = dialogs.members;
    let is_open = RwSignal::new(false);
    // Whoever is in the list is watched as long as it is open.
    Effect::new(move |_| {
        let people = app.screen.members.get();
        if let (true, People::Known(people)) = (is_open.get(), people) {
            app.give(Input::ShowPeople(people.iter().map(|person| person.id).collect()));
        }
    });
    let turned = move |_| {
        let open = dialog.get_untracked().is_some_and(|dialog| dialog.open());
        is_open.set(open);
        if !open {
            app.give(Input::ShowPeople(std::collections::BTreeSet::new()));
        }
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog sheet")
        .attr("aria-labelledby", "members-title")
        .on(ev::toggle, turned)
        .child((
            dialog::head(dialog, "members-title", "Members"),
            html::div().class("dialog-body").child(move || people(app)),
            card::card(app, dialogs, card::IN_MEMBERS),
            move || {
                // Nobody comes into a direct chat, or leaves it.
                app.screen.room.get().filter(|chat| !chat.kind.is_direct()).map(|chat| {
                    let private = chat.kind == Kind::Private;
                    (private.then(|| add(app, chat.id)), leave(app, dialog, &chat))
                })
            },
        ))
}

fn people(app: App) -> AnyView {
    match app.screen.members.get() {
        People::Loading => html::p().class("hint").child("Loading…").into_any(),
        People::Failed => html::p().class("trouble").child("The members could not be loaded.").into_any(),
        People::Known(people) => {
            html::ul().class("people").child(people.iter().map(|person| line(app, person)).collect_view()).into_any()
        }
    }
}

fn line(app: App, person: &Person) -> impl IntoView + use<> {
    let id = person.id;
    let own = move || app.screen.me.get().is_some_and(|me| me.person.id == id);
    html::li().child((
        face::face(app, person, None),
        html::span().class("person-name").child((
            card::link(app, card::IN_MEMBERS, person),
            html::span().class("hint").child(move || face::presence(app.seen(id))),
        )),
        face::bot(person),
        move || own().then(|| html::span().class("tag").child("you")),
    ))
}

/// Brings somebody in by username.
fn add(app: App, room: RoomId) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let said = RwSignal::new(None::<(bool, String)>);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(input) = field.get_untracked() else { return };
        spawn_local(async move {
            said.set(Some(match app.add_member(room, input.value()).await {
                Ok(person) => {
                    input.set_value("");
                    (true, format!("{} is in now.", person.called()))
                }
                Err(why) => (false, why.words()),
            }));
        });
    };
    html::form().class("stack").on(ev::submit, submit).child((
        html::label().attr("for", "add-member").child("Bring somebody in"),
        html::div().class("field-row").child((
            html::input()
                .node_ref(field)
                .attr("id", "add-member")
                .attr("type", "text")
                .attr("autocomplete", "off")
                .attr("autocapitalize", "none")
                .attr("spellcheck", "false")
                .attr("placeholder", "Username")
                .attr("aria-describedby", "add-member-said"),
            html::button().attr("type", "submit").class("primary").child("Add"),
        )),
        html::p()
            .attr("id", "add-member-said")
            .attr("role", "status")
            .class("hint")
            .attr("data-trouble", move || said.get().is_some_and(|(good, _)| !good).then_some("true"))
            .child(move || said.get().map(|(_, words)| words)),
    ))
}

/// The way out. Asks once more: of a private room one does not come back by oneself.
fn leave(app: App, dialog: NodeRef<html::Dialog>, chat: &Chat) -> impl IntoView + use<> {
    let (id, private) = (chat.id, chat.kind == Kind::Private);
    let sure = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);
    let go = move |_| {
        if !sure.get_untracked() {
            return sure.set(true);
        }
        spawn_local(async move {
            match app.leave_room(id).await {
                Ok(()) => {
                    dialog::close(dialog);
                    app.go(None);
                }
                Err(why) => trouble.set(Some(why.words())),
            }
        });
    };
    html::div().class("stack leave").child((
        html::p().class("hint").attr("role", "status").child(move || match (sure.get(), private) {
            (false, _) => "",
            (true, true) => "You come back only if a member brings you in.",
            (true, false) => "You can join again by its name.",
        }),
        html::p().class("trouble").attr("role", "alert").child(move || trouble.get()),
        html::button()
            .attr("type", "button")
            .class("danger")
            .on(ev::click, go)
            .child(move || if sure.get() { "Yes, leave" } else { "Leave this room" }),
    ))
}
