//! What can be done to a message: one menu for all of them, at the button that opened it.

use client::{Deed, Input};
use leptos::{ev, html, prelude::*};
use model::{Emoji, Quote, RoomId, Seq};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::{
    app::App,
    rows::RowView,
    screen::{Answering, Gathered, Plan},
    view::{emoji, gathered, icon, later},
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

fn items(app: App, node: NodeRef<html::Div>, row: &RowView, message: Seq) -> impl IntoView + use<> {
    let room = row.room;
    let (said, extras) = (row.said.get_untracked(), row.extras.get_untracked());
    let (text, edits, own) = (said.text.clone(), said.edits, row.own);
    let quote =
        Quote { seq: message, author: row.author.get_untracked(), text: Quote::beginning(&text), deleted: false };
    let pinned = extras.pinned;
    let item = move |label: &'static str, drawing: AnyView, act: Box<dyn Fn() + Send>| {
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
    };
    let (copied, changed) = (text.clone(), text.clone());
    let mut all = vec![item(
        "Reply",
        icon::reply().into_any(),
        Box::new(move || app.screen.answering.set(Some(Answering::Reply { room, to: quote.clone() }))),
    )];
    if let Some(thread) = extras.thread {
        let show = move || gathered::show(app, Gathered::Thread(room, thread));
        all.push(item("Show the thread", icon::note().into_any(), Box::new(show)));
    }
    if own {
        let edit = move || {
            app.screen.answering.set(Some(Answering::Edit { room, message, edits, text: changed.clone() }));
        };
        all.push(item("Edit", icon::pen().into_any(), Box::new(edit)));
    }
    if !text.is_empty() {
        all.push(item("Copy the text", icon::copy().into_any(), Box::new(move || copy(app, &copied))));
    }
    let words = Quote::beginning(&text);
    let remind = move || app.screen.plan.set(Some(Plan::Remind { room, seq: message, text: words.clone() }));
    all.push(item("Remind me", icon::clock().into_any(), Box::new(remind)));
    let pin = move || app.give(Input::Amend { room, message, deed: Deed::Pin { on: !pinned } });
    all.push(item(if pinned { "Take the pin out" } else { "Pin" }, icon::pin().into_any(), Box::new(pin)));
    if own {
        let delete = move || app.screen.deleting.set(Some((room, message)));
        all.push(item("Delete", icon::bin().into_any(), Box::new(delete)));
    }
    (quick(app, node, room, message), html::hr(), all)
}

/// A few emoji at hand, and the way to all.
fn quick(app: App, node: NodeRef<html::Div>, room: RoomId, message: Seq) -> impl IntoView {
    let recent = app.screen.recent.get_untracked();
    let mut offered: Vec<String> = recent.into_iter().take(2).collect();
    for emoji in QUICK {
        if offered.len() < QUICK.len() && !offered.iter().any(|other| other == emoji) {
            offered.push(emoji.to_owned());
        }
    }
    let one = move |form: String| {
        let label = format!("React with {form}");
        let shown = form.clone();
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

/// The arrow keys go from one to the next.
fn walk(node: NodeRef<html::Div>, event: &KeyboardEvent) {
    let forward = match event.key().as_str() {
        "ArrowDown" | "ArrowRight" => true,
        "ArrowUp" | "ArrowLeft" => false,
        _ => return,
    };
    let Some(all) = node.get_untracked().and_then(|menu| menu.query_selector_all("button").ok()) else { return };
    event.prevent_default();
    let count = all.length();
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let place = (0..count).find(|n| all.item(*n) == here).unwrap_or(0);
    let next = if forward { place + 1 } else { place + count.saturating_sub(1) } % count.max(1);
    if let Some(button) = all.item(next).and_then(|node| node.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

fn copy(app: App, text: &str) {
    let _ = app.window().navigator().clipboard().write_text(text);
    app.tell("Copied.".into());
}
