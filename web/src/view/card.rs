//! Who somebody is: a small card beside the name that opened it.

use client::Input;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Person, Status};
use protocol::http::PersonCard;
use web_sys::HtmlElement;

use crate::{
    app::App,
    driver::words::time_in,
    view::{Dialogs, dialog, face, later, regard, room::presence},
};

/// The card beside what stands in a room.
pub(crate) const IN_ROOM: &str = "card";
/// The card in the list of members: what is behind an open dialog cannot be used.
pub(crate) const IN_MEMBERS: &str = "member-card";

/// The name above a message, which may change; a click shows whose it is. The browser opens the card, and anchors it.
pub(crate) fn name(app: App, who: ArcRwSignal<Person>) -> impl IntoView {
    let asked = who.clone();
    html::button()
        .attr("type", "button")
        .class("author name")
        .attr("popovertarget", IN_ROOM)
        .attr("title", {
            let who = who.clone();
            move || format!("@{}", who.get().name)
        })
        .on(ev::click, move |event| {
            app.screen.card.set(Some(asked.get_untracked()));
            later::opens(app, &event);
        })
        .child(html::bdi().child(move || who.get().called().to_owned()))
}

/// A name that shows the card of this place.
pub(crate) fn link(app: App, place: &'static str, who: &Person) -> impl IntoView + use<> {
    let (asked, called) = (who.clone(), who.called().to_owned());
    html::button()
        .attr("type", "button")
        .class("name")
        .attr("popovertarget", place)
        .on(ev::click, move |event| {
            app.screen.card.set(Some(asked.clone()));
            later::opens(app, &event);
        })
        .child(html::bdi().child(called))
}

/// What somebody tells of themselves, fetched when it is asked for and again when it has changed. None until it is there.
fn told(app: App, who: impl Fn() -> Option<Person> + Send + Sync + 'static) -> RwSignal<Option<PersonCard>> {
    let told = RwSignal::new(None::<PersonCard>);
    let wanted = Memo::new(move |_| who().map(|who| app.named(&who)).map(|who| (who.id, who.version)));
    Effect::new(move |_| {
        let wanted_now = wanted.get();
        let Some((id, _)) = wanted_now else { return told.set(None) };
        if told.with_untracked(|told| told.as_ref().is_some_and(|told| told.entry.person.id != id)) {
            told.set(None);
        }
        spawn_local(async move {
            // Without an answer the card shows the name; the next change asks again.
            let answer = app.person(id).await.ok();
            if wanted.try_get_untracked() == Some(wanted_now) && answer.is_some() {
                told.set(answer);
            }
        });
    });
    told
}

/// How somebody is just now, if they say so and it is not over.
fn status(app: App, told: Option<&PersonCard>) -> Option<Status> {
    let now = app.screen.minute.get();
    told?.profile.status.clone().filter(|status| status.stands(now))
}

/// How somebody is just now, in a line beside their name.
pub(crate) fn beside(app: App, who: Person) -> impl IntoView {
    let told = told(app, move || Some(who.clone()));
    let status = move || told.with(|told| status(app, told.as_ref()));
    move || status().map(|status| html::span().class("room-status").child(status_words(&status)))
}

/// The words of a status, and the emoji before them.
fn status_words(status: &Status) -> impl IntoView + use<> {
    let emoji = status.emoji.as_ref().map(|emoji| html::span().class("status-emoji").child(emoji.as_str().to_owned()));
    (emoji, html::bdi().child(status.text.as_str().to_owned()))
}

pub(crate) fn card(app: App, dialogs: Dialogs, place: &'static str) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    let turned = move |_| {
        let is_open = node.get_untracked().is_some_and(|node| node.matches(":popover-open").unwrap_or(false));
        open.set(is_open);
        // Whoever is in the list of members is watched already.
        if place == IN_ROOM {
            let shown = app.screen.card.get_untracked().filter(|_| is_open).map(|who| who.id);
            app.give(Input::ShowPeople(shown.into_iter().collect()));
        }
    };
    let who = move || app.screen.card.get().filter(|_| open.get());
    let told = told(app, who);
    html::div()
        .node_ref(node)
        .attr("id", place)
        .attr("popover", "auto")
        .attr("role", "dialog")
        .attr("aria-label", "Profile")
        .class("person-card")
        .on(ev::toggle, turned)
        .child(move || who().map(|who| inside(app, dialogs, (node, told), &app.named(&who))))
}

fn inside(
    app: App,
    dialogs: Dialogs,
    (node, told): (NodeRef<html::Div>, RwSignal<Option<PersonCard>>),
    who: &Person,
) -> impl IntoView + use<> {
    let id = who.id;
    let own = app.screen.me.get_untracked().is_some_and(|me| me.person.id == id);
    let hide = move || drop(node.get_untracked().map(|node| HtmlElement::hide_popover(&node)));
    let write = move |_| {
        spawn_local(async move {
            if let Ok(room) = app.open_direct(vec![id]).await {
                hide();
                dialog::close(dialogs.members);
                app.go(Some(room.id));
            }
        });
    };
    let edit = move |_| {
        hide();
        dialog::close(dialogs.members);
        dialog::open(dialogs.profile);
    };
    let button = html::button().attr("type", "button").class("primary");
    (
        html::div().class("card-head").child((
            face::large(who),
            html::div().class("card-names").child((
                html::bdi().class("card-name").child(who.called().to_owned()),
                html::span().class("hint").child((face::bot(who), format!(" @{}", who.name))),
                (!own).then(|| presence(app, id)),
            )),
        )),
        move || {
            told.with(|told| status(app, told.as_ref()))
                .map(|status| html::p().class("card-status").child(status_words(&status)))
        },
        move || {
            told.get()
                .and_then(|told| told.profile.about)
                .map(|about| html::p().attr("dir", "auto").child(about.as_str().to_owned()))
        },
        move || told.get().and_then(|told| clock(app, &told)),
        if own {
            button.on(ev::click, edit).child("Edit your profile").into_any()
        } else {
            (button.on(ev::click, write).child("Message"), regard::choice(app, who)).into_any()
        },
    )
}

/// What the clock says where they are.
fn clock(app: App, told: &PersonCard) -> Option<impl IntoView + use<>> {
    let zone = told.profile.time_zone.as_ref()?.as_str().to_owned();
    let now = app.screen.minute.get();
    let time = time_in(now, &zone)?;
    let place = zone.rsplit('/').next().unwrap_or_default().replace('_', " ");
    Some(html::p().class("hint").child(format!("{time} there ({place})")))
}
