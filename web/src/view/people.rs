//! Everybody who has an account here: a click opens the chat with somebody, and several can be chosen for a small group.

use std::collections::BTreeSet;

use client::Input;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Person, Presence, UserId, limits::DIRECT_PEOPLE_MAX};
use protocol::http::PersonEntry;

use crate::{
    app::App,
    driver::clock,
    view::{dialog, face, icon},
};

/// A question is asked when the typing has rested this long.
const REST_MS: u64 = 200;
/// So many others fit into a group.
const CHOSEN_MAX: usize = DIRECT_PEOPLE_MAX - 1;

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct List {
    app: App,
    dialog: NodeRef<html::Dialog>,
    field: NodeRef<html::Input>,
    found: RwSignal<Vec<PersonEntry>>,
    next: RwSignal<Option<UserId>>,
    /// What to say instead of, or below, the list.
    words: RwSignal<Option<Words>>,
    chosen: RwSignal<Vec<Person>>,
    /// The number of the last question: only its answer counts.
    asked: StoredValue<u64>,
}

#[derive(Clone, PartialEq, Eq)]
enum Words {
    Loading,
    Nobody,
    Trouble(String),
}

pub(crate) fn people(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let list = List {
        app,
        dialog,
        field: NodeRef::new(),
        found: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        words: RwSignal::new(None),
        chosen: RwSignal::new(Vec::new()),
        asked: StoredValue::new(0),
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog tall")
        .attr("id", "people")
        .attr("aria-labelledby", "people-title")
        .on(ev::toggle, move |_| list.turned())
        .child((
            dialog::head(dialog, "people-title", "New chat"),
            html::input()
                .node_ref(list.field)
                .attr("type", "search")
                .attr("aria-label", "Find somebody by name")
                .attr("placeholder", "Find somebody by name")
                .attr("autocomplete", "off")
                .attr("autofocus", "")
                .attr("dir", "auto")
                .on(ev::input, move |_| list.typed()),
            move || chips(list),
            html::div().class("dialog-body").child((
                html::ul().class("people pick").child((
                    move || yourself(list),
                    move || list.found.get().iter().map(|entry| line(list, entry)).collect_view(),
                )),
                move || more(list),
                html::div().attr("aria-live", "polite").child(move || words(list)),
            )),
            move || start(list),
        ))
}

impl List {
    /// The dialog was opened, or closed.
    fn turned(self) {
        if self.dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
            self.ask(None);
        } else {
            // Not when it opens: that is told late, and what was typed by then would be gone.
            self.chosen.set(Vec::new());
            if let Some(field) = self.field.get_untracked() {
                field.set_value("");
            }
            self.app.give(Input::ShowPeople(BTreeSet::new()));
        }
    }

    fn typed(self) {
        let number = self.number();
        clock::later(&self.app.window(), REST_MS, move || {
            if self.asked.get_value() == number {
                self.ask(None);
            }
        });
    }

    fn number(self) -> u64 {
        self.asked.update_value(|number| *number += 1);
        self.asked.get_value()
    }

    /// Asks for the first page, or for the one after somebody.
    fn ask(self, after: Option<UserId>) {
        let Some(name) = self.field.get_untracked().map(|field| field.value()) else { return };
        let number = self.number();
        self.words.set(Some(Words::Loading));
        spawn_local(async move {
            let answer = self.app.people(&name, after).await;
            if self.asked.get_value() != number {
                return;
            }
            match answer {
                Ok(page) => {
                    let me = self.app.screen.me.get_untracked().map(|me| me.person.id);
                    let page_of_others = page.people.into_iter().filter(|entry| Some(entry.person.id) != me);
                    self.found.update(|found| {
                        if after.is_none() {
                            found.clear();
                        }
                        found.extend(page_of_others);
                    });
                    self.next.set(page.next);
                    self.words.set(self.found.with_untracked(Vec::is_empty).then_some(Words::Nobody));
                    let shown = self.found.with_untracked(|found| found.iter().map(|entry| entry.person.id).collect());
                    self.app.give(Input::ShowPeople(shown));
                }
                Err(why) => self.words.set(Some(Words::Trouble(why.words()))),
            }
        });
    }

    fn choose(self, person: &Person, wanted: bool) {
        self.chosen.update(|chosen| {
            chosen.retain(|one| one.id != person.id);
            if wanted {
                chosen.push(person.clone());
            }
        });
    }

    /// Opens the chat with these people.
    fn open(self, people: Vec<UserId>) {
        spawn_local(async move {
            match self.app.open_direct(people).await {
                Ok(room) => {
                    dialog::close(self.dialog);
                    self.app.go(Some(room.id));
                }
                Err(why) => self.words.set(Some(Words::Trouble(why.words()))),
            }
        });
    }
}

