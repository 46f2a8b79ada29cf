//! Whom the person ignores and blocks: on somebody's card, and all of them in a list.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Person, Regard, Regarded, UserId};

use crate::{app::App, view::face};

/// What can be done about somebody, on their card.
pub(crate) fn choice(app: App, who: &Person) -> impl IntoView + use<> {
    let id = who.id;
    let act = move |label: &'static str, regard: Regard| {
        html::button().attr("type", "button").class("quiet").on(ev::click, move |_| set(app, id, regard)).child(label)
    };
    let words = |words: &'static str| html::p().class("hint").child(words);
    move || {
        let acts = html::div().class("regard");
        match app.regard(id) {
            Regard::Open => acts.child((act("Ignore", Regard::Ignored), act("Block", Regard::Blocked))).into_any(),
            Regard::Ignored => acts
                .child((
                    words("You ignore them: what they say is covered, and you are told of nothing."),
                    act("Stop ignoring", Regard::Open),
                    act("Block", Regard::Blocked),
                ))
                .into_any(),
            Regard::Blocked => acts
                .child((
                    words("You block them: neither of you can write to the other. They are not told."),
                    act("Unblock", Regard::Open),
                ))
                .into_any(),
        }
    }
}

/// Everybody who is ignored or blocked, if anybody is.
pub(crate) fn list(app: App) -> impl IntoView {
    let one = move |Regarded { person, regard }: Regarded| {
        let id = person.id;
        let (state, undo) = match regard {
            Regard::Blocked => ("blocked", "Unblock"),
            Regard::Ignored | Regard::Open => ("ignored", "Stop ignoring"),
        };
        html::li().child((
            face::of(&person),
            html::bdi().class("regarded-name").child(person.called().to_owned()),
            html::span().class("hint").child(state),
            html::button()
                .attr("type", "button")
                .class("quiet")
                .attr("aria-label", format!("{undo}: {}", person.called()))
                .on(ev::click, move |_| set(app, id, Regard::Open))
                .child(undo),
        ))
    };
    move || {
        let all = app.regarded();
        (!all.is_empty()).then(|| {
            html::section().class("regarded").child((
                html::h3().child("Ignored and blocked"),
                html::ul().child(all.into_iter().map(one).collect_view()),
            ))
        })
    }
}

fn set(app: App, id: UserId, regard: Regard) {
    spawn_local(async move {
        if let Err(why) = app.set_regard(id, regard).await {
            app.tell(why.words());
        }
    });
}
