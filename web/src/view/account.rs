//! The person's own corner: name, colours, receipts, inviting others, logging out.

use leptos::{ev, html, prelude::*, task::spawn_local};

use crate::{
    app::App,
    driver::theme::Theme,
    view::{Dialogs, dialog, face, icon, later, leaving, receipts},
};

/// The menu's name, for the buttons that open and close it.
const MENU: &str = "account-menu";

/// The button in the corner.
pub(crate) fn account(app: App) -> impl IntoView {
    let name = move || app.screen.me.get().map(|me| me.person.called().to_owned()).unwrap_or_default();
    html::div().class("account").child(
        html::button()
            .attr("type", "button")
            .class("account-button")
            .attr("popovertarget", MENU)
            .on(ev::click, move |event| later::opens(app, &event))
            .child((
                move || app.screen.me.get().map(|me| face::of(&me.person)),
                html::span().class("unseen").child("Account of "),
                html::bdi().class("account-name").child(name),
                icon::dots(),
            )),
    )
}

/// Its menu.
pub(crate) fn menu(app: App, dialogs: Dialogs, [bots, emoji]: [NodeRef<html::Dialog>; 2]) -> impl IntoView {
    let administers = move || app.screen.me.with(|me| me.as_ref().is_some_and(|me| me.admin));
    html::div().attr("id", MENU).attr("popover", "auto").class("menu").child((
        themes(app),
        receipts::receipts(app),
        html::button()
            .attr("type", "button")
            .attr("id", "edit-profile")
            .class("quiet")
            .attr("popovertarget", MENU)
            .attr("popovertargetaction", "hide")
            .on(ev::click, move |_| later::open(app, dialogs.profile))
            .child("Your profile"),
        html::button()
            .attr("type", "button")
            .attr("id", "open-notifications")
            .class("quiet")
            .attr("popovertarget", MENU)
            .attr("popovertargetaction", "hide")
            .on(ev::click, move |_| later::open(app, dialogs.notifications))
            .child("Notifications"),
        html::button()
            .attr("type", "button")
            .class("quiet")
            .attr("popovertarget", MENU)
            .attr("popovertargetaction", "hide")
            .on(ev::click, move |_| later::open(app, dialogs.invite))
            .child("Invite somebody"),
        html::button()
            .attr("type", "button")
            .attr("id", "keep-bots")
            .class("quiet")
            .attr("popovertarget", MENU)
            .attr("popovertargetaction", "hide")
            .on(ev::click, move |_| dialog::open(bots))
            .child("Bots"),
        move || {
            administers().then(|| {
                html::button()
                    .attr("type", "button")
                    .attr("id", "keep-emoji")
                    .class("quiet")
                    .attr("popovertarget", MENU)
                    .attr("popovertargetaction", "hide")
                    .on(ev::click, move |_| dialog::open(emoji))
                    .child("Custom emoji")
            })
        },
        html::a().class("button quiet").attr("href", "/i").attr("target", "_blank").child("Instant room"),
        leaving::log_out(app, dialogs),
    ))
}

/// Dark, light, or as the device says.
fn themes(app: App) -> impl IntoView {
    let chosen = RwSignal::new(Theme::kept(&app.window()));
    html::fieldset().class("themes").child((
        html::legend().child("Colours"),
        html::div().class("choices").child(
            Theme::ALL
                .map(|theme| {
                    html::label().child((
                        html::input()
                            .attr("type", "radio")
                            .attr("name", "theme")
                            .prop("checked", move || chosen.get() == theme)
                            .on(ev::change, move |_| {
                                theme.choose(&app.window());
                                chosen.set(theme);
                            }),
                        html::span().child(theme.label()),
                    ))
                })
                .into_iter()
                .collect_view(),
        ),
    ))
}

/// What became of the wish for an invitation.
#[derive(Clone)]
enum Wish {
    Asked,
    Link(String),
    Trouble(String),
}

/// A link for one person to make an account by.
pub(crate) fn invite(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let wish = RwSignal::new(Wish::Asked);
    let copied = RwSignal::new(false);
    let ask = move || {
        copied.set(false);
        wish.set(Wish::Asked);
        spawn_local(async move {
            let origin = app.window().location().origin().unwrap_or_default();
            wish.set(match app.invite().await {
                Ok(invitation) => Wish::Link(format!("{origin}/invite/{}", invitation.code)),
                Err(why) => Wish::Trouble(why.words()),
            });
        });
    };
    let copy = move |link: String| {
        spawn_local(async move { copied.set(app.copy(&link).await) });
    };
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("aria-labelledby", "invite-title")
        .on(ev::toggle, move |_| {
            if dialog.get_untracked().is_some_and(|dialog| dialog.open()) {
                ask();
            }
        })
        .child((
            dialog::head(dialog, "invite-title", "Invite somebody"),
            html::div().class("stack").attr("aria-live", "polite").child(move || match wish.get() {
                Wish::Asked => html::p().class("hint").child("One moment…").into_any(),
                Wish::Trouble(words) => html::p().class("trouble").child(words).into_any(),
                Wish::Link(link) => (
                    html::p().class("hint").child("One person can make one account with this link, within seven days."),
                    html::input()
                        .attr("type", "text")
                        .attr("readonly", "")
                        .attr("aria-label", "Invitation link")
                        .attr("value", link.clone()),
                    html::button()
                        .attr("type", "button")
                        .class("primary")
                        .on(ev::click, move |_| copy(link.clone()))
                        .child(move || if copied.get() { "Copied" } else { "Copy the link" }),
                )
                    .into_any(),
            }),
        ))
}
