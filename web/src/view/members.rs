//! Who is in the open room; the way to bring somebody in, and the way out.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{RoomId, Visibility};

use crate::{app::App, screen::People, view::dialog};

pub(crate) fn members(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    html::dialog().node_ref(dialog).class("dialog sheet").attr("aria-labelledby", "members-title").child((
        dialog::head(dialog, "members-title", "Members"),
        html::div().class("dialog-body").child(move || people(app)),
        move || {
            app.screen.room.get().map(|room| {
                let private = room.visibility == Visibility::Private;
                (private.then(|| add(app, room.id)), leave(app, dialog, &room))
            })
        },
    ))
}

fn people(app: App) -> AnyView {
    let me = app.screen.me.get().map(|me| me.id);
    match app.screen.members.get() {
        People::Loading => html::p().class("hint").child("Loading…").into_any(),
        People::Failed => html::p().class("trouble").child("The members could not be loaded.").into_any(),
        People::Known(people) => html::ul()
            .class("people")
            .child(
                people
                    .into_iter()
                    .map(|person| {
                        let name = person.name.to_string();
                        html::li().child((
                            html::span().class("avatar").attr("aria-hidden", "true").child(initial(&name)),
                            html::bdi().child(name),
                            (me == Some(person.id)).then(|| html::span().class("tag").child("you")),
                        ))
                    })
                    .collect_view(),
            )
            .into_any(),
    }
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
                    (true, format!("{} is in now.", person.name))
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
fn leave(app: App, dialog: NodeRef<html::Dialog>, room: &model::Room) -> impl IntoView + use<> {
    let (id, private) = (room.id, room.visibility == Visibility::Private);
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

/// What stands for a person in a circle.
pub(crate) fn initial(name: &str) -> String {
    name.chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}
