//! Saying something later, being reminded of a message, and what is planned: one dialog.

use client::slash::action;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{Scheduled, Timestamp, limits::QUOTE_CHARS_MAX};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    app::App,
    driver::{address, clock, seed},
    screen::Plan,
    view::dialog,
};

const MINUTE_MS: i64 = 60_000;
/// What is offered: after so many minutes.
const SPANS: [(&str, i64); 3] = [("In 20 minutes", 20), ("In an hour", 60), ("In 3 hours", 180)];
/// And on the next day, at this hour.
const MORNING: u32 = 9;

/// The dialog's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct State {
    app: App,
    dialog: NodeRef<html::Dialog>,
    moment: NodeRef<html::Input>,
    planned: RwSignal<Vec<Scheduled>>,
    trouble: RwSignal<Option<String>>,
}

pub(crate) fn plan(app: App) -> impl IntoView {
    let state = State {
        app,
        dialog: NodeRef::new(),
        moment: NodeRef::new(),
        planned: RwSignal::new(Vec::new()),
        trouble: RwSignal::new(None),
    };
    let plan = app.screen.plan;
    Effect::new(move |_| {
        if plan.get().is_some() && state.dialog.get().is_some_and(|dialog| !dialog.open()) {
            state.opens();
        }
    });
    html::dialog()
        .node_ref(state.dialog)
        .class("dialog")
        .attr("id", "plan")
        .attr("aria-labelledby", "plan-title")
        .on(ev::close, move |_| {
            plan.set(None);
            wake(app);
        })
        .child((
            dialog::head(state.dialog, "plan-title", "Later"),
            move || plan.get().and_then(|plan| choice(state, &plan)),
            html::p().class("trouble").attr("role", "alert").child(move || state.trouble.get()),
            move || list(state),
        ))
}

/// Focuses anew what the browser gave the focus back to: a field that was emptied meanwhile has no caret otherwise.
fn wake(app: App) {
    let active = app.window().document().and_then(|page| page.active_element());
    if let Some(active) = active.and_then(|active| active.dyn_into::<HtmlElement>().ok()) {
        let _ = active.blur();
        let _ = active.focus();
    }
}

/// When it is to be said; nothing where the dialog only shows what is planned.
fn choice(state: State, plan: &Plan) -> Option<impl IntoView + use<>> {
    let (words, said) = match plan {
        Plan::Say { text, .. } => ("Say this later:", text.clone()),
        Plan::Remind { text, .. } => ("Remind me of this message:", text.clone()),
        Plan::Show => return None,
    };
    let at = move |label: &'static str, at: fn(i64) -> Timestamp, minutes: i64| {
        html::button()
            .attr("type", "button")
            .class("outline")
            .on(ev::click, move |_| state.keep(at(minutes)))
            .child(label)
    };
    let spans = SPANS.map(|(label, minutes)| at(label, after, minutes)).into_iter().collect_view();
    let exact = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match state.moment.get_untracked().and_then(|field| clock::read(&field.value())) {
            Some(moment) => state.keep(moment),
            None => state.trouble.set(Some("Choose a day and a time first.".into())),
        }
    };
    Some(html::div().class("plan").child((
        html::p().child(words),
        html::blockquote().attr("dir", "auto").child(markup::plain(&said, QUOTE_CHARS_MAX)),
        html::div().class("plan-spans").child((spans, at("Tomorrow at 9", |_| clock::tomorrow(MORNING), 0))),
        html::form().class("plan-exact").on(ev::submit, exact).child((
            html::label().attr("for", "plan-moment").child("Or at"),
            html::input().node_ref(state.moment).attr("id", "plan-moment").attr("type", "datetime-local"),
            html::button().attr("type", "submit").class("primary").child("Set"),
        )),
    )))
}

fn after(minutes: i64) -> Timestamp {
    Timestamp::from_ms(clock::wall().as_ms() + minutes * MINUTE_MS)
}

/// What is planned already.
fn list(state: State) -> Option<impl IntoView + use<>> {
    let (planned, app) = (state.planned.get(), state.app);
    let empty = planned.is_empty();
    if empty && !matches!(app.screen.plan.get(), Some(Plan::Show)) {
        return None;
    }
    let one = move |what: Scheduled| {
        let place = app.title(what.room);
        let text = what.text.as_str();
        let text = markup::plain(action(text).unwrap_or(text), QUOTE_CHARS_MAX);
        let key = what.key.clone();
        html::li().attr("data-failed", what.failure.as_ref().map(|_| "true")).child((
            html::div().class("plan-line").child((
                html::time().child(app.with_words(|words| words.moment(what.at))),
                place.map(|place| html::bdi().class("hint").child(place)),
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .attr("aria-label", format!("Cancel: {text}"))
                    .on(ev::click, move |_| state.cancel(key.as_str().to_owned()))
                    .child("Cancel"),
            )),
            html::span().attr("dir", "auto").child(text.clone()),
            what.failure.map(|why| html::span().class("trouble").child(format!("It could not be said: {why}"))),
        ))
    };
    Some(html::section().class("planned").child((
        html::h3().child("Planned"),
        empty.then(|| {
            html::p()
                .class("hint")
                .child("Nothing is planned. Write /later and a text, or let a message's menu remind you.")
        }),
        html::ul().attr("role", "list").child(planned.into_iter().map(one).collect_view()),
    )))
}

impl State {
    fn opens(self) {
        self.trouble.set(None);
        self.planned.set(Vec::new());
        dialog::open(self.dialog);
        self.fetch();
    }

    fn fetch(self) {
        spawn_local(async move {
            match self.app.scheduled().await {
                Ok(planned) => self.planned.set(planned),
                Err(why) => self.trouble.set(Some(why.words())),
            }
        });
    }

    /// Has it kept for that moment.
    fn keep(self, at: Timestamp) {
        let Some(plan) = self.app.screen.plan.get_untracked() else { return };
        let [first, second] = seed::draw(&self.app.window());
        let key = format!("later-{first:016x}{second:016x}");
        spawn_local(async move {
            let kept = match plan {
                Plan::Say { room, text } => self.app.schedule(room, (key, text), (at, false)).await,
                Plan::Remind { room, seq, text } => {
                    let text = format!("⏰ {text}\n{}", address::link(&self.app.window(), room, seq));
                    match self.app.open_direct(Vec::new()).await {
                        Ok(notes) => self.app.schedule(notes.id, (key, text), (at, true)).await,
                        Err(why) => Err(why),
                    }
                }
                Plan::Show => return,
            };
            match kept {
                Ok(()) => {
                    let when = self.app.with_words(|words| words.moment(at));
                    self.app.tell(format!("Kept for {when}."));
                    dialog::close(self.dialog);
                }
                Err(why) => self.trouble.set(Some(why.words())),
            }
        });
    }

    fn cancel(self, key: String) {
        spawn_local(async move {
            if let Err(why) = self.app.cancel_scheduled(&key).await {
                self.trouble.set(Some(why.words()));
            }
            self.fetch();
        });
    }
}
