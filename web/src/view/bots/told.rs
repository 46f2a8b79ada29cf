//! What is told once: a secret, with the way to copy it.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{HookKind, Person};

use super::{Keeping, Page, head};

/// A secret, and what it is.
#[derive(Clone)]
pub(super) struct Told {
    /// What to call it.
    name: &'static str,
    /// Who can do what with it.
    power: String,
    /// What a program does with it.
    how: &'static str,
    secret: String,
}

impl Told {
    pub(super) fn token(bot: &Person, secret: String) -> Self {
        Self {
            name: "The token",
            power: format!("Whoever has it can act as {}.", bot.called()),
            how: "A program sends it with each request to the API, in this header: Authorization: Bearer, a space, and the token.",
            secret,
        }
    }

    pub(super) fn hook(bot: &Person, room: &str, kind: HookKind, secret: String) -> Self {
        match kind {
            HookKind::Incoming => Self {
                name: "The hook’s address",
                power: format!("Whoever knows it can say something in {room}, as {}.", bot.called()),
                how: "A program sends {\"text\": \"Hello\"} there, as JSON by POST. Programs that know Slack’s incoming webhooks can do that already.",
                secret,
            },
            HookKind::Outgoing => Self {
                name: "The signing secret",
                power: format!("By it, the program there can tell that a message comes from {room}."),
                how: "Each request is signed with it as Standard Webhooks describe, in the header webhook-signature.",
                secret,
            },
        }
    }
}

pub(super) fn told(this: Keeping, bot: Person, told: Told) -> impl IntoView {
    let Told { name, power, how, secret } = told;
    let field = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(None::<bool>);
    let select = move || {
        if let Some(field) = field.get_untracked() {
            field.select();
        }
    };
    let (back, done) = (Page::One(bot.clone()), Page::One(bot));
    let whole = secret.clone();
    let copy = move |_| {
        let whole = whole.clone();
        spawn_local(async move {
            let written = this.app.copy(&whole).await;
            if !written {
                select();
            }
            copied.set(Some(written));
        });
    };
    (
        head(this, back, name.to_owned()),
        html::p()
            .attr("id", "told-once")
            .child((html::strong().child("Copy it now: it is shown only this once. "), power)),
        html::input()
            .node_ref(field)
            .attr("id", "told")
            .attr("type", "text")
            .attr("readonly", "")
            .attr("autofocus", "")
            .attr("autocomplete", "off")
            .attr("spellcheck", "false")
            .attr("dir", "ltr")
            .attr("aria-label", name)
            .attr("aria-describedby", "told-once")
            .attr("value", secret)
            .on(ev::focus, move |_| select()),
        html::p().class("hint").child(how),
        html::div().class("dialog-foot").child((
            html::button()
                .attr("type", "button")
                .class("quiet")
                .on(ev::click, move |_| this.turn(done.clone()))
                .child("Done"),
            html::button().attr("type", "button").class("primary").on(ev::click, copy).child(move || {
                match copied.get() {
                    Some(true) => "Copied",
                    Some(false) => "Copy what is marked",
                    None => "Copy",
                }
            }),
        )),
    )
}
