//! What stands for somebody: the first letter of their name in a circle, and a dot whose form says whether they are there.
//!
//! Neither says anything to a screen reader: the words beside them do.

use leptos::{html, prelude::*};
use model::{Presence, Seen, UserId};

use crate::{
    app::App,
    chat::{Chat, Kind},
    view::icon,
};

/// Somebody's circle. `told` is how they were when a list came that has them, for as long as nothing newer is heard.
pub(crate) fn face(app: App, who: UserId, name: &str, told: Option<Presence>) -> impl IntoView + use<> {
    let dot = move || app.seen(who).map(|seen| seen.presence).or(told);
    circle(html::span().child(initial(name)).into_any(), dot)
}

/// A circle without a dot: of one's own person, who is there, and where it does not matter.
pub(crate) fn plain(name: impl Fn() -> String + Send + 'static) -> impl IntoView {
    html::span().class("avatar").attr("aria-hidden", "true").child(move || initial(&name()))
}

/// What stands before a conversation in the sidebar and above it.
pub(crate) fn sign(app: App, chat: &Chat) -> AnyView {
    match &chat.kind {
        Kind::Public => icon::hash().into_any(),
        Kind::Private => icon::lock().into_any(),
        Kind::Notes => circle(icon::note().into_any(), || None).into_any(),
        Kind::One(other) => face(app, other.id, other.name.as_str(), None).into_any(),
        Kind::Group(_) => circle(icon::people().into_any(), || None).into_any(),
    }
}

/// `online`, `away`, `offline`
pub(crate) fn presence(seen: Option<Seen>) -> Option<&'static str> {
    seen.map(|seen| name(seen.presence))
}

fn circle(inside: AnyView, dot: impl Fn() -> Option<Presence> + Send + 'static) -> impl IntoView {
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

fn initial(name: &str) -> String {
    name.chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default()
}
