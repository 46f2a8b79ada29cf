//! Messages that are shown by themselves: those that are pinned, a thread, what a message said before, and of all rooms those that the
//! person saved and those that name them.

use client::{Deed, Input};
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Message, Person, Quote, Regard, RoomId, Source, Timestamp, UserId};
use protocol::http::Gathered as Placed;

use crate::{
    app::App,
    chat::Chat,
    screen::{Answering, Gathered},
    view::{day, dialog, forward, icon, markup, message},
};

const NAME: &str = "gathered";

/// What was fetched.
#[derive(Clone)]
enum Found {
    Loading,
    Failed(String),
    Messages(Vec<Message>),
    Placed(Placed),
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
            follow(app, what);
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
        Some(Gathered::Saved) => "Saved messages",
        Some(Gathered::Mentions) => "Mentions",
        Some(Gathered::Day(_)) => "Go to a day",
        Some(Gathered::Forward(..)) => "Forward to",
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
            move || match asked.get() {
                Some(Gathered::Day(room)) => Some(day::day(app, node, room).into_any()),
                Some(Gathered::Forward(room, message)) => {
                    Some(forward::forward(app, node, Source { room, message }).into_any())
                }
                asked => asked.map(|what| body(app, node, what, found)),
            },
        ))
}

/// What happens may concern what is shown: then it is fetched anew.
fn follow(app: App, what: Gathered) {
    match what {
        Gathered::Pins(_) | Gathered::Thread(..) | Gathered::Edits(..) => app.screen.rows.track(),
        Gathered::Saved => app.screen.saved.track(),
        Gathered::Mentions => app.screen.unread.track(),
        Gathered::Day(_) | Gathered::Forward(..) => {}
    }
}

async fn fetch(app: App, what: Gathered) -> Found {
    let answer = match what {
        Gathered::Pins(room) => app.pins(room).await.map(Found::Messages),
        Gathered::Thread(room, seq) => app.thread(room, seq).await.map(Found::Messages),
        Gathered::Edits(room, seq) => app.former_texts(room, seq).await.map(Found::Former),
        Gathered::Saved => app.gathered("saved", None).await.map(Found::Placed),
        Gathered::Mentions => app.gathered("mentions", None).await.map(Found::Placed),
        Gathered::Day(_) | Gathered::Forward(..) => return Found::Loading,
    };
    answer.unwrap_or_else(|trouble| Found::Failed(trouble.words()))
}

