//! A poll: what is asked, and the answers with their votes.

use client::{Deed, Input, poll::Poll};
use leptos::{ev, html, prelude::*};
use model::Emoji;

use crate::{app::App, rows::RowView};

pub(crate) fn poll(app: App, row: &RowView, text: &str) -> impl IntoView + use<> {
    let Poll { question, answers } = Poll::read(text)?;
    let (room, seq, extras) = (row.room, row.seq.clone(), row.extras.clone());
    let votes = extras.clone();
    let numbers: Vec<&'static str> = answers.iter().map(|(number, _)| *number).collect();
    let all = Memo::new(move |_| {
        let of = |number: &&str| {
            votes.with(|extras| {
                let tally = extras.reactions.iter().find(|tally| tally.emoji.as_str() == *number);
                tally.map_or(0, |tally| tally.count)
            })
        };
        numbers.iter().map(of).sum::<usize>()
    });
    let answer = move |(number, words): (&'static str, &str)| {
        let (extras, seq) = (extras.clone(), seq.clone());
        let tally = Memo::new(move |_| {
            extras.with(|extras| extras.reactions.iter().find(|tally| tally.emoji.as_str() == number).cloned())
        });
        let (count, mine) = (
            move || tally.with(|tally| tally.as_ref().map_or(0, |tally| tally.count)),
            move || tally.with(|tally| tally.as_ref().is_some_and(|tally| tally.mine)),
        );
        // A poll that has no place yet cannot be voted in: the click would be lost.
        let placed = seq.clone();
        let waits = move || placed.get().is_none();
        let vote = move |_| {
            let on = !tally.with_untracked(|tally| tally.as_ref().is_some_and(|tally| tally.mine));
            if let (Some(message), Ok(emoji)) = (seq.get_untracked(), Emoji::parse(number)) {
                app.give(Input::Amend { room, message, deed: Deed::React { emoji, on } });
            }
        };
        html::li().child(
            html::button()
                .attr("type", "button")
                .class("poll-answer")
                .prop("disabled", waits)
                .attr("aria-pressed", move || if mine() { "true" } else { "false" })
                .attr("title", move || tally.with(|tally| tally.as_ref().map(|tally| tally.names.clone())))
                .on(ev::click, vote)
                .child((
                    html::bdi().class("poll-words").child(words.to_owned()),
                    html::span().class("count").child(move || count().to_string()),
                    html::progress()
                        .attr("aria-hidden", "true")
                        .prop("max", move || u32::try_from(all.get().max(1)).unwrap_or(u32::MAX))
                        .prop("value", move || u32::try_from(count()).unwrap_or(u32::MAX)),
                )),
        )
    };
    let question = html::p().class("poll-question").attr("dir", "auto").child(question.to_owned());
    let answers = answers.into_iter().map(answer).collect_view();
    let votes = move || match all.get() {
        0 => "Nobody has voted yet".to_owned(),
        1 => "1 vote".to_owned(),
        votes => format!("{votes} votes"),
    };
    Some(html::div().class("poll").child((
        question,
        html::ul().attr("role", "list").child(answers),
        html::p().class("hint").child(votes),
    )))
}
