//! Before the room: what it is, what it promises, and a nickname.

use leptos::{ev, html, prelude::*, task::spawn_local};
use parts::icon;

use crate::{
    page::Room,
    view::{framed, room::contract},
    visit::Visit,
};

pub(crate) fn doorstep(visit: Visit) -> impl IntoView {
    let page = visit.page();
    let room = page.room.clone();
    let title = match &room {
        Room::New => "A new instant room".to_owned(),
        Room::Sealed(_) => "You are invited to an instant room".to_owned(),
        Room::Plain(name) => name.clone(),
        Room::NoKey => "This link is not whole".to_owned(),
        Room::NoCrypto => "No encryption here".to_owned(),
    };
    // The address brought a nickname: the person has chosen already.
    if let (Room::Plain(_), Some(nick)) = (&room, page.nick.clone()) {
        spawn_local(visit.enter(nick));
    }
    let plain = matches!(room, Room::Plain(_));
    let opens = !matches!(room, Room::NoKey | Room::NoCrypto);
    let no_crypto = room == Room::NoCrypto;
    let body = match &room {
        Room::New | Room::Sealed(_) | Room::Plain(_) => nickname(visit, &room).into_any(),
        Room::NoKey => html::div()
            .class("stack")
            .child((
                html::p().class("hint").child(
                    "What stands behind the # of this address is the room's key, and it is not complete. Ask whoever sent you the \
                     link to copy it again, with all of its characters.",
                ),
                html::a().class("button primary").attr("href", "/i").attr("target", "_self").child("New instant room"),
            ))
            .into_any(),
        Room::NoCrypto => html::p()
            .class("hint")
            .child(
                "Browsers encrypt only on pages that came over https. Open this server by its https address, or take a plain \
                 room, which is not encrypted: the server could read along.",
            )
            .into_any(),
    };
    let card = html::main().class("card").child((
        opens.then(|| kind(plain)),
        html::h1().attr("dir", "auto").child(title),
        body,
        (!plain).then(|| plain_room(no_crypto)),
    ));
    framed(visit, card)
}

/// What kind of room it is.
fn kind(plain: bool) -> impl IntoView {
    html::p().class("kind").attr("data-plain", plain.then_some("true")).child(if plain {
        (icon::unlocked().into_any(), "Plain room, not encrypted")
    } else {
        (icon::lock().into_any(), "Encrypted, keeps nothing")
    })
}

fn nickname(visit: Visit, room: &Room) -> impl IntoView + use<> {
    let field = NodeRef::<html::Input>::new();
    let busy = RwSignal::new(false);
    let plain = matches!(room, Room::Plain(_));
    let go = if matches!(room, Room::New) { "Open the room" } else { "Come in" };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(input) = field.get_untracked() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            visit.enter(input.value()).await;
            busy.set(false);
        });
    };
    html::form().attr("id", "enter").attr("autocomplete", "off").on(ev::submit, submit).child((
        html::div().class("field").child((
            html::label().attr("for", "nick").child("Nickname"),
            html::input()
                .node_ref(field)
                .attr("id", "nick")
                .attr("type", "text")
                .attr("maxlength", "32")
                .attr("autocomplete", "off")
                .attr("spellcheck", "false")
                .attr("dir", "auto")
                .attr("enterkeyhint", "go")
                .attr("autofocus", "")
                .attr("aria-describedby", "nick-hint")
                .attr("value", visit.page().suggested_nick()),
            html::p().attr("id", "nick-hint").class("hint").child("Any name, for as long as this page is open."),
        )),
        html::p().class("trouble").attr("role", "alert").child(move || visit.screen.trouble.get()),
        html::button().attr("type", "submit").class("primary").child(go),
        contract(plain),
    ))
}

/// The way into a plain room, which is the server's own form.
fn plain_room(unfolded: bool) -> impl IntoView {
    let field = |name: &'static str, label: &'static str, length: &'static str| {
        html::div().class("field").child((
            html::label().attr("for", name).child(label),
            html::input()
                .attr("id", name)
                .attr("name", name)
                .attr("type", "text")
                .attr("maxlength", length)
                .attr("autocomplete", "off")
                .attr("dir", "auto"),
        ))
    };
    html::details().class("other-way").attr("open", unfolded.then_some("")).child((
        html::summary().child("A plain room by its name instead"),
        html::form().attr("method", "get").attr("action", "/").attr("autocomplete", "off").child((
            field("group", "Room", "64"),
            field("user", "Nickname", "32"),
            html::button().attr("type", "submit").class("outline").child("Join, not encrypted"),
        )),
    ))
}
