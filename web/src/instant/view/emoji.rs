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
        let end = || u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
        let from = field.selection_start().ok().flatten().unwrap_or_else(end);
        let to = field.selection_end().ok().flatten().unwrap_or_else(end);
        let _ = field.set_range_text_with_start_and_end_and_mode(sign, from, to, "end");
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
