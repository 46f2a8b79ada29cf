//! Where a message is written. Enter sends, Shift+Enter breaks the line, and Enter that ends a word of an input method does
//! neither.

use client::Input;
use leptos::{ev, html, prelude::*};
use model::{BadBody, Body, limits::BODY_CHARS_MAX};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use crate::{
    app::App,
    chat::{Chat, Kind},
    driver::clock,
    view::icon,
};

/// What is left is said from here on.
const NEARLY_FULL: usize = BODY_CHARS_MAX - 500;

pub(crate) fn composer(app: App, chat: &Chat) -> impl IntoView + use<> {
    let room = chat.id;
    let (wish, label) = names(chat);
    let field = NodeRef::<html::Textarea>::new();
    let trouble = RwSignal::new(None::<String>);
    let chars = RwSignal::new(0_usize);
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            field.set_value(&app.draft(room));
            fit(&field, chars);
            let fine = app.window().match_media("(pointer: fine)").ok().flatten();
            // On a touch screen the focus would bring up the keyboard over half of what one came to read.
            if fine.is_some_and(|fine| fine.matches()) {
                let _ = field.focus();
            }
        }
    });
    let send = move || {
        let Some(field) = field.get_untracked() else { return };
        match Body::parse(&field.value()) {
            Ok(text) => {
                field.set_value("");
                app.give(Input::Draft { room, text: String::new() });
                app.give(Input::Post { room, text, at: clock::wall() });
                trouble.set(None);
            }
            // An empty composer needs no telling off.
            Err(BadBody::Blank) => field.set_value(""),
            Err(why @ (BadBody::TooLong | BadBody::ControlCharacter)) => trouble.set(Some(why.to_string())),
        }
        fit(&field, chars);
        let _ = field.focus();
    };
    let key = move |event: KeyboardEvent| {
        if parts::field::sends(&event) {
            event.prevent_default();
            send();
        }
    };
    let typed = move |_| {
        if let Some(field) = field.get_untracked() {
            app.give(Input::Draft { room, text: field.value() });
            trouble.set(None);
            fit(&field, chars);
        }
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send();
    };
    html::form().attr("id", "composer").class("composer").on(ev::submit, submit).child((
        html::p()
            .class("composer-note")
            .attr("id", "composer-note")
            .attr("role", "status")
            .attr("data-trouble", move || (trouble.get().is_some() || chars.get() > BODY_CHARS_MAX).then_some("true"))
            .child(move || trouble.get().or_else(|| left(chars.get()))),
        html::div().class("composer-row").child((
            html::textarea()
                .node_ref(field)
                .attr("rows", "1")
                .attr("dir", "auto")
                .attr("enterkeyhint", "send")
                .attr("aria-label", label)
                .attr("aria-describedby", "composer-note")
                .attr("placeholder", wish)
                .on(ev::keydown, key)
                .on(ev::input, typed),
            html::button().attr("type", "submit").class("send").attr("aria-label", "Send").child(icon::up()),
        )),
    ))
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
