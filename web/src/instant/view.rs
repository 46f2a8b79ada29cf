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
