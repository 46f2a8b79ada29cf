//! After the room.

use leptos::{html, prelude::*};
use parts::icon;

use crate::visit::Visit;

pub(crate) fn left(visit: Visit) -> impl IntoView {
    let again = visit.screen.link.get_untracked();
    let head =
        html::header().class("door-head").child(html::a().attr("href", "/").child((icon::bird(), visit.page().server)));
    let card = html::main().class("card").child((
        html::h1().attr("tabindex", "-1").attr("autofocus", "").child("You have left"),
        html::p().child("What was said here is gone from this page, and was never kept by the server."),
        html::div().class("stack ways").child((
            html::a()
                .class("button primary")
                .attr("id", "another")
                .attr("href", "/i")
                .attr("data-way", "new")
                .child("New instant room"),
            (!again.is_empty()).then(|| html::a().class("button outline").attr("href", again).child("Go in again")),
            html::a().class("button quiet").attr("href", "/").child("Back to the start"),
        )),
    ));
    html::div().class("door").child((head, card, html::footer().class("door-foot").child("Runs on Stonechat")))
}
