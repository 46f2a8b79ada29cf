//! The link, to copy or to photograph.

use std::fmt::Write as _;

use leptos::{ev, html, prelude::*, svg, task::spawn_local};
use parts::dialog;
use qrcodegen::{QrCode, QrCodeEcc};
use wasm_bindgen_futures::JsFuture;

use crate::visit::Visit;

/// Light around the squares, in squares; readers of such codes want it.
const MARGIN: i32 = 3;

pub(crate) fn share(visit: Visit, plain: bool) -> impl IntoView {
    let link = visit.screen.link;
    let field = NodeRef::<html::Input>::new();
    let copied = RwSignal::new(None::<bool>);
    let copy = move |_| {
        spawn_local(async move {
            let link = link.get_untracked();
            let window = visit.window();
            // A page that came over http has no clipboard.
            let written = window.is_secure_context()
                && JsFuture::from(window.navigator().clipboard().write_text(&link)).await.is_ok();
            if !written && let Some(field) = field.get_untracked() {
                field.select();
            }
            copied.set(Some(written));
        });
    };
    html::div().class("share").child((
        move || code(&link.get()),
        html::p().class("hint").child(if plain {
            "Whoever opens this address, or types the room's name, is in."
        } else {
            "Whoever has this link is in. Send it by a way you trust: the room's key is in it."
        }),
        html::input()
            .node_ref(field)
            .attr("type", "text")
            .attr("readonly", "")
            .attr("autocomplete", "off")
            .attr("aria-label", "Link to this room")
            .prop("value", move || link.get()),
        html::button().attr("type", "button").class("primary").on(ev::click, copy).child(move || match copied.get() {
            Some(true) => "Copied",
            Some(false) => "Copy what is marked",
            None => "Copy the link",
        }),
    ))
}

/// The same, where there is no space beside the room.
pub(crate) fn dialog(visit: Visit, dialog: NodeRef<html::Dialog>, plain: bool) -> impl IntoView {
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("aria-labelledby", "link-title")
        .child((dialog::head(dialog, "link-title", "Let others in"), share(visit, plain)))
}

/// The link as a square that telephones read.
fn code(link: &str) -> Option<impl IntoView + use<>> {
    let code = QrCode::encode_text(link, QrCodeEcc::Low).ok()?;
    let squares = code.size();
    let mut path = String::new();
    for y in 0..squares {
        for x in (0..squares).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let side = squares + 2 * MARGIN;
    Some(
        svg::svg()
            .attr("class", "code")
            .attr("viewBox", format!("-{MARGIN} -{MARGIN} {side} {side}"))
            .attr("role", "img")
            .attr("aria-label", "The link as a QR code")
            .attr("shape-rendering", "crispEdges")
            .child(svg::path().attr("d", path)),
    )
}
