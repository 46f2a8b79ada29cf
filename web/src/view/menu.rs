//! What can be done to a message: one menu for all of them, at the button that opened it.

use client::{Deed, Input};
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Emoji, Quote, RoomId, Seq};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::{
    app::App,
    driver::address,
    rows::RowView,
    screen::{Answering, Gathered, Plan},
    view::{emoji, gathered, icon, later, markup},
};

/// The menu's name, for the buttons that open it.
const MENU: &str = "message-menu";
/// What is offered first to react with, after what was used last.
const QUICK: [&str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];

/// The button beside a message.
pub(crate) fn button(app: App, row: &RowView) -> impl IntoView + use<> {
    let (seq, deleted, row) = (row.seq.clone(), row.deleted.clone(), row.clone());
    move || {
        let stands = seq.get().is_some() && !deleted.get();
        let row = row.clone();
        stands.then(|| {
            html::button()
                .attr("type", "button")
                .class("round message-more")
                .attr("popovertarget", MENU)
                .attr("aria-haspopup", "menu")
                .attr("aria-label", "What to do with this message")
                .on(ev::pointerenter, move |_| app.want_emoji())
                .on(ev::click, move |event| {
                    app.screen.menu.set(Some(row.clone()));
                    later::opens(app, &event);
                })
                .child(icon::dots())
        })
    }
}

/// The menu.
pub(crate) fn menu(app: App) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let items = move || {
        let row = app.screen.menu.get()?;
        let message = row.seq.get()?;
        Some(items(app, node, &row, message))
    };
    html::div()
        .node_ref(node)
        .attr("id", MENU)
        .attr("popover", "auto")
        .attr("role", "menu")
        .attr("aria-label", "What to do with this message")
        .class("menu")
        .on(ev::toggle, move |_| focus_first(node))
        .on(ev::keydown, move |event| walk(node, &event))
        .child(items)
}

/// One line of the menu.
fn item(
    node: NodeRef<html::Div>,
    label: &'static str,
    drawing: impl IntoView + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    html::button()
        .attr("type", "button")
        .attr("role", "menuitem")
        .class("menu-item")
        .on(ev::click, move |_| {
            close(node);
            act();
        })
        .child((drawing, label))
        .into_any()
}

fn items(app: App, node: NodeRef<html::Div>, row: &RowView, message: Seq) -> impl IntoView + use<> {
    let room = row.room;
    let (said, extras) = (row.said.get_untracked(), row.extras.get_untracked());
    let (text, edits, own) = (said.text.clone(), said.edits, row.own);
    let quote =
        Quote { seq: message, author: row.author.get_untracked(), text: Quote::beginning(&text), deleted: false };
    let amend = move |deed: Deed| app.give(Input::Amend { room, message, deed });
    let answer = move || app.screen.answering.set(Some(Answering::Reply { room, to: quote.clone() }));
    let mut all = vec![item(node, "Reply", icon::reply(), answer)];
    if let Some(thread) = extras.thread {
        let show = move || gathered::show(app, Gathered::Thread(room, thread));
        all.push(item(node, "Show the thread", icon::thread(), show));
    }
    // What was passed on is another's words.
    if own && said.forward.is_none() {
        let changed = text.clone();
        let edit = move || {
            app.screen.answering.set(Some(Answering::Edit { room, message, edits, text: changed.clone() }));
        };
        all.push(item(node, "Edit", icon::pen(), edit));
    }
    all.push(html::hr().into_any());
    let (saved, pinned) = (extras.saved, extras.pinned);
    let label = if saved { "Remove from saved" } else { "Save for yourself" };
    all.push(item(node, label, icon::bookmark(), move || amend(Deed::Save { on: !saved })));
    let words = Quote::beginning(&text);
    let remind = move || app.screen.plan.set(Some(Plan::Remind { room, seq: message, text: words.clone() }));
    all.push(item(node, "Remind me", icon::clock(), remind));
    all.push(item(node, "Mark unread from here", icon::eye(), move || amend(Deed::Unread { on: true })));
    let label = if pinned { "Take the pin out" } else { "Pin" };
    all.push(item(node, label, icon::pin(), move || amend(Deed::Pin { on: !pinned })));
    all.push(html::hr().into_any());
    if !text.is_empty() {
        let forward = move || gathered::show(app, Gathered::Forward(room, message));
        all.push(item(node, "Forward…", icon::forward(), forward));
        all.push(item(node, "Copy the text", icon::copy(), move || copy(app, text.to_string())));
    }
    all.push(item(node, "Copy the link", icon::link(), move || {
        copy(app, address::link(&app.window(), room, message));
    }));
    if own {
        let delete = move || app.screen.deleting.set(Some((room, message)));
        all.push(item(node, "Delete", icon::bin(), delete));
    }
    (quick(app, node, room, message), html::hr(), all)
}

