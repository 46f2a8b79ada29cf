//! A token and a hook are made here.

use leptos::{ev, html, prelude::*};
use model::{
    HookKind, Person, RoomId, Scope,
    limits::{DISPLAY_NAME_CHARS_MAX, HOOK_URL_BYTES_MAX},
};
use protocol::http::{HookBody, TokenBody};
use web_sys::SubmitEvent;

use super::{Keeping, Page, head, told::Told};
use crate::chat::Chat;

/// What a token may be allowed, whether it is at first, and what that means.
const SCOPES: [(Scope, bool, &str, &str); 3] = [
    (Scope::Read, true, "Read", "See the rooms that the bot is in, and listen there."),
    (Scope::Post, true, "Post", "Say something there, change it, react, send files."),
    (Scope::Join, false, "Join", "Enter public rooms, and leave rooms."),
];

pub(super) fn token(this: Keeping, bot: Person) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    let ticks = SCOPES.map(|_| NodeRef::<html::Input>::new());
    let (back, title) = (Page::One(bot.clone()), format!("A token of {}", bot.called()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let ticked = |tick: &NodeRef<html::Input>| tick.get_untracked().is_some_and(|tick| tick.checked());
        let scopes = SCOPES.iter().zip(&ticks).filter(|(_, tick)| ticked(tick)).map(|(scope, _)| scope.0).collect();
        let Some(label) = field.get_untracked().map(|field| field.value()) else { return };
        let (bot, body) = (bot.clone(), TokenBody { label, scopes });
        if body.label.trim().is_empty() {
            return this.lacks("Say what the token is for.");
        }
        if body.scopes.is_empty() {
            return this.lacks("Tick what the token may do: one thing at least.");
        }
        this.run(async move {
            let secret = this.app.make_token(bot.id, &body).await?;
            let told = Told::token(&bot, secret);
            Ok(Page::Told(bot, told))
        });
    };
    let tick =
        move |((_, on, name, words), node): (&(Scope, bool, &'static str, &'static str), NodeRef<html::Input>)| {
            let input = html::input().node_ref(node).attr("type", "checkbox").attr("name", name.to_lowercase());
            html::label().class("tick").child((
                input.prop("checked", *on).on(ev::change, move |_| this.trouble.set(None)),
                html::span().child((*name, html::span().class("hint").child(*words))),
            ))
        };
    (
        head(this, back, title),
        html::form().class("stack").on(ev::submit, submit).child((
            html::div().class("labelled").child((
                html::label().attr("for", "token-label").child("What is it for?"),
                html::input()
                    .node_ref(field)
                    .attr("id", "token-label")
                    .attr("type", "text")
                    .attr("maxlength", DISPLAY_NAME_CHARS_MAX.to_string())
                    .attr("autocomplete", "off")
                    .attr("dir", "auto")
                    .attr("autofocus", "")
                    .attr("placeholder", "Builds of the web site")
                    .on(ev::input, move |_| this.trouble.set(None)),
            )),
            html::fieldset().class("labelled").child((
                html::legend().child("What may a program do with it?"),
                SCOPES.iter().zip(ticks).map(tick).collect_view(),
            )),
            this.submit("Make the token"),
        )),
    )
}

