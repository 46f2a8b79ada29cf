//! Where something is said: words, a few signs, and in encrypted rooms pictures, from a file, the clipboard, or dropped here.

use client::instant::{Input, Line};
use leptos::{ev, html, prelude::*};
use model::{BadBody, Body};
use parts::{field, icon};
use web_sys::{DataTransfer, File, KeyboardEvent};

use crate::{
    view::{emoji, preview},
    visit::Visit,
};

pub(crate) fn composer(visit: Visit, plain: bool) -> impl IntoView {
    let text = NodeRef::<html::Textarea>::new();
    let trouble = RwSignal::new(None::<String>);
    let chosen = RwSignal::new_local(None::<File>);
    Effect::new(move |_| {
        let fine = visit.window().match_media("(pointer: fine)").ok().flatten();
        // On a touch screen the focus would bring up the keyboard.
        if let (Some(text), true) = (text.get(), fine.is_some_and(|fine| fine.matches())) {
            let _ = text.focus();
        }
    });
    let send = move || {
        let Some(field) = text.get_untracked() else { return };
        match Body::parse(&field.value()) {
            // An empty composer needs no telling off.
            Err(BadBody::Blank) => field.set_value(""),
            Err(why @ (BadBody::TooLong | BadBody::ControlCharacter)) => trouble.set(Some(why.to_string())),
            Ok(_) if !visit.ask(client::instant::Guest::may_say) => {
                trouble.set(Some("You are offline. What you wrote is still here.".into()));
            }
            Ok(body) => {
                field.set_value("");
                trouble.set(None);
                visit.give(Input::Say(body.into()));
            }
        }
        field::grow(&field);
        let _ = field.focus();
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        send();
    };
    if !plain {
        take_drops(chosen);
    }
    html::form().attr("id", "composer").class("composer").attr("autocomplete", "off").on(ev::submit, submit).child((
        html::p()
            .class("composer-note")
            .attr("id", "composer-note")
            .attr("role", "status")
            .attr("data-trouble", move || trouble.get().map(|_| "true"))
            .child(move || trouble.get()),
        html::div().class("composer-row").child((
            (!plain).then(|| attach(chosen)),
            writing(visit, (text, trouble), (!plain).then_some(chosen), send),
            emoji::emoji(text),
            html::button()
                .attr("type", "submit")
                .class("send")
                .attr("aria-label", "Send")
                .attr("aria-disabled", move || (visit.screen.line.get() != Line::Here).then_some("true"))
                .child(icon::up()),
        )),
        (!plain).then(|| preview::preview(visit, chosen, text)),
    ))
}

/// The field.
fn writing(
    visit: Visit,
    (text, trouble): (NodeRef<html::Textarea>, RwSignal<Option<String>>),
    chosen: Option<RwSignal<Option<File>, LocalStorage>>,
    send: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let key = move |event: KeyboardEvent| {
        if field::sends(&event) {
            event.prevent_default();
            send();
        }
    };
    let typed = move |_| {
        if let Some(field) = text.get_untracked() {
            trouble.set(None);
            field::grow(&field);
            if !field.value().is_empty() {
                visit.give(Input::Typing);
            }
        }
    };
    let pasted = move |event: web_sys::ClipboardEvent| {
        let file = event.clipboard_data().and_then(|data| picture_of(&data));
        if let (Some(chosen), Some(file)) = (chosen, file) {
            event.prevent_default();
            chosen.set(Some(file));
        }
    };
    html::textarea()
        .node_ref(text)
        .attr("rows", "1")
        .attr("dir", "auto")
        .attr("autocomplete", "off")
        .attr("enterkeyhint", "send")
        .attr("aria-label", "Message")
        .attr("aria-describedby", "composer-note")
        .attr("placeholder", "Say something")
        .on(ev::keydown, key)
        .on(ev::input, typed)
        .on(ev::paste, pasted)
}

/// A button that asks for a file.
fn attach(chosen: RwSignal<Option<File>, LocalStorage>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let changed = move |_| {
        if let Some(input) = input.get_untracked() {
            chosen.set(input.files().and_then(|files| files.get(0)));
            // The same file may be chosen again.
            input.set_value("");
        }
    };
    (
        html::input()
            .node_ref(input)
            .attr("id", "picture-file")
            .attr("type", "file")
            .attr("accept", "image/*")
            .attr("hidden", "")
            .on(ev::change, changed),
        html::button()
            .attr("type", "button")
            .class("round")
            .attr("aria-label", "Send a picture")
            .on(ev::click, move |_| {
                if let Some(input) = input.get_untracked() {
                    input.click();
                }
            })
            .child(icon::picture()),
    )
}

/// Pictures that are dropped anywhere on the page. Without this the browser would leave the page and open them.
fn take_drops(chosen: RwSignal<Option<File>, LocalStorage>) {
    let over = window_event_listener(ev::dragover, |event| event.prevent_default());
    let dropped = window_event_listener(ev::drop, move |event| {
        event.prevent_default();
        if let Some(file) = event.data_transfer().and_then(|data| picture_of(&data)) {
            chosen.set(Some(file));
        }
    });
    on_cleanup(move || {
        over.remove();
        dropped.remove();
    });
}

fn picture_of(data: &DataTransfer) -> Option<File> {
    let file = data.files()?.get(0)?;
    file.type_().starts_with("image/").then_some(file)
}
