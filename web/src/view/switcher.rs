//! One field that leads to every room, chat and person, and back to what was looked for.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::Person;

use crate::{
    app::App,
    chat::{ChatItem, Kind},
    driver::clock,
    view::{Dialogs, dialog, face, icon, keyboard, later},
};

/// Somebody is asked for when the typing has rested this long.
const REST_MS: u64 = 200;
/// So many chats are shown, and so many people.
const CHATS_MAX: usize = 12;
const PEOPLE_MAX: usize = 6;

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Switcher {
    app: App,
    dialogs: Dialogs,
    typed: RwSignal<String>,
    /// People whose name begins so.
    people: RwSignal<Vec<Person>>,
    trouble: RwSignal<Option<String>>,
    asked: StoredValue<u64>,
}

pub(crate) fn switcher(app: App, dialogs: Dialogs) -> impl IntoView {
    let switcher = Switcher {
        app,
        dialogs,
        typed: RwSignal::new(String::new()),
        people: RwSignal::new(Vec::new()),
        trouble: RwSignal::new(None),
        asked: StoredValue::new(0),
    };
    let dialog = dialogs.switcher;
    html::dialog()
        .node_ref(dialog)
        .class("dialog find")
        .attr("id", "switcher")
        .attr("aria-labelledby", "switcher-title")
        // Not when it opens: that is told late, and what was typed by then would be gone.
        .on(ev::close, move |_| switcher.typed(""))
        .on(ev::keydown, move |event| keyboard::walk(dialog, &event))
        .child((
            dialog::head(dialog, "switcher-title", "Go to"),
            html::input()
                .attr("type", "search")
                .attr("aria-label", "A room, a chat or a person")
                .attr("placeholder", "A room, a chat or a person")
                .attr("autocomplete", "off")
                .attr("autofocus", "")
                .attr("dir", "auto")
                .prop("value", switcher.typed)
                .on(ev::input, move |event| switcher.typed(&event_target_value(&event))),
            html::div().class("dialog-body").child((
                html::ul().class("entries").child((
                    move || chats(switcher),
                    move || people(switcher),
                    move || searches(switcher),
                )),
                html::p().class("trouble").attr("role", "status").child(move || switcher.trouble.get()),
            )),
        ))
}

impl Switcher {
    fn typed(self, words: &str) {
        self.typed.set(words.to_owned());
        self.trouble.set(None);
        self.asked.update_value(|number| *number += 1);
        let number = self.asked.get_value();
        let words = words.trim().to_owned();
        if words.is_empty() {
            return self.people.set(Vec::new());
        }
        clock::later(&self.app.window(), REST_MS, move || {
            if self.asked.get_value() == number {
                spawn_local(async move {
                    let found = self.app.people(&words, None).await;
                    if self.asked.get_value() == number {
                        self.people.set(
                            found
                                .map(|found| found.people)
                                .unwrap_or_default()
                                .into_iter()
                                .map(|one| one.person)
                                .collect(),
                        );
                    }
                });
            }
        });
    }

    fn leave(self) {
        dialog::close(self.dialogs.switcher);
    }
}

/// Chats that have all the words.
fn chats(switcher: Switcher) -> impl IntoView {
    let items = fitting(switcher.app, &switcher.typed.get()).into_iter().take(CHATS_MAX);
    items.map(|item| chat(switcher, item)).collect_view()
}

/// Chats that have all the words, those with something unread first.
pub(crate) fn fitting(app: App, typed: &str) -> Vec<ChatItem> {
    let typed = typed.to_lowercase();
    let items = app.screen.lists().into_iter().flat_map(|list| list.get());
    let mut items: Vec<ChatItem> = items.filter(|item| fits(&item.chat.title.to_lowercase(), &typed)).collect();
    items.sort_by_key(|item| !item.unread.get().is_some());
    items
}

/// Whether each word that was typed begins one of the title's.
fn fits(title: &str, typed: &str) -> bool {
    let begins = |word: &str| {
        title.starts_with(word) || title.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word))
    };
    typed.split_whitespace().all(begins)
}

fn chat(switcher: Switcher, item: ChatItem) -> impl IntoView {
    let ChatItem { chat, unread } = item;
    let id = chat.id;
    let go = move |_| {
        switcher.leave();
        switcher.app.go(Some(id));
    };
    let unread = unread.get();
    let badge = unread.sign().map(|sign| {
        let shown = html::span().attr("aria-hidden", "true").child(sign);
        html::span().class("unread").child((shown, html::span().class("unseen").child(unread.words())))
    });
    entry(go, (face::sign(switcher.app, &chat), html::bdi().child(chat.title.to_string()), badge))
}

/// People with whom there is no chat yet.
fn people(switcher: Switcher) -> impl IntoView {
    let app = switcher.app;
    let me = app.screen.me.get().map(|me| me.person.id);
    let chats: Vec<ChatItem> = app.screen.lists().into_iter().flat_map(|list| list.get()).collect();
    let has =
        |person: &Person| chats.iter().any(|item| matches!(&item.chat.kind, Kind::One(other) if other.id == person.id));
    let others = switcher.people.get().into_iter().filter(|person| Some(person.id) != me && !has(person));
    let line = move |person: Person| {
        let id = person.id;
        let go = move |_| {
            spawn_local(async move {
                match app.open_direct(vec![id]).await {
                    Ok(room) => {
                        switcher.leave();
                        app.go(Some(room.id));
                    }
                    Err(why) => switcher.trouble.set(Some(why.words())),
                }
            });
        };
        entry(
            go,
            (
                face::face(app, &person, None),
                html::bdi().child(person.called().to_owned()),
                html::span().class("hint").child("New chat"),
            ),
        )
    };
    others.take(PEOPLE_MAX).map(line).collect_view()
}

/// What was looked for lately, and what is typed now.
fn searches(switcher: Switcher) -> impl IntoView {
    let typed = switcher.typed.get().trim().to_owned();
    let lately =
        switcher.app.screen.searches.get().into_iter().filter(|words| words.contains(&typed) && *words != typed);
    let line = move |words: String| {
        let label = format!("Search for “{words}”");
        let go = move |_| {
            switcher.leave();
            switcher.app.screen.sought.set(Some(words.clone()));
            later::open(switcher.app, switcher.dialogs.search);
        };
        entry(go, (icon::glass(), html::bdi().child(label)))
    };
    Some(typed.clone()).filter(|typed| !typed.is_empty()).into_iter().chain(lately).map(line).collect_view()
}

/// One line, which leads somewhere.
pub(crate) fn entry(go: impl Fn(web_sys::MouseEvent) + 'static, inside: impl IntoView + 'static) -> impl IntoView {
    html::li().child(html::button().attr("type", "button").class("entry").on(ev::click, go).child(inside))
}
