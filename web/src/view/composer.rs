//! Where a message is written. Enter sends, Shift+Enter breaks the line, and Enter that ends a word of an input method does
//! neither.

use client::Input;
use leptos::{ev, html, prelude::*};
use model::{BadBody, Body, RoomId, limits::BODY_CHARS_MAX};
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, InputEvent, KeyboardEvent};

use crate::{
    app::App,
    chat::{Chat, Kind},
    driver::{
        clock,
        field::{self, insert},
    },
    view::{
        attach,
        codes::{self, Codes},
        emoji, icon, later,
        voice::{self, Voice},
    },
};

/// What is left is said from here on.
const NEARLY_FULL: usize = BODY_CHARS_MAX - 500;

/// The composer's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Composer {
    app: App,
    room: RoomId,
    field: NodeRef<html::Textarea>,
    trouble: RwSignal<Option<String>>,
    chars: RwSignal<usize>,
    codes: Codes,
    voice: Voice,
}

pub(crate) fn composer(app: App, room: RoomId, chat: Memo<Option<Chat>>) -> impl IntoView + use<> {
    let field = NodeRef::new();
    let trouble = RwSignal::new(None);
    let composer = Composer {
        app,
        room,
        field,
        trouble,
        chars: RwSignal::new(0),
        codes: Codes::new(app, field),
        voice: Voice::new(app, room, trouble),
    };
    Effect::new(move |_| composer.opens());
    let Composer { chars, codes, room, .. } = composer;
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        composer.send();
    };
    html::form().attr("id", "composer").class("composer").on(ev::submit, submit).child((
        html::p()
            .class("composer-note")
            .attr("id", "composer-note")
            .attr("role", "status")
            .attr("data-trouble", move || (trouble.get().is_some() || chars.get() > BODY_CHARS_MAX).then_some("true"))
            .child(move || trouble.get().or_else(|| left(chars.get()))),
        attach::tray(app),
        voice::recording(composer.voice),
        codes::list(codes),
        later::emoji(app, Callback::new(move |form: String| composer.insert(&form))),
        html::div().class("composer-row").child((
            attach::button(app, room),
            emoji::button(app),
            write(&composer, chat),
            voice::button(composer.voice),
            html::button().attr("type", "submit").class("send").attr("aria-label", "Send").child(icon::up()),
        )),
    ))
}

/// The field.
fn write(&composer: &Composer, chat: Memo<Option<Chat>>) -> impl IntoView + use<> {
    let codes = composer.codes;
    html::textarea()
        .node_ref(composer.field)
        .attr("rows", "1")
        .attr("dir", "auto")
        .attr("enterkeyhint", "send")
        .attr("aria-label", move || chat.get().map(|chat| names(&chat).1))
        .attr("aria-describedby", "composer-note")
        .attr("placeholder", move || chat.get().map(|chat| names(&chat).0))
        .attr("role", move || codes.open().then_some("combobox"))
        .attr("aria-expanded", move || codes.open().then_some("true"))
        .attr("aria-controls", move || codes.open().then_some(codes::LIST))
        .attr("aria-activedescendant", move || codes.current())
        .on(ev::blur, move |_| codes.close())
        .on(ev::keydown, move |event| composer.key(&event))
        .on(ev::paste, move |event| attach::pasted(composer.app, composer.room, &event))
        .on(ev::input, move |event| composer.typed(&event))
}

impl Composer {
    /// The field has come: what was being written stands in it again.
    fn opens(self) {
        let Some(field) = self.field.get() else { return };
        field.set_value(&self.app.draft(self.room));
        fit(&field, self.chars);
        let fine = self.app.window().match_media("(pointer: fine)").ok().flatten();
        // On a touch screen the focus would bring up the keyboard over half of what one came to read.
        if fine.is_some_and(|fine| fine.matches()) {
            let _ = field.focus();
        }
    }

    fn send(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let room = self.room;
        let alone = self.app.tray_is_empty(room);
        let parsed = if alone { Body::parse(&field.value()) } else { Body::caption(&field.value()) };
        match parsed {
            Ok(text) => {
                field.set_value("");
                self.app.give(Input::Draft { room, text: String::new() });
                self.app.give(Input::Post { room, text, files: Vec::new(), reply: None, at: clock::wall() });
                self.trouble.set(None);
            }
            // An empty composer needs no telling off.
            Err(BadBody::Blank) => field.set_value(""),
            Err(why @ (BadBody::TooLong | BadBody::ControlCharacter)) => self.trouble.set(Some(why.to_string())),
        }
        fit(&field, self.chars);
        let _ = field.focus();
    }

    fn key(self, event: &KeyboardEvent) {
        if field::composes(event) || self.codes.took(event) {
            return;
        }
        if field::sends(event) {
            event.prevent_default();
            self.send();
        }
    }

    fn typed(self, event: &web_sys::Event) {
        let Some(field) = self.field.get_untracked() else { return };
        if !event.dyn_ref::<InputEvent>().is_some_and(InputEvent::is_composing) {
            self.codes.typed(&field);
        }
        self.written(&field);
    }

    /// Puts something where the caret is.
    fn insert(self, text: &str) {
        if let Some(field) = self.field.get_untracked() {
            insert(&field, "", text);
            self.written(&field);
            let _ = field.focus();
        }
    }

    /// What stands in the field has changed.
    fn written(self, field: &HtmlTextAreaElement) {
        self.app.give(Input::Draft { room: self.room, text: field.value() });
        self.trouble.set(None);
        fit(field, self.chars);
    }
}

/// What stands in an empty field, and what the field is called.
fn names(chat: &Chat) -> (String, String) {
    match chat.kind {
        Kind::Notes => ("Write a note".to_owned(), "Note to yourself".to_owned()),
        Kind::Public | Kind::Private | Kind::One(_) | Kind::Group(_) => {
            (format!("Write to {}", chat.title), format!("Message to {}", chat.title))
        }
    }
}

fn left(chars: usize) -> Option<String> {
    if chars > BODY_CHARS_MAX {
        Some(format!("{} characters too many", chars - BODY_CHARS_MAX))
    } else if chars > NEARLY_FULL {
        Some(format!("{} characters left", BODY_CHARS_MAX - chars))
    } else {
        None
    }
}

/// Makes the field as tall as its text, up to what the style allows, and counts.
fn fit(field: &HtmlTextAreaElement, chars: RwSignal<usize>) {
    parts::field::grow(field);
    let count = field.value().trim_end().chars().count();
    if chars.get_untracked() != count {
        chars.set(count);
    }
}
