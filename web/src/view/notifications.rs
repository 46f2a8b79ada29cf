//! Of what this device tells its person at once: the dialog that says how things stand, asks the browser, and tries it out.

use leptos::{ev, html, prelude::*, task::spawn_local};

use crate::{
    app::App,
    driver::{
        notice::{self, Leave},
        shelf::Told,
    },
    view::{dialog, pushes::Pushing, quiet},
};

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct State {
    app: App,
    leave: RwSignal<Leave>,
    told: RwSignal<Told>,
    /// What became of the last try.
    tried: RwSignal<Option<&'static str>>,
}

pub(crate) fn notifications(app: App, dialog: NodeRef<html::Dialog>) -> impl IntoView {
    let leave = RwSignal::new(notice::leave(&app.window()));
    let state = State { app, leave, told: RwSignal::new(app.told()), tried: RwSignal::new(None) };
    let pushing = Pushing::new(app);
    let shows = move |told: Told| told.shown;
    let sounds = move |told: Told| told.sound;
    html::dialog()
        .node_ref(dialog)
        .class("dialog")
        .attr("id", "notifications")
        .attr("aria-labelledby", "notifications-title")
        // The browser's own settings may have changed since.
        .on(ev::toggle, move |_| {
            state.leave.set(notice::leave(&app.window()));
            state.tried.set(None);
            pushing.look();
        })
        .child((
            dialog::head(dialog, "notifications-title", "Notifications"),
            html::p().child("A message is told of at once while you are not looking at its room. The bell in a room's head says of which messages of that room."),
            html::div()
                .class("notify-leave")
                .attr("aria-live", "polite")
                .attr("data-leave", move || name(leave.get()))
                .child(move || state.leave(shows)),
            state.switch(("notify-sound", "Play a sound"), sounds, |told, on| told.sound = on),
            html::div().class("dialog-foot").child((
                html::p().class("hint").attr("role", "status").child(move || state.tried.get()),
                html::button()
                    .attr("type", "button")
                    .class("outline")
                    .on(ev::click, move |_| state.try_out())
                    .child("Try it"),
            )),
            pushing.view(),
            quiet::quiet(app),
        ))
}

fn name(leave: Leave) -> &'static str {
    match leave {
        Leave::Unsupported => "unsupported",
        Leave::Unasked => "unasked",
        Leave::Granted => "granted",
        Leave::Denied => "denied",
    }
}

impl State {
    /// How it stands with the browser, and what can be done about it.
    fn leave(self, shows: impl Fn(Told) -> bool + Copy + Send + Sync + 'static) -> AnyView {
        match self.leave.get() {
            Leave::Granted => self
                .switch(("notify-shown", "Show notifications on this device"), shows, |told, on| told.shown = on)
                .into_any(),
            Leave::Unasked => (
                html::p().child("This browser does not show notifications of Stonechat yet."),
                html::button().attr("type", "button").class("primary").on(ev::click, move |_| self.ask()).child("Allow notifications"),
            )
                .into_any(),
            Leave::Denied => html::p()
                .child("This browser was told to show no notifications of this site. Only its own settings for the site can change that.")
                .into_any(),
            Leave::Unsupported => html::p()
                .child("This browser cannot show notifications here: it has none, or the server is not reached by HTTPS.")
                .into_any(),
        }
    }

    fn switch(
        self,
        (id, words): (&'static str, &'static str),
        on: impl Fn(Told) -> bool + Send + Sync + 'static,
        change: impl Fn(&mut Told, bool) + 'static,
    ) -> impl IntoView {
        let turned = move |event: web_sys::Event| {
            self.told.update(|told| change(told, event_target_checked(&event)));
            self.app.set_told(self.told.get_untracked());
        };
        html::label().class("switch").child((
            html::span().child(words),
            html::input()
                .attr("id", id)
                .attr("type", "checkbox")
                .attr("role", "switch")
                .prop("checked", move || on(self.told.get()))
                .on(ev::change, turned),
        ))
    }

    fn ask(self) {
        spawn_local(async move {
            let leave = notice::ask(&self.app.window()).await;
            self.leave.set(leave);
            if leave == Leave::Granted {
                self.told.update(|told| told.shown = true);
                self.app.set_told(self.told.get_untracked());
            }
        });
    }

    fn try_out(self) {
        let told = self.told.get_untracked();
        let shown = told.shown && self.leave.get_untracked() == Leave::Granted;
        let done = self.app.try_out();
        self.tried.set(Some(match (done, shown, told.sound) {
            (false, ..) => "This browser did not show it.",
            (true, true, _) => "Shown. If you do not see it, look at the device's own settings.",
            (true, false, true) => "Played.",
            (true, false, false) => "Everything is off.",
        }));
    }
}
