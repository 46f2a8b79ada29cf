//! Short codes: after a colon and two letters, a small list over the composer offers what they may become.

use leptos::{ev, html, prelude::*};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::{
    app::{App, Symbols},
    driver::field::{before_caret, insert},
    emoji::Emoji,
};

/// The list's name, for the field that it helps.
pub(crate) const LIST: &str = "emoji-codes";
/// So many are offered.
const OFFERS_MAX: usize = 7;
/// Fewer letters mean too much.
const LETTERS_MIN: usize = 2;

/// The list's state. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Codes {
    app: App,
    field: NodeRef<html::Textarea>,
    /// The colon and what follows it up to the caret, if it may become an emoji.
    begun: RwSignal<String>,
    /// The offer that Enter takes.
    at: RwSignal<usize>,
    offers: Memo<Vec<Emoji>>,
}

impl Codes {
    pub(crate) fn new(app: App, field: NodeRef<html::Textarea>) -> Self {
        let begun = RwSignal::new(String::new());
        let offers =
            Memo::new(move |_| match (app.screen.symbols.get(), begun.with(|begun| begun.len() > LETTERS_MIN)) {
                (Symbols::Here(table), true) => begun.with(|begun| table.find(begun, OFFERS_MAX)),
                (Symbols::Here(_) | Symbols::Unasked | Symbols::Loading | Symbols::Failed, _) => Vec::new(),
            });
        Self { app, field, begun, at: RwSignal::new(0), offers }
    }

    /// Something was typed, by hand and not by an input method that is still at work.
    pub(crate) fn typed(self, field: &HtmlTextAreaElement) {
        let before = before_caret(field);
        let begun = begun(&before);
        if !begun.is_empty() {
            self.app.want_emoji();
        }
        if let (Some(code), Symbols::Here(table)) = (whole(&before), self.app.screen.symbols.get_untracked())
            && let Some(emoji) = table.by_code(code)
        {
            let said = format!(":{code}:");
            return self.put(field, &said, emoji);
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
        let emoji = self.offers.with_untracked(|offers| offers.get(at).copied());
        if let (Some(emoji), Some(field)) = (emoji, self.field.get_untracked()) {
            self.put(&field, &self.begun.get_untracked(), emoji);
        }
    }

    fn put(self, field: &HtmlTextAreaElement, instead_of: &str, emoji: Emoji) {
        let form = emoji.form(self.app.screen.tone.get_untracked());
        self.close();
        self.app.used(form);
        insert(field, instead_of, form);
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
    let offer = move |(place, emoji): (usize, Emoji)| {
        let form = emoji.form(codes.app.screen.tone.get());
        let code = emoji.code().map(|code| html::span().child(format!(":{code}:")));
        html::li()
            .attr("id", option(place))
            .attr("role", "option")
            .attr("aria-selected", move || if codes.at.get() == place { "true" } else { "false" })
            .attr("aria-label", emoji.name)
            // The focus stays in the field.
            .on(ev::pointerdown, |event| event.prevent_default())
            .on(ev::mousedown, |event| event.prevent_default())
            .on(ev::click, move |_| codes.take(place))
            .child((html::span().class("offer").child(form), code, html::span().class("hint").child(emoji.name)))
    };
    html::ul()
        .attr("id", LIST)
        .attr("role", "listbox")
        .attr("aria-label", "Emoji")
        .class("emoji-codes")
        .attr("hidden", move || (!codes.open()).then_some(""))
        .child(move || codes.offers.get().into_iter().enumerate().map(offer).collect_view())
}

fn option(place: usize) -> String {
    format!("{LIST}-{place}")
}

/// A colon at the beginning of a word, and the letters of a code after it; empty, if the text does not end so.
fn begun(before: &str) -> &str {
    let Some(colon) = before.rfind(':') else { return "" };
    let (text, code) = before.split_at(colon);
    let starts = text.chars().next_back().is_none_or(|last| !last.is_alphanumeric() && last != ':');
    if starts && code.chars().skip(1).all(is_letter) { code } else { "" }
}

/// The code, if the text ends with a whole one between colons.
fn whole(before: &str) -> Option<&str> {
    let open = before.strip_suffix(':')?;
    begun(open).strip_prefix(':').filter(|code| !code.is_empty())
}

/// Codes are of these.
fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '+')
}
