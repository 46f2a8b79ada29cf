//! A few signs that telephones have and keyboards have not.

use leptos::{ev, html, prelude::*};
use parts::{field, icon};

const SIGNS: [&str; 32] = [
    "😀", "😂", "🙂", "😉", "😊", "😍", "😎", "🤔", "😮", "😢", "😭", "😡", "🥳", "😴", "🙄", "🤯", "👍", "👎", "👏",
    "🙏", "👋", "💪", "🤝", "👀", "❤️", "🔥", "✨", "🎉", "✅", "❌", "☕", "🐦",
];

pub(crate) fn emoji(text: NodeRef<html::Textarea>) -> impl IntoView {
    let put = move |sign: &'static str| {
        let Some(field) = text.get_untracked() else { return };
        field::insert(&field, "", sign);
        field::grow(&field);
    };
    let signs = SIGNS.map(|sign| html::button().attr("type", "button").on(ev::click, move |_| put(sign)).child(sign));
    (
        html::button()
            .attr("type", "button")
            .class("round emoji-button")
            .attr("aria-label", "Emoji")
            .attr("popovertarget", "emoji")
            .child(icon::smile()),
        html::div()
            .attr("id", "emoji")
            .attr("popover", "auto")
            .class("emoji")
            .attr("role", "group")
            .attr("aria-label", "Emoji")
            .child(signs.into_iter().collect_view()),
    )
}