/// One's own line: a place for notes.
fn yourself(list: List) -> Option<impl IntoView> {
    list.found.track();
    let searches = list.field.get_untracked().is_some_and(|field| !field.value().trim().is_empty());
    let me = list.app.screen.me.get().filter(|_| !searches)?;
    let name = me.person.name.to_string();
    Some(
        html::li().child(
            html::button()
                .attr("type", "button")
                .class("quiet person")
                .attr("data-person", name.clone())
                .on(ev::click, move |_| list.open(Vec::new()))
                .child((face::of(&me.person), html::span().class("person-name").child("You (notes)"))),
        ),
    )
}

fn line(list: List, entry: &PersonEntry) -> impl IntoView + use<> {
    let (person, told, told_seen) = (entry.person.clone(), entry.presence, entry.last_seen);
    let (id, name, called) = (person.id, person.name.to_string(), person.called().to_owned());
    let username = (called != name).then(|| format!("@{name} · "));
    let about = move || {
        let (presence, last_seen) = match list.app.seen(id) {
            Some(seen) => (Some(seen.presence), seen.last_seen),
            None => (told, told_seen),
        };
        let now = list.app.screen.minute.get();
        Some(match (presence?, last_seen) {
            (Presence::Online, _) => "online".to_owned(),
            (Presence::Away, _) => "away".to_owned(),
            (Presence::Offline, Some(at)) => format!("last seen {}", list.app.with_words(|words| words.ago(at, now))),
            (Presence::Offline, None) => "offline".to_owned(),
        })
    };
    let is_chosen = move || list.chosen.with(|chosen| chosen.iter().any(|one| one.id == id));
    let full = move || list.chosen.with(Vec::len) >= CHOSEN_MAX && !is_chosen();
    html::li().child((
        html::button()
            .attr("type", "button")
            .class("quiet person")
            .attr("data-person", name.clone())
            .on(ev::click, move |_| list.open(vec![id]))
            .child((
                face::face(list.app, &person, told),
                html::span()
                    .class("person-name")
                    .child((html::bdi().child(called), html::span().class("hint").child((username, about)))),
                face::bot(&person),
            )),
        html::label().class("pick-box").attr("title", "Choose for a group").child((html::input()
            .attr("type", "checkbox")
            .attr("aria-label", format!("Choose {name} for a group"))
            .prop("checked", is_chosen)
            .prop("disabled", full)
            .on(ev::change, move |event| list.choose(&person, event_target_checked(&event))),)),
    ))
}

/// Whoever is chosen stays in sight while others are looked for.
fn chips(list: List) -> Option<impl IntoView> {
    let chosen = list.chosen.get();
    let chip = |person: Person| {
        let name = person.called().to_owned();
        html::li().child(
            html::button()
                .attr("type", "button")
                .class("chip")
                .attr("aria-label", format!("Leave {name} out"))
                .on(ev::click, move |_| list.choose(&person, false))
                .child((html::bdi().child(name.clone()), icon::close())),
        )
    };
    (!chosen.is_empty()).then(|| {
        html::ul().class("chips").attr("aria-label", "Chosen").child(chosen.into_iter().map(chip).collect_view())
    })
}

fn more(list: List) -> Option<impl IntoView> {
    list.next.get().map(|next| {
        html::button()
            .attr("type", "button")
            .class("quiet more")
            .on(ev::click, move |_| list.ask(Some(next)))
            .child("More people")
    })
}

fn words(list: List) -> Option<AnyView> {
    list.words.get().map(|words| match words {
        Words::Loading if list.found.with_untracked(Vec::is_empty) => {
            html::p().class("hint").child("Loading…").into_any()
        }
        Words::Loading => ().into_any(),
        Words::Nobody => html::p().class("hint").child("Nobody else has such a name.").into_any(),
        Words::Trouble(words) => html::p().class("trouble").child(words).into_any(),
    })
}

/// The way into a chat with everybody who is chosen.
fn start(list: List) -> Option<impl IntoView> {
    let count = list.chosen.with(Vec::len);
    let people = if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
    (count > 0).then(|| {
        html::button()
            .attr("type", "button")
            .class("primary start-chat")
            .on(ev::click, move |_| {
                list.open(list.chosen.get_untracked().iter().map(|person| person.id).collect());
            })
            .child(format!("Start chat with {people}"))
    })
}
