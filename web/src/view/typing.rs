//! Who is writing in the open room just now. The line is always there, so that nothing moves when somebody begins.

use leptos::{html, prelude::*};
use model::Person;

use crate::app::App;

pub(crate) fn typing(app: App) -> impl IntoView {
    let name = |who: &Person| html::bdi().child(who.called().to_owned());
    let words = move || match app.screen.typists.get().as_slice() {
        [] => ().into_any(),
        [one] => (name(one), " is writing…").into_any(),
        [one, two] => (name(one), " and ", name(two), " are writing…").into_any(),
        [..] => "Several people are writing…".into_any(),
    };
    let dots = move || {
        let some = app.screen.typists.with(|typists| !typists.is_empty());
        some.then(|| {
            html::span().class("typing-dots").attr("aria-hidden", "true").child((html::i(), html::i(), html::i()))
        })
    };
    html::div().class("typing").child((dots, html::p().attr("aria-live", "polite").child(words)))
}
