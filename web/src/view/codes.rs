//! Short codes and names: after a colon and two letters, or after an `@`, a small list over the composer offers what is meant.

use client::{
    Input,
    slash::{COMMANDS, Usage},
};
use leptos::{ev, html, prelude::*};
use model::{Person, RoomId};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::{
    app::{App, Symbols},
    driver::field::{before_caret, insert},
    emoji::Emoji,
    screen::People,
    view::{face, icon, markup},
};

/// The list's name, for the field that it helps.
pub(crate) const LIST: &str = "emoji-codes";
/// So many are offered.
const OFFERS_MAX: usize = 7;
/// Fewer letters after a colon mean too much.
const LETTERS_MIN: usize = 2;

/// The word that names everybody in the room.
const EVERYBODY: &str = "room";

/// What is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Offer {
    Emoji(Emoji),
    /// One of the server's own: its name between colons.
    Own(String),
    Person(Person),
    Everybody,
    Command(&'static Usage),
}

/// The list's state. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Codes {
    app: App,
    room: RoomId,
    field: NodeRef<html::Textarea>,
    /// The colon or `@` and what follows it up to the caret, if it may become an emoji or a name.
    begun: RwSignal<String>,
    /// The offer that Enter takes.
    at: RwSignal<usize>,
    offers: Memo<Vec<Offer>>,
}

impl Codes {
    pub(crate) fn new(app: App, room: RoomId, field: NodeRef<html::Textarea>) -> Self {
        let begun = RwSignal::new(String::new());
        let offers = Memo::new(move |_| {
            let begun = begun.get();
            if let Some(name) = begun.strip_prefix('/') {
                // What is whole already is sent by the same key.
                let begins = |usage: &&'static Usage| usage.name.starts_with(name) && usage.name != name;
                return COMMANDS.iter().filter(begins).map(Offer::Command).collect();
            }
            match (begun.strip_prefix('@'), app.screen.symbols.get()) {
                (Some(name), _) => names(app, name),
                (None, Symbols::Here(table)) if begun.len() > LETTERS_MIN => {
                    let own = app.own_emoji(&begun).into_iter().map(|(form, _)| Offer::Own(form));
                    own.chain(table.find(&begun, OFFERS_MAX).into_iter().map(Offer::Emoji)).take(OFFERS_MAX).collect()
                }
                (None, Symbols::Here(_) | Symbols::Unasked | Symbols::Loading | Symbols::Failed) => Vec::new(),
            }
        });
        Self { app, room, field, begun, at: RwSignal::new(0), offers }
    }

    /// Something was typed, by hand and not by an input method that is still at work.
    pub(crate) fn typed(self, field: &HtmlTextAreaElement) {
        let before = before_caret(field);
        let begun = begun(&before);
        match begun.chars().next() {
            Some('@') => self.app.give(Input::WantMembers(self.room)),
            Some('/') | None => {}
            Some(_) => self.app.want_emoji(),
        }
        if let (Some(code), Symbols::Here(table)) = (whole(&before), self.app.screen.symbols.get_untracked())
            && let Some(emoji) = table.by_code(code)
        {
            let said = format!(":{code}:");
            return self.put_emoji(field, &said, emoji);
        }
        self.at.set(0);
        self.begun.set(begun.to_owned());
    }

    /// Nothing is offered any more.
    pub(crate) fn close(self) {
        self.begun.set(String::new());
    }

    /// Whether a key was for the list.
    pub(crate) fn took(self, event: &KeyboardEvent) -> bool {
        let count = self.offers.with_untracked(Vec::len);
        if count == 0 {
            return false;
        }
        match event.key().as_str() {
            "ArrowDown" => self.at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" => self.at.update(|at| *at = (*at + count - 1) % count),
            "Enter" | "Tab" if !event.shift_key() => self.take(self.at.get_untracked()),
            "Escape" => self.close(),
            _ => return false,
        }
        event.prevent_default();
        true
    }

    fn take(self, at: usize) {
        let offer = self.offers.with_untracked(|offers| offers.get(at).cloned());
        let (Some(offer), Some(field)) = (offer, self.field.get_untracked()) else { return };
        let begun = self.begun.get_untracked();
        match offer {
            Offer::Emoji(emoji) => self.put_emoji(&field, &begun, emoji),
            Offer::Own(form) => {
                self.app.used(&form);
                self.put(&field, &begun, &format!("{form} "));
            }
            Offer::Person(person) => self.put(&field, &begun, &format!("@{} ", person.name)),
            Offer::Command(usage) => self.put(&field, &begun, &format!("/{} ", usage.name)),
            Offer::Everybody => self.put(&field, &begun, &format!("@{EVERYBODY} ")),
        }
    }

