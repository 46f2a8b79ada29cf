//! Messages that are shown by themselves: those that are pinned, a thread, what a message said before.

use client::{Deed, Input};
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Message, Person, Quote, RoomId, Timestamp};

use crate::{
    app::App,
    screen::{Answering, Gathered},
    view::{dialog, icon, markup},
};

const NAME: &str = "gathered";

/// What was fetched.
#[derive(Clone)]
enum Found {
    Loading,
    Failed(String),
    Messages(Vec<Message>),
    Former(Vec<(Timestamp, String)>),
}

/// Shows some messages by themselves.
pub(crate) fn show(app: App, what: Gathered) {
    app.screen.gathered.set(Some(what));
}

/// The dialog.
pub(crate) fn gathered(app: App) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let found = RwSignal::new(Found::Loading);
    let asked = app.screen.gathered;
    Effect::new(move |before: Option<Option<Gathered>>| {
        let now = asked.get();
        if let Some(what) = now {
            if before.flatten() != now {
                found.set(Found::Loading);
                dialog::open(node);
            }
            // What happens in the room may concern what is shown.
            app.screen.rows.track();
            spawn_local(async move {
                let answer = fetch(app, what).await;
                if asked.try_get_untracked() == Some(now) {
                    found.set(answer);
                }
            });
        }
        now
    });
    let title = move || match asked.get() {
        Some(Gathered::Pins(_)) => "Pinned messages",
        Some(Gathered::Thread(..)) => "Thread",
        Some(Gathered::Edits(..)) => "What it said before",
        None => "",
    };
    html::dialog()
        .node_ref(node)
        .attr("id", NAME)
        .class("dialog")
        .attr("aria-labelledby", "gathered-title")
        .on(ev::close, move |_| asked.set(None))
        .child((
            html::header().class("dialog-head").child((
                html::h2().attr("id", "gathered-title").child(title),
                html::button()
                    .attr("type", "button")
                    .class("round")
                    .attr("aria-label", "Close")
                    .on(ev::click, move |_| dialog::close(node))
                    .child(icon::close()),
            )),
            move || asked.get().map(|what| body(app, node, what, found.get())),
        ))
}

async fn fetch(app: App, what: Gathered) -> Found {
    let answer = match what {
        Gathered::Pins(room) => app.pins(room).await.map(Found::Messages),
        Gathered::Thread(room, seq) => app.thread(room, seq).await.map(Found::Messages),
        Gathered::Edits(room, seq) => app.former_texts(room, seq).await.map(Found::Former),
    };
    answer.unwrap_or_else(|trouble| Found::Failed(trouble.words()))
}

fn body(app: App, node: NodeRef<html::Dialog>, what: Gathered, found: Found) -> AnyView {
    match found {
        Found::Loading => html::p().class("hint").child("Loading…").into_any(),
        Found::Failed(words) => html::p().class("trouble").child(words).into_any(),
        Found::Messages(messages) if messages.is_empty() => {
            html::p().class("hint").child("Nothing is pinned here.").into_any()
        }
        Found::Messages(messages) => {
            let answer = messages.last().cloned().filter(|_| matches!(what, Gathered::Thread(..)));
            (
                html::ul()
                    .class("gathered-list")
                    .attr("tabindex", "0")
                    .child(messages.iter().map(|one| line(app, node, what, one)).collect_view()),
                answer.map(|last| reply(app, node, what, last)),
            )
                .into_any()
        }
        Found::Former(texts) => {
            let one = |(until, text): &(Timestamp, String)| {
                html::li().child((
                    html::p().class("hint").child(app.with_words(|words| format!("Until {}", words.moment(*until)))),
                    markup::markup(app, text, &|_| None),
                ))
            };
            html::ul()
                .class("gathered-list")
                .attr("tabindex", "0")
                .child(texts.iter().map(one).collect_view())
                .into_any()
        }
    }
}

fn room_of(what: Gathered) -> RoomId {
    match what {
        Gathered::Pins(room) | Gathered::Thread(room, _) | Gathered::Edits(room, _) => room,
    }
}

/// One message, and the way to it.
fn line(app: App, node: NodeRef<html::Dialog>, what: Gathered, message: &Message) -> AnyView {
    let (room, seq) = (room_of(what), message.seq);
    let author: Person = app.named(&message.said.author);
    let text = message.said.text.as_str();
    let words = match (message.deleted, text.is_empty()) {
        (true, _) => html::p().class("hint").child("This message was deleted.").into_any(),
        (false, true) => html::p().class("hint").child("A file").into_any(),
        (false, false) => markup::markup(app, text, &|_| None).into_any(),
    };
    html::li()
        .child((
            html::p().class("gathered-head").child((
                html::bdi().class("author").child(author.called().to_owned()),
                html::time().child(app.with_words(|words| words.when(message.at, app.screen.minute.get_untracked()))),
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| {
                        dialog::close(node);
                        app.go_to(room, seq);
                    })
                    .child("Go to it"),
                matches!(what, Gathered::Pins(_)).then(|| {
                    html::button()
                        .attr("type", "button")
                        .class("quiet")
                        .on(ev::click, move |_| {
                            app.give(Input::Amend { room, message: seq, deed: Deed::Pin { on: false } });
                        })
                        .child("Take the pin out")
                }),
            )),
            words,
        ))
        .into_any()
}

/// The way to answer in a thread: what is answered is its last message.
fn reply(app: App, node: NodeRef<html::Dialog>, what: Gathered, last: Message) -> impl IntoView {
    let room = room_of(what);
    html::div().class("dialog-foot").child(
        html::button()
            .attr("type", "button")
            .class("primary")
            .on(ev::click, move |_| {
                let text = Quote::beginning(last.said.text.as_str());
                let author = last.said.author.clone();
                let to = Quote { seq: last.seq, author, text, deleted: last.deleted };
                dialog::close(node);
                app.screen.answering.set(Some(Answering::Reply { room, to }));
            })
            .child("Reply"),
    )
}
