//! From guest to member: an account is made here, and the room stays open.

use leptos::{ev, html, prelude::*, task::spawn_local};
use parts::{dialog, fetch};
use protocol::http::{SignUpBody, SignedIn};

use crate::visit::Visit;

const ACCOUNTS: &str = "/api/v1/accounts";

pub(crate) fn account(visit: Visit, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let made = RwSignal::new(None::<String>);
    let sign_up = visit.page().sign_up;
    let body = move || {
        match (made.get(), sign_up.as_str()) {
        (Some(name), _) => member(&name).into_any(),
        (None, "open") => form(visit, made).into_any(),
        (None, "invitation") => {
            closed("Accounts on this server are made by invitation. Open the link that you were sent; this room stays as it is.")
                .into_any()
        }
        (None, _) => closed("Nobody can make an account here by themselves. Ask whoever runs this server.").into_any(),
    }
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("id", "account")
        .attr("aria-labelledby", "account-title")
        .child((
            dialog::head(dialog, "account-title", "Make an account"),
            html::div().class("stack").attr("aria-live", "polite").child(body),
        ))
}

fn closed(words: &'static str) -> impl IntoView {
    (
        html::p().class("hint").child(words),
        html::a()
            .class("button outline")
            .attr("href", "/login")
            .attr("target", "_blank")
            .child("I have one: log in, in another tab"),
    )
}

fn member(name: &str) -> impl IntoView + use<> {
    (
        html::p().child((
            "You are ",
            html::bdi().child(name.to_owned()),
            " on this server now. This room stays open, and stays without a trace.",
        )),
        html::a()
            .class("button primary")
            .attr("id", "to-rooms")
            .attr("href", "/rooms/")
            .attr("target", "_blank")
            .child("Open the rooms that are kept, in another tab"),
    )
}

fn form(visit: Visit, made: RwSignal<Option<String>>) -> impl IntoView {
    let (name, password) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let trouble = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(password)) = (name.get_untracked(), password.get_untracked()) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        spawn_local(async move {
            let body = SignUpBody { username: name.value(), password: password.value(), invitation: None };
            match fetch::post::<SignedIn>(&visit.window(), ACCOUNTS, &body).await {
                Ok(signed_in) => made.set(Some(signed_in.you.name.to_string())),
                Err(why) => trouble.set(Some(why.words())),
            }
            busy.set(false);
        });
    };
    html::form().class("stack").on(ev::submit, submit).child((
        html::p().class("hint").child(
            "For the rooms that are kept. This room stays open meanwhile, and nobody in it learns of the account.",
        ),
        html::label().attr("for", "username").child("Username"),
        html::input()
            .node_ref(name)
            .attr("id", "username")
            .attr("type", "text")
            .attr("autocomplete", "username")
            .attr("autocapitalize", "none")
            .attr("spellcheck", "false")
            .attr("required", ""),
        html::label().attr("for", "password").child("Password"),
        html::input()
            .node_ref(password)
            .attr("id", "password")
            .attr("type", "password")
            .attr("autocomplete", "new-password")
            .attr("minlength", "8")
            .attr("required", "")
            .attr("aria-describedby", "password-hint"),
        html::p()
            .attr("id", "password-hint")
            .class("hint")
            .child("At least 8 characters; a few unrelated words are better."),
        html::p().class("trouble").attr("role", "alert").child(move || trouble.get()),
        html::button()
            .attr("type", "submit")
            .class("primary")
            .attr("aria-disabled", move || busy.get().then_some("true"))
            .child("Make the account"),
    ))
}
