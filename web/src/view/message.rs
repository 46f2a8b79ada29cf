//! One message. Whatever somebody typed becomes nodes and text, never HTML.

use client::{Input, RowId, RowState, poll::Poll, slash::action};
use js_sys::JsString;
use leptos::{ev, html, prelude::*};
use model::{Mention, RoomId};

use crate::{
    app::App,
    rows::{Lead, RowView, SaidView},
    screen::Gathered,
    view::{card, face, files, gathered, icon, later, markup, menu, quote, reactions, readers},
};

/// What stands for what somebody says whom the person ignores.
pub(crate) const COVERED: &str = "Somebody you ignore wrote this.";

pub(crate) fn message(app: App, row: RowView) -> impl IntoView {
    let (state, lead) = (row.state.clone(), row.lead.clone());
    let (begun, head) = (lead.clone(), lead.clone());
    let (author, name) = (row.author.clone(), row.author.clone());
    let (own, room) = (row.own, row.room);
    let above = move || {
        let lead = head.get();
        lead.time.map(|time| {
            html::div().class("message-head").child((
                (!own).then(|| (card::name(app, author.clone()), author.with_untracked(face::bot))),
                own.then(|| {
                    let name = name.clone();
                    html::bdi().class("author unseen").child(move || name.get().called().to_owned())
                }),
                html::time().attr("title", lead.moment).child(time),
            ))
        })
    };
    html::div()
        .class("message")
        .attr("data-own", if own { "true" } else { "false" })
        .attr("data-lead", move || lead.get().time.map(|_| "true"))
        .attr("data-large", {
            let said = row.said.clone();
            move || said.with(|said| said.large).then_some("true")
        })
        .attr("data-named", {
            let said = row.said.clone();
            move || said.with(|said| said.names_me).then_some("true")
        })
        .attr("data-seq", {
            let seq = row.seq.clone();
            move || seq.get().map(|seq| seq.to_string())
        })
        .attr("data-state", move || state_name(&state.get()))
        .child((
            move || divider(app, room, begun.get()),
            above,
            html::div().class("message-line").child((
                menu::button(app, &row),
                read_by(app, &row),
                html::div().class("bubble").child(bubble(app, &row)),
            )),
            behind(app, &row),
            reactions::reactions(app, &row),
            failure(app, row),
        ))
}

/// What is in its bubble: the message, or, from somebody whom the person ignores, the way to it.
fn bubble(app: App, row: &RowView) -> impl IntoView + use<> {
    let (row, asked) = (row.clone(), RwSignal::new(false));
    let covered = row.covered.clone();
    let covered = Memo::new(move |_| covered.get() && !asked.get());
    move || {
        if covered.get() {
            return html::button()
                .attr("type", "button")
                .class("edited")
                .on(ev::click, move |_| asked.set(true))
                .child(cover())
                .into_any();
        }
        (
            quote::quote(app, &row),
            forwarded(app, &row),
            files::files(app, row.files.clone()),
            text(app, &row),
            reactions::edited(app, &row),
            row.own.then(|| mark(row.state.clone())),
        )
            .into_any()
    }
}

/// What covers a message, on the button that takes it away.
pub(crate) fn cover() -> impl IntoView {
    (COVERED, " Show it")
}

/// What it says, if it says something, or that it was taken back.
fn text(app: App, row: &RowView) -> impl IntoView + use<> {
    let (said, deleted, author) = (row.said.clone(), row.deleted.clone(), row.author.clone());
    let row = row.clone();
    move || {
        let line = html::div().class("message-text").attr("dir", "auto");
        let SaidView { text, large, mentions, .. } = said.get();
        if deleted.get() {
            Some(line.attr("data-trace", "true").child("This message was deleted.").into_any())
        } else if large {
            Some(line.child(text.to_string()).into_any())
        } else {
            let says = |text: &str| markup::markup(app, text, &|word| named(app, &mentions, word));
            if Poll::read(&text).is_some() {
                return Some(later::poll(app, &row, &text).into_any());
            }
            match action(&text) {
                Some(action) => {
                    let name = html::bdi().child(author.get().called().to_owned());
                    Some(html::div().class("message-action").attr("dir", "auto").child((name, says(action))).into_any())
                }
                None => (!text.is_empty()).then(|| says(&text).into_any()),
            }
        }
    }
}

