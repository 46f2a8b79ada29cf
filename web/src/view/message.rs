//! One message. Its text is a text node: whatever somebody typed, it is never markup.

use client::{Input, RowId, RowState};
use leptos::{ev, html, prelude::*};

use crate::{app::App, rows::RowView, view::icon};

pub(crate) fn message(app: App, row: RowView) -> impl IntoView {
    let (state, lead) = (row.state.clone(), row.lead.clone());
    let (day, head) = (lead.clone(), lead.clone());
    let author = row.author.clone();
    let own = row.own;
    let above = move || {
        let lead = head.get();
        lead.time.map(|time| {
            html::div().class("message-head").child((
                html::bdi().class(if own { "author unseen" } else { "author" }).child(author.to_string()),
                html::time().attr("title", lead.moment).child(time),
            ))
        })
    };
    html::div()
        .class("message")
        .attr("data-own", if own { "true" } else { "false" })
        .attr("data-lead", move || lead.get().time.map(|_| "true"))
        .attr("data-state", move || match state.get() {
            RowState::Sending => "sending",
            RowState::Kept => "kept",
            RowState::Failed(_) => "failed",
        })
        .child((
            move || day.get().day.map(|day| html::div().class("day").child(html::span().child(day))),
            above,
            html::div().class("bubble").child((
                html::div().class("message-text").attr("dir", "auto").child(row.text.to_string()),
                mark(row.state.clone()),
            )),
            failure(app, row),
        ))
}

/// How far a message of one's own has come.
fn mark(state: ArcRwSignal<RowState>) -> impl IntoView {
    move || {
        (state.get() == RowState::Sending).then(|| {
            let words = html::span().class("unseen").child("Sending");
            html::span().class("mark").attr("title", "Sending").child((icon::clock(), words))
        })
    }
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