    fn put_emoji(self, field: &HtmlTextAreaElement, instead_of: &str, emoji: Emoji) {
        let form = emoji.form(self.app.screen.tone.get_untracked());
        self.app.used(form);
        self.put(field, instead_of, form);
    }

    fn put(self, field: &HtmlTextAreaElement, instead_of: &str, text: &str) {
        self.close();
        insert(field, instead_of, text);
        // What the composer does when something is typed, it does now.
        if let Ok(event) = web_sys::Event::new("input") {
            let _ = field.dispatch_event(&event);
        }
        let _ = field.focus();
    }

    /// Whether anything is offered.
    pub(crate) fn open(self) -> bool {
        self.offers.with(|offers| !offers.is_empty())
    }

    /// The name of the offer that Enter takes.
    pub(crate) fn current(self) -> Option<String> {
        self.open().then(|| option(self.at.get()))
    }
}

pub(crate) fn list(codes: Codes) -> impl IntoView {
    let offer = move |(place, offer): (usize, Offer)| {
        let (form, code, name) = match offer {
            Offer::Emoji(emoji) => {
                let form = html::span().class("offer").child(emoji.form(codes.app.screen.tone.get())).into_any();
                (form, emoji.code().map(|code| format!(":{code}:")), emoji.name.to_owned())
            }
            Offer::Own(form) => {
                let sign = html::span().class("offer").child(markup::emoji(codes.app, form.clone())).into_any();
                (sign, Some(form), "From this server".to_owned())
            }
            Offer::Person(person) => {
                let name = Some(format!("@{}", person.name));
                (face::of(&person).into_any(), name, person.called().to_owned())
            }
            Offer::Command(usage) => {
                let form = html::span().class("offer").child("/").into_any();
                (form, Some(format!("/{} {}", usage.name, usage.what)), usage.does.to_owned())
            }
            Offer::Everybody => {
                (icon::people().into_any(), Some(format!("@{EVERYBODY}")), "Everybody in the room".to_owned())
            }
        };
        let code = code.map(|code| html::bdi().child(code));
        html::li()
            .attr("id", option(place))
            .attr("role", "option")
            .attr("aria-selected", move || if codes.at.get() == place { "true" } else { "false" })
            // The focus stays in the field.
            .on(ev::pointerdown, |event| event.prevent_default())
            .on(ev::mousedown, |event| event.prevent_default())
            .on(ev::click, move |_| codes.take(place))
            .child((form, code, html::bdi().class("hint").child(name)))
    };
    html::ul()
        .attr("id", LIST)
        .attr("role", "listbox")
        .attr("aria-label", "Emoji, people and commands")
        .class("emoji-codes")
        .attr("hidden", move || (!codes.open()).then_some(""))
        .child(move || codes.offers.get().into_iter().enumerate().map(offer).collect_view())
}

fn option(place: usize) -> String {
    format!("{LIST}-{place}")
}

/// Members whose names begin so: the username, or a word of what they are called.
fn names(app: App, begun: &str) -> Vec<Offer> {
    let People::Known(people) = app.screen.members.get() else { return Vec::new() };
    let me = app.screen.me.with(|me| me.as_ref().map(|me| me.person.id));
    let begun = begun.to_lowercase();
    let begins = |text: &str| text.to_lowercase().starts_with(&begun);
    let fits = |person: &Person| begins(person.name.as_str()) || person.called().split_whitespace().any(begins);
    let others = people.len() > 2 && begins(EVERYBODY);
    let found = people.into_iter().filter(|person| Some(person.id) != me && fits(person)).map(Offer::Person);
    found.chain(others.then_some(Offer::Everybody)).take(OFFERS_MAX).collect()
}

/// A slash at the beginning of it all, a colon or an `@` at the beginning of a word, and the letters of a code or a name after it; empty, if the text does not end so.
fn begun(before: &str) -> &str {
    if before.strip_prefix('/').is_some_and(|name| name.bytes().all(|letter| letter.is_ascii_lowercase())) {
        return before;
    }
    let Some(mark) = before.rfind([':', '@']) else { return "" };
    let (text, code) = before.split_at(mark);
    let starts = text.chars().next_back().is_none_or(|last| !last.is_alphanumeric() && last != ':');
    if starts && code.chars().skip(1).all(is_letter) { code } else { "" }
}

/// The code, if the text ends with a whole one between colons.
fn whole(before: &str) -> Option<&str> {
    let open = before.strip_suffix(':')?;
    begun(open).strip_prefix(':').filter(|code| !code.is_empty())
}

/// Codes and names are of these.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '+' | '.')
}
