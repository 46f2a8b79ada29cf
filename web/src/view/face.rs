//! What stands for somebody: the first letters of their name in a circle of a colour of their own, and a dot whose form says whether
//! they are there.
//!
//! Neither says anything to a screen reader: the words beside them do.

use leptos::{html, prelude::*};
use model::{Person, Presence, Seen, UserId};

use crate::{
    app::App,
    chat::{Chat, Kind},
    view::icon,
};

/// The colours of circles.
const HUES: i64 = 8;

/// Somebody's circle. `told` is how they were when a list came that has them, for as long as nothing newer is heard.
pub(crate) fn face(app: App, who: &Person, told: Option<Presence>) -> impl IntoView + use<> {
    let id = who.id;
    let dot = move || app.seen(id).map(|seen| seen.presence).or(told);
    circle(inside(who, true), dot).attr("data-hue", hue(id))
}

/// A circle without a dot: of one's own person, who is there, and where it does not matter.
pub(crate) fn of(who: &Person) -> impl IntoView + use<> {
    html::span().class("avatar").attr("data-hue", hue(who.id)).attr("aria-hidden", "true").child(inside(who, true))
}

/// The same, larger.
pub(crate) fn large(who: &Person) -> impl IntoView + use<> {
    let circle = html::span().class("avatar avatar-large").attr("data-hue", hue(who.id)).attr("aria-hidden", "true");
    circle.child(inside(who, false))
}

/// What says of a bot that it is one.
pub(crate) fn bot(who: &Person) -> impl IntoView + use<> {
    who.bot.then(|| html::span().class("tag").child("bot"))
}

/// Somebody's picture, or the letters that stand for it.
fn inside(who: &Person, small: bool) -> AnyView {
    if who.picture {
        let address = format!("/api/v1/people/{}/picture?small={small}&v={}", who.id, who.version);
        html::img().attr("src", address).attr("alt", "").attr("draggable", "false").into_any()
    } else {
        html::span().child(initials(who.called())).into_any()
    }
}

/// What stands before a conversation in the sidebar and above it.
pub(crate) fn sign(app: App, chat: &Chat) -> AnyView {
    match &chat.kind {
        Kind::Public => icon::hash().into_any(),
        Kind::Private => icon::lock().into_any(),
        Kind::Notes => circle(icon::note().into_any(), || None).into_any(),
        Kind::One(other) => face(app, other, None).into_any(),
        Kind::Group(_) => circle(icon::people().into_any(), || None).into_any(),
    }
}

/// `online`, `away`, `offline`
pub(crate) fn presence(seen: Option<Seen>) -> Option<&'static str> {
    seen.map(|seen| name(seen.presence))
}

fn circle(inside: AnyView, dot: impl Fn() -> Option<Presence> + Send + 'static) -> impl IntoView + AddAnyAttr {
    html::span()
        .class("avatar")
        .attr("aria-hidden", "true")
        .child((inside, move || dot().map(|presence| html::span().class("dot").attr("data-presence", name(presence)))))
}

fn name(presence: Presence) -> &'static str {
    match presence {
        Presence::Online => "online",
        Presence::Away => "away",
        Presence::Offline => "offline",
    }
}

/// The first letters of the first two words.
fn initials(name: &str) -> String {
    let firsts = name.split([' ', '.', '-', '_']).filter_map(|word| word.chars().next());
    firsts.take(2).flat_map(char::to_uppercase).collect()
}

/// One of the colours that the style has; the same person has the same one everywhere.
fn hue(who: UserId) -> String {
    who.number().rem_euclid(HUES).to_string()
}
