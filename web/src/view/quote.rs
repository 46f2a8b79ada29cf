//! What a message answers: the beginning of another, which is the way to it.

use leptos::{ev, html, prelude::*};
use model::{Quote, Regard};

use crate::{app::App, rows::RowView, view::message::COVERED};

/// The quote in a message that answers another.
pub(crate) fn quote(app: App, row: &RowView) -> impl IntoView + use<> {
    let (room, said, deleted) = (row.room, row.said.clone(), row.deleted.clone());
    let reply = Memo::new(move |_| said.with(|said| said.reply.clone()).filter(|_| !deleted.get()));
    move || {
        let to = reply.get()?;
        let seq = to.seq;
        Some(
            html::button()
                .attr("type", "button")
                .class("quote")
                .attr("title", "Go to this message")
                .on(ev::click, move |_| app.go_to(room, seq))
                .child(beginning(app, &to)),
        )
    }
}

/// Who said it, and how it begins.
pub(crate) fn beginning(app: App, to: &Quote) -> impl IntoView + use<> {
    let words = if to.deleted {
        "This message was deleted.".to_owned()
    } else if to.text.is_empty() {
        "A file".to_owned()
    } else {
        markup::plain(&to.text, model::limits::QUOTE_CHARS_MAX)
    };
    let (author, id) = (to.author.clone(), to.author.id);
    // What somebody says whom the reader ignores is covered here, too.
    let words = move || if app.regard(id) == Regard::Open { words.clone() } else { COVERED.to_owned() };
    (
        html::bdi().class("quote-author").child(move || app.named(&author).called().to_owned()),
        html::span().class("quote-text").attr("dir", "auto").child(words),
    )
}
