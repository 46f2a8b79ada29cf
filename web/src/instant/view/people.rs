//! Who is here. A nickname proves nothing, so each stands with a tag that nobody else has.

use client::instant::Here;
use leptos::{
    control_flow::{For, ForProps},
    html,
    prelude::*,
};
use parts::dialog;

use crate::visit::Visit;

/// The list, oneself first.
pub(crate) fn people(visit: Visit) -> impl IntoView {
    let me = move || {
        let name = visit.ask(|guest| guest.name().to_owned());
        line(Here { name, tag: String::new(), types: false }, true)
    };
    let silent = move || {
        let silent = visit.screen.silent.get();
        (silent > 0).then(|| {
            let words =
                if silent == 1 { "1 more, without a name".into() } else { format!("{silent} more, without a name") };
            html::li().class("hint").child(words)
        })
    };
    let strangers = move || {
        visit.screen.strangers.get().then(|| {
            html::p().class("hint warn").attr("role", "status").child(
                "Something came that this room's key does not open. Somebody may be here without the key: they cannot read along.",
            )
        })
    };
    (
        html::ul().class("people").child((
            me,
            For(ForProps::builder()
                .each(move || visit.screen.people.get())
                .key(|here: &Here| (here.name.clone(), here.tag.clone()))
                .children(|here| line(here, false))
                .build()),
            silent,
        )),
        strangers,
    )
}

fn line(here: Here, own: bool) -> impl IntoView {
    let initial = here.name.chars().next().map(|first| first.to_uppercase().to_string());
    html::li().child((
        html::span().class("avatar").attr("aria-hidden", "true").child(initial),
        html::bdi().class("person-name").child(here.name),
        if own {
            html::span().class("tag").child("you").into_any()
        } else {
            html::span().class("nick-tag").child(here.tag).into_any()
        },
    ))
}

/// The list, where there is no space beside the room.
pub(crate) fn dialog(visit: Visit, dialog: NodeRef<html::Dialog>, plain: bool) -> impl IntoView {
    html::dialog().node_ref(dialog).class("dialog sheet").attr("aria-labelledby", "people-title").child((
        dialog::head(dialog, "people-title", if plain { "Heard lately" } else { "Here" }),
        html::div().class("dialog-body").child(people(visit)),
        html::p()
            .class("hint")
            .child("A name proves nothing. The letters and digits beside it tell two of one name apart."),
    ))
}

/// Who is writing. The line is always there, so that nothing moves when somebody begins.
pub(crate) fn typing(visit: Visit) -> impl IntoView {
    let name = |here: &Here| html::bdi().child(here.name.clone());
    let words = move || {
        let people = visit.screen.people.get();
        let typists: Vec<_> = people.iter().filter(|here| here.types).collect();
        match typists.as_slice() {
            [] => ().into_any(),
            [one] => (dots(), html::p().child((name(one), " is writing…"))).into_any(),
            [one, two] => (dots(), html::p().child((name(one), " and ", name(two), " are writing…"))).into_any(),
            [..] => (dots(), html::p().child("Several people are writing…")).into_any(),
        }
    };
    html::div().class("typing").attr("aria-live", "polite").child(words)
}

fn dots() -> impl IntoView {
    html::span().class("typing-dots").attr("aria-hidden", "true").child((html::i(), html::i(), html::i()))
}
