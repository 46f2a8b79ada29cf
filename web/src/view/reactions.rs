//! What has gathered at a message: reactions, a pin, the way into its thread, and that it was changed.

use client::{Deed, Input, poll::Poll};
use leptos::{ev, html, prelude::*};
use model::{Emoji, RoomId, Seq};

use crate::{
    app::App,
    rows::{RowView, TallyView},
    screen::Gathered,
    view::{gathered, icon, markup},
};

/// The line under a message, if anything has gathered at it.
pub(crate) fn reactions(app: App, row: &RowView) -> impl IntoView + use<> {
    let (room, seq, extras, deleted) = (row.room, row.seq.clone(), row.extras.clone(), row.deleted.clone());
    // What was clicked last, whose button is made anew by what follows from that.
    let clicked = StoredValue::new(None::<Emoji>);
    let said = row.said.clone();
    move || {
        let (extras, seq) = (extras.get(), seq.get()?);
        let (pinned, saved) = (extras.pinned && !deleted.get(), extras.saved && !deleted.get());
        if extras.reactions.is_empty() && !pinned && !saved && extras.replies == 0 {
            return None;
        }
        let sign = |title: &'static str, drawing: AnyView| {
            html::span()
                .class("pinned")
                .attr("title", title)
                .child((drawing, html::span().class("unseen").child(title)))
        };
        // Votes are counted in the poll.
        let text = said.with(|said| said.text.clone());
        let poll = Poll::read(&text);
        let votes = |tally: &TallyView| poll.as_ref().is_some_and(|poll| poll.counts(tally.emoji.as_str()));
        let tallies = extras
            .reactions
            .into_iter()
            .filter(|tally| !votes(tally))
            .map(|tally| tally_view(app, (room, seq), tally, clicked))
            .collect_view();
        Some(html::div().class("gathered").child((
            pinned.then(|| sign("Pinned", icon::pin().into_any())),
            saved.then(|| sign("Saved, for you alone", icon::bookmark().into_any())),
            tallies,
            (extras.replies > 0).then(|| {
                let words =
                    if extras.replies == 1 { "1 reply".to_owned() } else { format!("{} replies", extras.replies) };
                html::button()
                    .attr("type", "button")
                    .class("quiet replies")
                    .on(ev::click, move |_| gathered::show(app, Gathered::Thread(room, seq)))
                    .child((icon::reply(), words))
            }),
        )))
    }
}

fn tally_view(
    app: App,
    (room, message): (RoomId, Seq),
    tally: TallyView,
    clicked: StoredValue<Option<Emoji>>,
) -> AnyView {
    let TallyView { emoji, names, count, mine } = tally;
    // A screen reader says what is seen first.
    let words = format!("{} {count}, {names}", emoji.as_str());
    let shown = emoji.as_str().to_owned();
    let node = NodeRef::<html::Button>::new();
    if clicked.with_value(|clicked| clicked.as_ref() == Some(&emoji)) {
        node.on_load(move |button| {
            // Unless the person has gone on meanwhile.
            let page = app.window().document();
            if page.is_some_and(|page| page.active_element() == page.body().map(Into::into)) {
                let _ = button.focus();
            }
        });
    }
    html::button()
        .node_ref(node)
        .attr("type", "button")
        .class("reaction")
        .attr("aria-pressed", if mine { "true" } else { "false" })
        .attr("aria-label", words.clone())
        .attr("title", words)
        .on(ev::click, move |_| {
            clicked.set_value(Some(emoji.clone()));
            app.give(Input::Amend { room, message, deed: Deed::React { emoji: emoji.clone(), on: !mine } });
        })
        .child((
            html::span().class("reaction-emoji").child(markup::emoji(app, shown)),
            html::span().class("count").child(count.to_string()),
        ))
        .into_any()
}

/// That a message was changed, and the way to what it said before.
pub(crate) fn edited(app: App, row: &RowView) -> impl IntoView + use<> {
    let (room, seq, said, deleted) = (row.room, row.seq.clone(), row.said.clone(), row.deleted.clone());
    move || {
        let (seq, edits) = (seq.get()?, said.with(|said| said.edits));
        (edits > 0 && !deleted.get()).then(|| {
            html::button()
                .attr("type", "button")
                .class("edited")
                .attr("title", "What it said before")
                .on(ev::click, move |_| gathered::show(app, Gathered::Edits(room, seq)))
                .child("edited")
        })
    }
}
