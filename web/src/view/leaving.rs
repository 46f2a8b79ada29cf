//! Logging out: nothing of the person stays on the device, and what was not sent yet would be lost with it.

use client::Connection;
use leptos::{ev, html, prelude::*, task::spawn_local};

use crate::{
    app::App,
    view::{Dialogs, dialog},
};

/// What is in the way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// So many messages are not sent yet.
    Unsent(usize),
    /// The server has to end the session, and cannot be reached; so many messages are not sent yet.
    Offline(usize),
}

/// The button, a form of its own: without the app it would do the same.
pub(crate) fn log_out(app: App, dialogs: Dialogs) -> impl IntoView {
    let form = dialogs.log_out;
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if doubt(app).is_some() {
            return dialog::open(dialogs.leaving);
        }
        leave(app, form);
    };
    html::form()
        .node_ref(form)
        .attr("method", "post")
        .attr("action", "/logout")
        .on(ev::submit, submit)
        .child(html::button().attr("type", "submit").class("quiet").child("Log out"))
}

/// The question that is asked first if something would be lost.
pub(crate) fn leaving(app: App, dialogs: Dialogs) -> impl IntoView {
    let dialog = dialogs.leaving;
    let asked = RwSignal::new(None::<Doubt>);
    let button =
        |words: &'static str, class: &'static str| html::button().attr("type", "button").class(class).child(words);
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("id", "leaving")
        .attr("role", "alertdialog")
        .attr("aria-labelledby", "leaving-title")
        .attr("aria-describedby", "leaving-words")
        .on(ev::toggle, move |_| asked.set(doubt(app)))
        .child((
            dialog::head(dialog, "leaving-title", "Log out"),
            html::p().attr("id", "leaving-words").child(move || asked.get().map(words)),
            html::div().class("dialog-foot").child((
                button("Stay", "quiet").on(ev::click, move |_| dialog::close(dialog)),
                move || {
                    (!matches!(asked.get(), Some(Doubt::Offline(_))))
                        .then(|| button("Log out", "danger").on(ev::click, move |_| leave(app, dialogs.log_out)))
                },
            )),
        ))
}

fn doubt(app: App) -> Option<Doubt> {
    let away = match app.screen.connection.get_untracked() {
        Connection::Offline { .. } => true,
        Connection::Connecting { attempt } => attempt > 0,
        Connection::Online | Connection::Stopped { .. } | Connection::SignedOut => false,
    };
    let unsent = app.unsent();
    if away { Some(Doubt::Offline(unsent)) } else { (unsent > 0).then_some(Doubt::Unsent(unsent)) }
}

fn words(doubt: Doubt) -> String {
    match doubt {
        Doubt::Unsent(1) => "1 message was not sent yet. Log out and lose it?".to_owned(),
        Doubt::Unsent(count) => format!("{count} messages were not sent yet. Log out and lose them?"),
        Doubt::Offline(count) => {
            let unsent = match count {
                0 => String::new(),
                1 => "1 message was not sent yet. ".to_owned(),
                _ => format!("{count} messages were not sent yet. "),
            };
            format!(
                "{unsent}The server cannot be reached, and only it can end your session. Try again when you are online."
            )
        }
    }
}

/// Forgets everything here, and then has the server end the session.
fn leave(app: App, form: NodeRef<html::Form>) {
    let Some(form) = form.get_untracked() else { return };
    spawn_local(async move {
        app.clear_out().await;
        let _ = form.submit();
    });
}