pub(super) fn hook(this: Keeping, bot: Person) -> impl IntoView {
    let (field, select) = (NodeRef::<html::Input>::new(), NodeRef::<html::Select>::new());
    let kind = RwSignal::new(HookKind::Incoming);
    let (back, title) = (Page::One(bot.clone()), format!("A hook of {}", bot.called()));
    let hint = format!("{} is brought into the room, if it is not there.", bot.called());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(room) = select.get_untracked().and_then(|select| select.value().parse::<RoomId>().ok()) else {
            return;
        };
        let url = field.get_untracked().map(|field| field.value().trim().to_owned()).unwrap_or_default();
        let body = match kind.get_untracked() {
            HookKind::Incoming => HookBody::Incoming { room },
            HookKind::Outgoing if url.is_empty() => return this.lacks("Say where the messages are to be brought."),
            HookKind::Outgoing => HookBody::Outgoing { room, url },
        };
        let bot = bot.clone();
        this.run(async move {
            let secret = this.app.make_hook(&bot, &body).await?;
            let told = Told::hook(&bot, &this.app.title(room).unwrap_or_default(), kind.get_untracked(), secret);
            Ok(Page::Told(bot, told))
        });
    };
    let rooms = rooms(this);
    (
        head(this, back, title),
        if rooms.is_empty() {
            html::p()
                .class("hint")
                .child("A hook belongs to a room, and you are in none yet. Join one first.")
                .into_any()
        } else {
            html::form()
                .class("stack")
                .on(ev::submit, submit)
                .child((
                    html::div().class("labelled").child((
                        html::label().attr("for", "hook-room").child("Room"),
                        chooser(this, select, rooms),
                        html::p().class("hint").child(hint),
                    )),
                    ways(this, kind),
                    move || (kind.get() == HookKind::Outgoing).then(|| address(this, field)),
                    this.submit("Make the hook"),
                ))
                .into_any()
        },
    )
}

/// The rooms that a bot could be in, by their names.
fn rooms(this: Keeping) -> Vec<Chat> {
    let lists = this.app.screen.lists().into_iter().flat_map(|list| list.get_untracked());
    let mut rooms: Vec<Chat> = lists.map(|item| item.chat).filter(|chat| !chat.kind.is_direct()).collect();
    rooms.sort_by_key(|room| room.title.to_lowercase());
    rooms
}

fn chooser(this: Keeping, select: NodeRef<html::Select>, rooms: Vec<Chat>) -> impl IntoView {
    let open = this.app.screen.open.get_untracked();
    let option = |room: Chat| {
        let option = html::option().attr("value", room.id.to_string());
        option.attr("selected", (open == Some(room.id)).then_some("")).child(room.title.to_string())
    };
    html::select()
        .node_ref(select)
        .attr("id", "hook-room")
        .attr("autofocus", "")
        .on(ev::change, move |_| this.trouble.set(None))
        .child(rooms.into_iter().map(option).collect_view())
}

/// Which way it leads.
fn ways(this: Keeping, kind: RwSignal<HookKind>) -> impl IntoView {
    let way = move |(one, words): (HookKind, &'static str)| {
        let turned = move |_| {
            this.trouble.set(None);
            kind.set(one);
        };
        html::label().child((
            html::input()
                .attr("type", "radio")
                .attr("name", "hook-kind")
                .attr("aria-describedby", "hook-words")
                .prop("checked", move || kind.get() == one)
                .on(ev::change, turned),
            html::span().child(words),
        ))
    };
    let ways = [(HookKind::Incoming, "Incoming"), (HookKind::Outgoing, "Outgoing")];
    html::fieldset().class("labelled").child((
        html::legend().child("Which way?"),
        html::div().class("choices").child(ways.map(way).into_iter().collect_view()),
        html::p().class("hint").attr("id", "hook-words").attr("role", "status").child(move || match kind.get() {
            HookKind::Incoming => "Another program says something in the room, at an address that you give it.",
            HookKind::Outgoing => "Each message in the room is brought to another program, at an address of its own.",
        }),
    ))
}

/// Where an outgoing one leads.
fn address(this: Keeping, field: NodeRef<html::Input>) -> impl IntoView {
    html::div().class("labelled").child((
        html::label().attr("for", "hook-url").child("Address"),
        html::input()
            .node_ref(field)
            .attr("id", "hook-url")
            .attr("type", "text")
            .attr("inputmode", "url")
            .attr("maxlength", HOOK_URL_BYTES_MAX.to_string())
            .attr("autocomplete", "off")
            .attr("autocapitalize", "none")
            .attr("spellcheck", "false")
            .attr("placeholder", "https://example.org/messages")
            .on(ev::input, move |_| this.trouble.set(None)),
    ))
}
