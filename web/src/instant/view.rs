//! What is on the screen, one file per thing. A view reads signals and gives inputs; it decides nothing. What people said and
//! called themselves is shown as text nodes: it is never markup.

mod account;
mod composer;
mod connection;
mod doorstep;
mod emoji;
mod left;
mod people;
mod preview;
mod room;
mod share;
mod talk;

use leptos::{html, prelude::*};
use parts::icon;

use crate::{screen::Stage, visit::Visit};

/// The dialogs, so that a button anywhere can open one.
#[derive(Clone, Copy)]
pub(crate) struct Dialogs {
    people: NodeRef<html::Dialog>,
    share: NodeRef<html::Dialog>,
    account: NodeRef<html::Dialog>,
}

/// Puts the page in its place.
pub(crate) fn show(visit: Visit) {
    let place = visit.place();
    place.replace_children_with_node_0();
    mount_to(place, move || {
        move || match visit.screen.stage.get() {
            Stage::Door => doorstep::doorstep(visit).into_any(),
            Stage::Room => room::room(visit).into_any(),
            Stage::Left => left::left(visit).into_any(),
        }
    })
    .forget();
}

/// A card on a page of its own, as the server's pages have it.
fn framed(visit: Visit, card: impl IntoView) -> impl IntoView {
    let home = html::a().attr("href", "/").child((icon::bird(), visit.page().server));
    html::div().class("door").child((
        html::header().class("door-head").child(home),
        card,
        html::footer().class("door-foot").child("Runs on Stonechat"),
    ))
}