fn body(app: App, node: NodeRef<html::Dialog>, what: Gathered, shown: RwSignal<Found>) -> AnyView {
    match shown.get() {
        Found::Loading => html::p().class("hint").child("Loading…").into_any(),
        Found::Failed(words) => html::p().class("trouble").child(words).into_any(),
        Found::Messages(messages) if messages.is_empty() => {
            html::p().class("hint").child("Nothing is pinned here.").into_any()
        }
        Found::Placed(page) if page.messages.is_empty() => html::p().class("hint").child(nothing(what)).into_any(),
        Found::Placed(page) => {
            let lines = page.messages.iter().map(|one| {
                let title = room_title(app, &page, one.room);
                line(app, node, (what, one.room), (&one.message, Some(title)))
            });
            let list = html::ul().class("gathered-list").child(lines.collect_view());
            (list, page.next.clone().map(|next| more(app, what, (shown, next)))).into_any()
        }
        Found::Messages(messages) => {
            let Some(room) = room_of(what) else { return ().into_any() };
            let answer = messages.last().cloned().filter(|_| matches!(what, Gathered::Thread(..)));
            (
                html::ul()
                    .class("gathered-list")
                    .attr("tabindex", "0")
                    .child(messages.iter().map(|one| line(app, node, (what, room), (one, None))).collect_view()),
                answer.map(|last| reply(app, node, room, last)),
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

fn room_of(what: Gathered) -> Option<RoomId> {
    match what {
        Gathered::Pins(room)
        | Gathered::Thread(room, _)
        | Gathered::Edits(room, _)
        | Gathered::Day(room)
        | Gathered::Forward(room, _) => Some(room),
        Gathered::Saved | Gathered::Mentions => None,
    }
}

fn nothing(what: Gathered) -> &'static str {
    match what {
        Gathered::Saved => "Nothing is saved. Save a message by the dots beside it: only you will see that.",
        Gathered::Mentions => "Nobody has named you yet, neither by @ and your name nor with everybody in a room.",
        Gathered::Pins(_) | Gathered::Thread(..) | Gathered::Edits(..) | Gathered::Day(_) | Gathered::Forward(..) => {
            "There is nothing here."
        }
    }
}

fn room_title(app: App, page: &Placed, id: RoomId) -> String {
    let me = app.screen.me.get_untracked().map(|me| me.person.id);
    page.rooms.iter().find(|room| room.id == id).map(|room| Chat::of(room, me).title.to_string()).unwrap_or_default()
}

/// The next page, below those that are shown.
fn more(app: App, what: Gathered, (shown, next): (RwSignal<Found>, String)) -> impl IntoView {
    let path = if what == Gathered::Saved { "saved" } else { "mentions" };
    let go = move |_| {
        let next = next.clone();
        spawn_local(async move {
            match app.gathered(path, Some(&next)).await {
                Ok(page) => shown.update(|shown| {
                    if let Found::Placed(all) = shown
                        && all.next.as_deref() == Some(&next)
                    {
                        all.messages.extend(page.messages);
                        all.rooms.extend(page.rooms);
                        all.next = page.next;
                    }
                }),
                Err(why) => app.tell(why.words()),
            }
        });
    };
    html::button()
        .attr("type", "button")
        .class("quiet gathered-more")
        .on(ev::click, go)
        .child((icon::down(), "Show more"))
}

/// One message, and the way to it.
fn line(
    app: App,
    node: NodeRef<html::Dialog>,
    (what, room): (Gathered, RoomId),
    (message, title): (&Message, Option<String>),
) -> AnyView {
    let seq = message.seq;
    let author: Person = app.named(&message.said.author);
    let text = message.said.text.as_str();
    let words = match (message.deleted, text.is_empty()) {
        (true, _) => html::p().class("hint").child("This message was deleted.").into_any(),
        (false, true) => html::p().class("hint").child("A file").into_any(),
        (false, false) => said(app, author.id, text.to_owned()).into_any(),
    };
    let undo = match what {
        Gathered::Pins(_) => Some(("Take the pin out", Deed::Pin { on: false })),
        Gathered::Saved => Some(("Remove", Deed::Save { on: false })),
        Gathered::Thread(..) | Gathered::Edits(..) | Gathered::Mentions | Gathered::Day(_) | Gathered::Forward(..) => {
            None
        }
    };
    let undo = undo.map(|(label, deed)| {
        html::button()
            .attr("type", "button")
            .class("quiet")
            .on(ev::click, move |_| app.give(Input::Amend { room, message: seq, deed: deed.clone() }))
            .child(label)
    });
    html::li()
        .child((
            html::p().class("gathered-head").child((
                html::bdi().class("author").child(author.called().to_owned()),
                title.map(|title| html::bdi().class("gathered-room").child(title)),
                html::time().child(app.with_words(|words| words.when(message.at, app.screen.minute.get_untracked()))),
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| {
                        dialog::close(node);
                        app.go_to(room, seq);
                    })
                    .child("Go to it"),
                undo,
            )),
            words,
        ))
        .into_any()
}

/// What it says; or, from somebody whom the person ignores, the way to it.
fn said(app: App, author: UserId, text: String) -> impl IntoView {
    let asked = RwSignal::new(false);
    move || {
        if asked.get() || app.regard(author) == Regard::Open {
            return markup::markup(app, &text, &|_| None).into_any();
        }
        html::button()
            .attr("type", "button")
            .class("edited")
            .on(ev::click, move |_| asked.set(true))
            .child(message::cover())
            .into_any()
    }
}

/// The way to answer in a thread: what is answered is its last message.
fn reply(app: App, node: NodeRef<html::Dialog>, room: RoomId, last: Message) -> impl IntoView {
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
