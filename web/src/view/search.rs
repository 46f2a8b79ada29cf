//! Finding what was said: results while one types, each the way to its message.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Regard, Room, RoomId, limits::SEARCH_CHARS_MAX};
use protocol::http::FoundMessage;
use web_sys::{AbortController, HtmlInputElement};

use crate::{
    app::App,
    chat::Chat,
    driver::clock,
    view::{dialog, face, icon, keyboard, message::COVERED},
};

/// A question is asked when the typing has rested this long.
const REST_MS: u64 = 250;
/// Characters shown before the first word that was found, and in all.
const BEFORE_CHARS: usize = 60;
const SHOWN_CHARS: usize = 240;
/// Searches that are remembered.
const SEARCHES_MAX: usize = 8;

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Search {
    app: App,
    dialog: NodeRef<html::Dialog>,
    field: NodeRef<html::Input>,
    found: RwSignal<Found>,
    state: RwSignal<State>,
    /// The number of the last question: only its answer counts.
    asked: StoredValue<u64>,
    under_way: StoredValue<Option<AbortController>, LocalStorage>,
}

#[derive(Clone, PartialEq, Eq)]
enum State {
    /// Nothing is looked for.
    Idle,
    Searching,
    Answered,
    Trouble(String),
}

/// What was found so far.
#[derive(Clone, Default)]
struct Found {
    rooms: Vec<Room>,
    messages: Vec<FoundMessage>,
    next: Option<String>,
    /// Not everything can be found yet.
    partly: bool,
}

pub(crate) fn search(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let search = Search {
        app,
        dialog,
        field: NodeRef::new(),
        found: RwSignal::new(Found::default()),
        state: RwSignal::new(State::Idle),
        asked: StoredValue::new(0),
        under_way: StoredValue::new_local(None),
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog tall find")
        .attr("id", "search")
        .attr("aria-labelledby", "search-title")
        .on(ev::toggle, move |_| search.turned())
        .on(ev::keydown, move |event| keyboard::walk(dialog, &event))
        .child((
            dialog::head(dialog, "search-title", "Search messages"),
            html::input()
                .node_ref(search.field)
                .attr("type", "search")
                .attr("aria-label", "What to look for")
                .attr("placeholder", "Words, from:somebody, in:room …")
                .attr("autocomplete", "off")
                .attr("autofocus", "")
                .attr("maxlength", SEARCH_CHARS_MAX.to_string())
                .attr("dir", "auto")
                .on(ev::input, move |_| search.typed()),
            html::div().class("dialog-body").child((
                html::div().attr("role", "status").child(move || words(search)),
                html::ul().class("found").child(move || {
                    search.found.with(|found| found.messages.iter().map(|one| line(search, found, one)).collect_view())
                }),
                move || more(search),
            )),
        ))
}

impl Search {
    /// The dialog was opened, or closed.
    fn turned(self) {
        let Some(field) = self.field.get_untracked() else { return };
        if self.dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
            if let Some(words) = self.app.screen.sought.try_update(Option::take).flatten() {
                field.set_value(&words);
                self.ask(None);
            }
        } else {
            // The next words replace these. Not when it opens: that is told late, and what was typed by then would be gone.
            field.select();
            self.stop();
        }
    }

    fn words(self) -> String {
        self.field.get_untracked().map(|field: HtmlInputElement| field.value()).unwrap_or_default()
    }

    fn typed(self) {
        let number = self.stop();
        clock::later(&self.app.window(), REST_MS, move || {
            if self.asked.get_value() == number {
                self.ask(None);
            }
        });
    }

    /// Nobody waits for the last question's answer any more. Returns the next one's number.
    fn stop(self) -> u64 {
        if let Some(under_way) = self.under_way.try_update_value(Option::take).flatten() {
            under_way.abort();
        }
        self.asked.update_value(|number| *number += 1);
        self.asked.get_value()
    }

    /// Asks for the first page, or for the one that begins at `cursor`.
    fn ask(self, cursor: Option<String>) {
        let number = self.stop();
        let (words, Ok(under_way)) = (self.words(), AbortController::new()) else { return };
        if words.trim().is_empty() {
            self.found.set(Found::default());
            self.state.set(State::Idle);
            return;
        }
        let end = under_way.signal();
        self.under_way.set_value(Some(under_way));
        self.state.set(State::Searching);
        spawn_local(async move {
            let answer = self.app.search(&words, cursor.as_deref(), &end).await;
            if self.asked.get_value() != number {
                return;
            }
            match answer {
                Ok(page) => {
                    self.found.update(|found| {
                        if cursor.is_none() {
                            *found = Found::default();
                        }
                        found.rooms.extend(page.rooms);
                        found.messages.extend(page.found);
                        found.next = page.next;
                        found.partly = !page.complete;
                    });
                    self.state.set(State::Answered);
                }
                Err(why) => self.state.set(State::Trouble(why.words())),
            }
        });
    }

    fn remember(self) {
        let words = self.words().trim().to_owned();
        self.app.screen.searches.update(|searches| {
            searches.retain(|other| *other != words);
            searches.insert(0, words);
            searches.truncate(SEARCHES_MAX);
        });
    }
}