/// What is behind its link, if it may have one and is seen.
fn behind(app: App, row: &RowView) -> impl IntoView + use<> {
    let row = row.clone();
    move || {
        let text = row.said.with(|said| said.text.clone());
        (text.contains("://") && !row.covered.get()).then(|| later::preview(app, &row, &text))
    }
}

/// Whose words these are, if somebody passed them on.
fn forwarded(app: App, row: &RowView) -> impl IntoView + use<> {
    let said = row.said.clone();
    move || {
        let author = said.with(|said| said.forward.clone())?;
        let name = move || app.named(&author).called().to_owned();
        Some(html::p().class("forwarded").child((icon::forward(), "Forwarded from ", html::bdi().child(name))))
    }
}

/// Whom a word after an `@` means: what to call them now, and whether it is the reader.
fn named(app: App, mentions: &[Mention], word: &str) -> Option<(String, bool)> {
    let folded = fold(word);
    let mention = mentions.iter().find(|mention| mention.word == folded)?;
    let Some(person) = &mention.person else { return Some((word.to_owned(), true)) };
    let me = app.screen.me.with(|me| me.as_ref().is_some_and(|me| me.person.id == person.id));
    Some((app.named(person).called().to_owned(), me))
}

/// A name as the server folds it, by the browser's own tables.
fn fold(word: &str) -> String {
    let compatible = String::from(JsString::from(word).normalize("NFKC").to_lower_case());
    // What lower case leaves apart and folding does not (Unicode, CaseFolding.txt).
    compatible.replace('ß', "ss").replace('ς', "σ")
}

/// The state as a name for styles and tests.
fn state_name(state: &RowState) -> &'static str {
    match state {
        RowState::Sending => "sending",
        RowState::Kept => "kept",
        RowState::Delivered => "delivered",
        RowState::Read => "read",
        RowState::Failed(_) => "failed",
    }
}

/// A new day, or what the person has not read yet, or both.
fn divider(app: App, room: RoomId, lead: Lead) -> Option<impl IntoView> {
    let new = lead.new.then_some("true");
    let words = match (lead.day, lead.new) {
        (None, false) => return None,
        (Some(day), false) => day,
        (None, true) => "New messages".into(),
        (Some(day), true) => format!("{day} · New messages"),
    };
    let way = html::button()
        .attr("type", "button")
        .attr("title", "Go to another day")
        .on(ev::click, move |_| gathered::show(app, Gathered::Day(room)))
        .child(words);
    Some(html::div().class("day").attr("data-new", new).child(way))
}

/// How far a message of one's own has come: a form, and words for whoever does not see it.
fn mark(state: ArcRwSignal<RowState>) -> impl IntoView {
    move || {
        let (form, words) = match state.get() {
            RowState::Sending => (icon::clock().into_any(), "Sending"),
            RowState::Kept => (icon::ring().into_any(), "Kept by the server"),
            RowState::Delivered => (icon::tick().into_any(), "Delivered"),
            RowState::Read => (icon::ticks().into_any(), "Read"),
            RowState::Failed(_) => (icon::alert().into_any(), "Not sent"),
        };
        html::span().class("mark").attr("title", words).child((form, html::span().class("unseen").child(words)))
    }
}

/// How many have read it, where that is told: not in a chat of two, whose ticks say it.
fn read_by(app: App, row: &RowView) -> impl IntoView + use<> {
    let (readers, room) = (row.readers.clone(), row.room);
    move || readers.get().map(|readers| readers::button(app, room, readers))
}

/// Why it was not kept, and what can be done.
fn failure(app: App, row: RowView) -> impl IntoView {
    let RowView { id, room, state, .. } = row;
    move || {
        let RowState::Failed(why) = state.get() else { return None };
        let RowId::Own(key) = id.clone() else { return None };
        let (again, away) = (key.clone(), key);
        Some(
            html::div().class("failure").child((
                html::span().child(format!("Not sent. {why} ")),
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| app.give(Input::Retry { room, key: again.clone() }))
                    .child("Try again"),
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| app.give(Input::Discard { room, key: away.clone() }))
                    .child("Discard"),
            )),
        )
    }
}
