//! Passing a message on: to which chat or room. The server takes the words, and says whose they are.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{RoomId, Source};

use crate::{
    app::App,
    chat::ChatItem,
    driver::seed,
    view::{dialog, face, keyboard, switcher},
};

/// So many chats are shown.
const CHATS_MAX: usize = 30;

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Forward {
    app: App,
    dialog: NodeRef<html::Dialog>,
    source: Source,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// Drawn once, so that whoever tries again after a failure has it there once.
    draw: u64,
}

pub(crate) fn forward(app: App, dialog: NodeRef<html::Dialog>, source: Source) -> impl IntoView {
    let [draw, _] = seed::draw(&app.window());
    let (typed, trouble, busy) = (RwSignal::new(String::new()), RwSignal::new(None), RwSignal::new(false));
    let forward = Forward { app, dialog, source, trouble, busy, draw };
    let row = app
        .screen
        .rows
        .with_untracked(|rows| rows.iter().find(|row| row.seq.get_untracked() == Some(source.message)).cloned());
    let words = row.as_ref().map(|row| {
        let (author, said) = (row.author.get_untracked(), row.said.get_untracked());
        html::div().class("quote").child((
            html::bdi().class("quote-author").child(said.forward.unwrap_or(author).called().to_owned()),
            html::span().class("quote-text").attr("dir", "auto").child(markup::plain(&said.text, 160)),
        ))
    });
    let files = row.is_some_and(|row| row.files.with_untracked(|files| !files.is_empty()));
    let field = NodeRef::<html::Input>::new();
    // The dialog was open before it had a field.
    Effect::new(move |_| field.get().map(|field| drop(field.focus())));
    let files =
        files.then(|| html::p().class("hint").child("Its files stay where they are: only the words are forwarded."));
    html::div().class("forward").on(ev::keydown, move |event| keyboard::walk(dialog, &event)).child((
        words,
        html::p().class("hint").child("Whoever reads it there sees who said it, but not where."),
        files,
        html::input()
            .node_ref(field)
            .attr("type", "search")
            .attr("aria-label", "A room or a chat")
            .attr("placeholder", "A room or a chat")
            .attr("autocomplete", "off")
            .attr("dir", "auto")
            .on(ev::input, move |event| typed.set(event_target_value(&event))),
        html::p().class("trouble").attr("role", "alert").child(move || trouble.get()),
        html::ul().class("entries").child(move || {
            let chats = switcher::fitting(app, &typed.get()).into_iter().take(CHATS_MAX);
            chats.map(|item| forward.entry(item)).collect_view()
        }),
    ))
}

impl Forward {
    fn entry(self, item: ChatItem) -> impl IntoView {
        let chat = item.chat;
        let to = chat.id;
        let inside = (face::sign(self.app, &chat), html::bdi().child(chat.title.to_string()));
        switcher::entry(move |_| self.send(to), inside)
    }

    fn send(self, to: RoomId) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let key = format!("forward-{:016x}-{to}", self.draw);
            match self.app.forward(to, key, self.source).await {
                Ok(()) => {
                    dialog::close(self.dialog);
                    self.app.go(Some(to));
                }
                Err(why) => self.trouble.set(Some(why.words())),
            }
            self.busy.set(false);
        });
    }
}