/// How the search stands, in words.
fn words(search: Search) -> AnyView {
    let (none, partly) = search.found.with(|found| (found.messages.is_empty(), found.partly));
    let hint = |words: &'static str| html::p().class("hint").child(words).into_any();
    match search.state.get() {
        State::Idle => tips().into_any(),
        State::Searching if none => hint("Searching…"),
        State::Trouble(words) => html::p().class("trouble").child(words).into_any(),
        State::Searching | State::Answered if partly => {
            hint("Older messages are still being read in; this is a part of what there is.")
        }
        State::Answered if none => hint("Nothing was found."),
        State::Searching | State::Answered => ().into_any(),
    }
}

fn tips() -> impl IntoView {
    let tip = |(typed, found): (&'static str, &'static str)| {
        html::div().child((html::dt().child(html::code().child(typed)), html::dd().child(found)))
    };
    let tips = [
        ("\"two stones\"", "these words, one behind the other"),
        ("from:bob", "said by bob"),
        ("in:lobby", "in that room"),
        ("after:2026-01-31", "later than that day"),
        ("has:image", "with a picture; also file, link"),
        ("-word", "without that word"),
    ];
    html::dl().class("keys tips").child(tips.map(tip).into_iter().collect_view())
}

fn line(search: Search, found: &Found, one: &FoundMessage) -> impl IntoView + use<> {
    let app = search.app;
    let (room, seq, at, said) = (one.room, one.message.seq, one.message.at, &one.message.said);
    let day = app.with_words(|words| format!("{}, {}", words.day(at, clock::wall()), words.time(at)));
    let covered = app.regard(said.author.id) != Regard::Open;
    let found_text = if covered { vec![COVERED.into_any()] } else { marked(one) };
    let go = move |_| {
        search.remember();
        dialog::close(search.dialog);
        app.go_to(room, seq);
    };
    html::li().child(html::button().attr("type", "button").class("entry found-message").on(ev::click, go).child((
        face::of(&said.author),
        html::span().class("found-head").child((
            html::bdi().class("found-author").child(app.named(&said.author).called().to_owned()),
            html::bdi().class("found-room").child(title(app, &found.rooms, room)),
            html::time().child(day),
        )),
        html::span().class("found-text").attr("dir", "auto").child(found_text),
    )))
}

fn title(app: App, rooms: &[Room], id: RoomId) -> String {
    let me = app.screen.me.get_untracked().map(|me| me.person.id);
    rooms.iter().find(|room| room.id == id).map(|room| Chat::of(room, me).title.to_string()).unwrap_or_default()
}

/// What it says around the first word that was found, with the words marked; of a file without words its name.
fn marked(one: &FoundMessage) -> Vec<AnyView> {
    let chars: Vec<char> = one.message.said.text.as_str().chars().collect();
    if chars.is_empty() {
        let names = one.message.said.files.iter().map(|file| file.name.to_string());
        return vec![names.collect::<Vec<_>>().join(", ").into_any()];
    }
    let begin = one.places.first().map_or(0, |(first, _)| first.saturating_sub(BEFORE_CHARS));
    let end = chars.len().min(begin + SHOWN_CHARS);
    let text = |from: usize, to: usize| chars.get(from..to).unwrap_or_default().iter().collect::<String>();
    let mut nodes: Vec<AnyView> = Vec::new();
    nodes.extend((begin > 0).then(|| "…".into_any()));
    let mut at = begin;
    for (from, to) in one.places.iter().filter(|(from, to)| *from >= begin && *to <= end) {
        nodes.push(text(at, *from).into_any());
        nodes.push(html::mark().child(text(*from, *to)).into_any());
        at = *to;
    }
    nodes.push(text(at, end).into_any());
    nodes.extend((end < chars.len()).then(|| "…".into_any()));
    nodes
}

/// The way to what was said before these.
fn more(search: Search) -> impl IntoView {
    let next = search.found.with(|found| found.next.clone())?;
    let busy = search.state.get() == State::Searching;
    Some(
        html::button()
            .attr("type", "button")
            .class("quiet more")
            .attr("aria-disabled", busy.then_some("true"))
            .on(ev::click, move |_| {
                if !busy {
                    search.ask(Some(next.clone()));
                }
            })
            .child((icon::down(), if busy { "Searching…" } else { "Show more" })),
    )
}