/// A few emoji at hand, and the way to all.
fn quick(app: App, node: NodeRef<html::Div>, room: RoomId, message: Seq) -> impl IntoView {
    let recent = app.screen.recent.get_untracked();
    // One of the server's own may have been removed since.
    let stands = |form: &String| !form.starts_with(':') || app.picture_of(form).is_some();
    let mut offered: Vec<String> = recent.into_iter().filter(stands).take(2).collect();
    for emoji in QUICK {
        if offered.len() < QUICK.len() && !offered.iter().any(|other| other == emoji) {
            offered.push(emoji.to_owned());
        }
    }
    let one = move |form: String| {
        let label = format!("React with {form}");
        let shown = markup::emoji(app, form.clone());
        html::button()
            .attr("type", "button")
            .attr("role", "menuitem")
            .class("quick")
            .attr("aria-label", label)
            .on(ev::click, move |_| {
                close(node);
                react(app, room, message, &form);
            })
            .child(shown)
    };
    html::div().class("quicks").child((
        offered.into_iter().map(one).collect_view(),
        html::button()
            .attr("type", "button")
            .attr("role", "menuitem")
            .class("quick")
            .attr("aria-label", "React with another emoji")
            .attr("popovertarget", emoji::PANEL)
            .on(ev::click, move |_| app.screen.reacting.set(Some((room, message))))
            .child(icon::smile()),
    ))
}

/// Reacts to a message.
pub(crate) fn react(app: App, room: RoomId, message: Seq, form: &str) {
    if let Ok(emoji) = Emoji::parse(form) {
        app.used(form);
        app.give(Input::Amend { room, message, deed: Deed::React { emoji, on: true } });
    }
}

/// Closes the menu.
pub(crate) fn hide(app: App) {
    let menu = app.window().document().and_then(|page| page.get_element_by_id(MENU));
    if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<HtmlElement>().ok()) {
        let _ = menu.hide_popover();
    }
}

/// The panel of emoji closes: the focus goes back to where it was opened, from which a browser would not take it by itself, because
/// one popover is inside the other.
pub(crate) fn takes_focus(app: App) {
    let way = format!("#{MENU}:popover-open [popovertarget={}]", emoji::PANEL);
    let button = app.window().document().and_then(|page| page.query_selector(&way).ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

fn close(node: NodeRef<html::Div>) {
    if let Some(menu) = node.get_untracked() {
        let _ = HtmlElement::hide_popover(&menu);
    }
}

fn focus_first(node: NodeRef<html::Div>) {
    let Some(menu) = node.get_untracked() else { return };
    if menu.matches(":popover-open").unwrap_or(false) {
        let first = menu.query_selector("button").ok().flatten();
        if let Some(first) = first.and_then(|first| first.dyn_into::<HtmlElement>().ok()) {
            let _ = first.focus();
        }
    }
}

/// The arrow keys go from one to the next, Home and End to the first and the last.
fn walk(node: NodeRef<html::Div>, event: &KeyboardEvent) {
    let Some(all) = node.get_untracked().and_then(|menu| menu.query_selector_all("button").ok()) else { return };
    let count = all.length();
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let place = (0..count).find(|n| all.item(*n) == here).unwrap_or(0);
    let last = count.saturating_sub(1);
    let next = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" => (place + 1) % count.max(1),
        "ArrowUp" | "ArrowLeft" => (place + last) % count.max(1),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    if let Some(button) = all.item(next).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

fn copy(app: App, text: String) {
    spawn_local(async move {
        let words = if app.copy(&text).await { "Copied." } else { "This browser does not let it be copied from here." };
        app.tell(words.into());
    });
}
