//! The room: its head, the contract, the talk, and beside it, where there is space, who is here and how others come in.

use leptos::{ev, html, prelude::*};
use parts::{dialog, icon};

use crate::{
    page::Room,
    view::{Dialogs, account, composer, connection, people, share, talk},
    visit::Visit,
};

pub(crate) fn room(visit: Visit) -> impl IntoView {
    let dialogs = Dialogs { people: NodeRef::new(), share: NodeRef::new(), account: NodeRef::new() };
    let plain = matches!(visit.page().room, Room::Plain(_));
    let stage =
        html::main().class("stage room").attr("data-line", move || connection::name(visit.screen.line.get())).child((
            head(visit, dialogs),
            contract(plain),
            talk::talk(visit),
            people::typing(visit),
            composer::composer(visit, plain),
        ));
    let aside = html::aside().class("beside").child((
        html::section().attr("aria-labelledby", "here-title").child((
            html::h2().attr("id", "here-title").child(if plain { "Heard lately" } else { "Here" }),
            people::people(visit),
        )),
        html::section()
            .attr("aria-labelledby", "share-title")
            .child((html::h2().attr("id", "share-title").child("Let others in"), share::share(visit, plain))),
    ));
    html::div().class("instant").child((
        stage,
        aside,
        connection::connection(visit),
        people::dialog(visit, dialogs.people, plain),
        share::dialog(visit, dialogs.share, plain),
        account::account(visit, dialogs.account),
    ))
}

/// What is promised and what is not, in one sentence.
pub(crate) fn contract(plain: bool) -> impl IntoView {
    html::p().class("contract").child(if plain {
        "Nothing is kept, but this room is not encrypted: whoever guesses its name is in, and the server could read along."
    } else {
        "Nothing is kept, and only browsers that have the link can read along; what people do with what they see, nobody can promise."
    })
}

fn head(visit: Visit, dialogs: Dialogs) -> impl IntoView {
    let page = visit.page();
    let (title, plain) = match page.room {
        Room::Plain(name) => (name, true),
        Room::New | Room::Sealed(_) | Room::NoKey | Room::NoCrypto => ("Instant room".to_owned(), false),
    };
    let count = move || visit.screen.people.with(Vec::len) + 1;
    let button = |class: &'static str, label: &'static str, open: NodeRef<html::Dialog>| {
        html::button()
            .attr("type", "button")
            .class(class)
            .attr("aria-label", label)
            .on(ev::click, move |_| dialog::open(open))
    };
    html::header().class("room-head").child((
        if plain { icon::unlocked().into_any() } else { icon::lock().into_any() },
        html::div().class("room-title").child((
            html::h1().child(html::bdi().child(title)),
            html::p().class("room-about").attr("data-plain", plain.then_some("true")).child(if plain {
                "Not encrypted"
            } else {
                "Encrypted"
            }),
        )),
        button(
            "quiet narrow members-button",
            if plain { "People heard lately" } else { "People here" },
            dialogs.people,
        )
        .child((icon::people(), html::b().child(count))),
        button("quiet round narrow", "Let others in", dialogs.share).child(icon::link()),
        page.person.is_none().then(|| {
            html::button()
                .attr("type", "button")
                .attr("id", "become-member")
                .class("quiet")
                .on(ev::click, move |_| dialog::open(dialogs.account))
                .child((icon::plus(), html::span().child("Account")))
        }),
        html::button()
            .attr("type", "button")
            .attr("id", "leave")
            .class("quiet")
            .on(ev::click, move |_| visit.leave())
            .child((icon::leave(), html::span().child("Leave"))),
    ))
}
