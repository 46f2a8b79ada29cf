//! Where a message is written. Enter sends, Shift+Enter breaks the line, and Enter that ends a word of an input method does
//! neither.

use client::{
    Deed, Input,
    poll::Poll,
    slash::{Slash, Usage, shrug},
};
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
    rows::RowView,
    screen::{Answering, Plan},
    view::{
        attach,
        codes::{self, Codes},
        emoji,
        errand::Errand,
        icon, later, menu, quote,
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
        codes: Codes::new(app, room, field),
        voice: Voice::new(app, room, trouble),
    };
    Effect::new(move |_| composer.opens());
    Effect::new(move |_| composer.begins());
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
        about(app, composer),
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

/// What is answered or changed, above the field.
fn about(app: App, composer: Composer) -> impl IntoView {
    let answering =
        Memo::new(move |_| app.screen.answering.get().filter(|answering| answering.room() == composer.room));
    move || {
        let (drawing, what) = match answering.get()? {
            Answering::Reply { to, .. } => (icon::reply().into_any(), quote::beginning(app, &to).into_any()),
            Answering::Edit { .. } => (icon::pen().into_any(), "You are changing this message".into_any()),
        };
        Some(
            html::div().class("answering").attr("role", "status").child((
                drawing,
                html::div().class("answering-what").child(what),
                html::button()
                    .attr("type", "button")
                    .class("round")
                    .attr("aria-label", "Leave it")
                    .on(ev::click, move |_| composer.leave_off())
                    .child(icon::close()),
            )),
        )
    }
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
        .attr("aria-autocomplete", "list")
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
        self.app.screen.answering.set(None);
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
        let value = field.value();
        let text = match Slash::read(&value) {
            Slash::Shrug(text) => shrug(text),
            Slash::Poll(words) => Poll::write(words).unwrap_or_default(),
            Slash::Say(text) => text.to_owned(),
            // What was said already cannot become a command.
            _ if matches!(self.answering(), Some(Answering::Edit { .. })) => value,
            command @ (Slash::Topic(_)
            | Slash::Later(_)
            | Slash::Invite(_)
            | Slash::Direct(_)
            | Slash::Leave
            | Slash::Unknown(_)
            | Slash::Lacking(_)) => return self.obey(&field, command),
        };
        let parsed = if alone { Body::parse(&text) } else { Body::caption(&text) };
        match (parsed, self.answering()) {
            (Ok(text), Some(Answering::Edit { message, edits, .. })) => {
                self.app.give(Input::Amend { room, message, deed: Deed::Edit { edits, text } });
                self.leave_off();
            }
            (Ok(text), answering) => {
                field.set_value("");
                self.app.give(Input::Draft { room, text: String::new() });
                let reply = match answering {
                    Some(Answering::Reply { to, .. }) => Some(to),
                    Some(Answering::Edit { .. }) | None => None,
                };
                self.app.give(Input::Post { room, text, files: Vec::new(), reply, at: clock::wall() });
                self.trouble.set(None);
                self.app.screen.answering.set(None);
            }
            // An empty composer needs no telling off.
            (Err(BadBody::Blank), None) => field.set_value(""),
            (Err(why), _) => self.trouble.set(Some(why.to_string())),
        }
        fit(&field, self.chars);
        let _ = field.focus();
    }

    /// Does what a command says that is no message.
    fn obey(self, field: &HtmlTextAreaElement, command: Slash<'_>) {
        let Self { app, room, trouble, .. } = self;
        let errand = match command {
            Slash::Topic(text) => Some(Errand::Topic(text.to_owned())),
            Slash::Invite(name) => Some(Errand::Invite(name.to_owned())),
            Slash::Direct(name) => Some(Errand::Direct(name.to_owned())),
            Slash::Leave => Some(Errand::Leave),
            Slash::Later(text) => {
                let text = text.to_owned();
                app.screen.plan.set(Some(if text.is_empty() { Plan::Show } else { Plan::Say { room, text } }));
                None
            }
            Slash::Say(_) | Slash::Shrug(_) | Slash::Poll(_) => None,
            Slash::Lacking(Usage { name, what, .. }) => {
                return trouble.set(Some(format!("Write it like this: /{name} {what}")));
            }
            Slash::Unknown(name) => {
                let why = format!("There is no command /{name}. Two slashes begin a message with one.");
                return trouble.set(Some(why));
            }
        };
        field.set_value("");
        app.give(Input::Draft { room, text: String::new() });
        trouble.set(None);
        fit(field, self.chars);
        if let Some(errand) = errand {
            later::errand(app, room, errand, trouble);
        }
    }

    fn key(self, event: &KeyboardEvent) {
        if field::composes(event) || self.codes.took(event) {
            return;
        }
        let empty = self.field.get_untracked().is_some_and(|field| field.value().is_empty());
        match event.key().as_str() {
            "Escape" if self.answering().is_some() => {
                event.prevent_default();
                self.leave_off();
            }
            "ArrowUp" if empty && self.answering().is_none() => {
                event.prevent_default();
                self.edit_last();
            }
            _ => {}
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

    /// What the composer is about, if it is not about a new message.
    fn answering(self) -> Option<Answering> {
        self.app.screen.answering.get_untracked().filter(|answering| answering.room() == self.room)
    }

    /// It is about a new message again.
    fn leave_off(self) {
        self.app.screen.answering.set(None);
        self.trouble.set(None);
        if let Some(field) = self.field.get_untracked() {
            field.set_value(&self.app.draft(self.room));
            fit(&field, self.chars);
            let _ = field.focus();
        }
    }

    /// The composer was asked to answer a message, or to change one.
    fn begins(self) {
        let Some(answering) = self.app.screen.answering.get().filter(|answering| answering.room() == self.room) else {
            return;
        };
        let Some(field) = self.field.get_untracked() else { return };
        if let Answering::Edit { text, .. } = &answering {
            field.set_value(text);
            fit(&field, self.chars);
        }
        // A menu or a dialog that closes gives the focus back to where it was before.
        let _ = clock::later(&self.app.window(), 0, move || drop(field.focus()));
    }

    /// Changes the last message of one's own.
    fn edit_last(self) {
        let last = self.app.screen.rows.with_untracked(|rows| {
            // What was passed on is another's words.
            let stands = |row: &&RowView| {
                let is_mine = row.own && row.said.with_untracked(|said| said.forward.is_none());
                is_mine && row.seq.get_untracked().is_some() && !row.deleted.get_untracked()
            };
            rows.iter().rev().find(stands).cloned()
        });
        if let Some((row, message)) = last.and_then(|row| row.seq.get_untracked().map(|seq| (row, seq))) {
            let said = row.said.get_untracked();
            let (room, edits, text) = (self.room, said.edits, said.text);
            self.app.screen.answering.set(Some(Answering::Edit { room, message, edits, text }));
        }
    }

    /// An emoji was chosen: for a message, or to be written.
    fn insert(self, text: &str) {
        if let Some((room, message)) = self.app.screen.reacting.get_untracked() {
            self.app.screen.reacting.set(None);
            menu::hide(self.app);
            return menu::react(self.app, room, message, text);
        }
        if let Some(field) = self.field.get_untracked() {
            let mut text = text.to_owned();
            // A name between colons stands by itself.
            if text.starts_with(':') {
                let close = field::before_caret(&field).ends_with(char::is_alphanumeric);
                text = [if close { " " } else { "" }, &text, " "].concat();
            }
            insert(&field, "", &text);
            self.written(&field);
            let _ = field.focus();
        }
    }

    /// What stands in the field has changed.
    fn written(self, field: &HtmlTextAreaElement) {
        // What a message is changed to is no draft: that stands where it was.
        if !matches!(self.answering(), Some(Answering::Edit { .. })) {
            self.app.give(Input::Draft { room: self.room, text: field.value() });
        }
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
