//! Whether messages are pushed to this device when no page is open, and whether they arrive.

use client::Connection;
use leptos::{ev, html, prelude::*, task::spawn_local};
use model::Timestamp;
use protocol::http::{PushDevice, PushHealth, Pushes};

use crate::{
    app::App,
    driver::{clock, fetch::Trouble, notice, push, shelf::Shelf},
};

/// How often it is asked whether a test has arrived, and how many times.
const LOOK_MS: u64 = 500;
const LOOKS_MAX: u32 = 40;

/// How things stand. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Pushing {
    app: App,
    all: RwSignal<Option<Pushes>>,
    /// Whether the browser can take pushes.
    can: RwSignal<bool>,
    busy: RwSignal<bool>,
    said: RwSignal<Option<String>>,
}

impl Pushing {
    pub(crate) fn new(app: App) -> Self {
        let (all, can) = (RwSignal::new(None), RwSignal::new(false));
        let (busy, said) = (RwSignal::new(false), RwSignal::new(None));
        Effect::new(move |_| forget_seen(app));
        let pushing = Self { app, all, can, busy, said };
        // Once, as soon as there is somebody to ask.
        Effect::new(move |done| {
            let online = app.screen.connection.with(|connection| *connection == Connection::Online);
            if online && done != Some(true) {
                pushing.renew();
            }
            online || done == Some(true)
        });
        pushing
    }

    /// Asks the server and the browser how things stand.
    pub(crate) fn look(self) {
        self.said.set(None);
        spawn_local(async move {
            self.can.set(push::can(&self.app.window()).await);
            self.learn().await;
        });
    }

    pub(crate) fn view(self) -> impl IntoView {
        let offered = move || self.all.with(|all| all.as_ref().is_some_and(|all| all.key.is_some()));
        let possible = move || offered() && self.can.get();
        let on = move || self.here().is_some();
        let turn = move |event: web_sys::Event| self.turn(event_target_checked(&event));
        let switch = move || {
            html::label().class("switch").child((
                html::span().child("Push messages to this device"),
                html::input()
                    .attr("id", "push-here")
                    .attr("type", "checkbox")
                    .attr("role", "switch")
                    .prop("checked", on)
                    .prop("disabled", move || self.busy.get())
                    .on(ev::change, turn),
            ))
        };
        html::section().class("dialog-part").attr("aria-labelledby", "pushes-title").child((
            html::h3().attr("id", "pushes-title").child("While Stonechat is closed"),
            move || match (possible(), offered()) {
                (true, _) => switch().into_any(),
                (false, true) => html::p().class("hint").child("This browser takes no pushes here.").into_any(),
                (false, false) => html::p().class("hint").child("This server pushes nothing.").into_any(),
            },
            move || on().then(|| self.test()),
            html::p().class("hint").attr("role", "status").child(move || self.said.get()),
            move || self.all.with(|all| all.as_ref().and_then(|all| all.server)).map(health),
        ))
    }

    /// When something last came, and a button that tries.
    fn test(self) -> impl IntoView {
        let last = move || self.here().map(|device| self.last(&device));
        let arrived = move || self.here().and_then(|device| device.arrived_at).map(|at| at.as_ms().to_string());
        html::div().class("dialog-line").attr("data-arrived", arrived).child((
            html::p().class("hint").attr("id", "push-last").child(last),
            html::button()
                .attr("type", "button")
                .attr("id", "push-test")
                .class("outline")
                .prop("disabled", move || self.busy.get())
                .on(ev::click, move |_| self.try_out())
                .child("Send a test"),
        ))
    }

    fn last(self, device: &PushDevice) -> String {
        let when = |at: Timestamp| self.app.with_words(|words| words.when(at, clock::wall()));
        match (device.failed_at, device.arrived_at) {
            (Some(at), _) => {
                let why = match device.failure {
                    Some(0) | None => "could not be reached".to_owned(),
                    Some(status) => format!("refused it ({status})"),
                };
                format!("The last push failed {}: {} {why}.", when(at), device.service)
            }
            (None, Some(at)) => format!("Last arrived {}.", when(at)),
            (None, None) => "Nothing has arrived yet.".to_owned(),
        }
    }

    fn here(self) -> Option<PushDevice> {
        self.all.with(|all| all.as_ref()?.devices.iter().find(|device| device.here).cloned())
    }

    async fn learn(self) {
        match self.app.pushes().await {
            Ok(all) => self.all.set(Some(all)),
            Err(why) => self.said.set(Some(why.words())),
        }
    }

    fn turn(self, on: bool) {
        self.busy.set(true);
        self.said.set(None);
        spawn_local(async move {
            let done = if on { self.begin().await } else { self.end().await };
            self.learn().await;
            self.said.set(done.err());
            self.busy.set(false);
            // A switch that could not be turned goes back.
            self.all.notify();
        });
    }

    async fn begin(self) -> Result<(), String> {
        let window = self.app.window();
        if notice::ask(&window).await != notice::Leave::Granted {
            return Err("The browser does not let Stonechat show notifications.".to_owned());
        }
        let key = self.all.with_untracked(|all| all.as_ref().and_then(|all| all.key.clone())).unwrap_or_default();
        let wish = push::begin(&window, &key).await;
        let wish = wish.ok_or("The browser could not reach its push service. Try again in a while.")?;
        match self.app.subscribe(&wish).await {
            Ok(_) => {
                Shelf::of(&window).keep_pushed(true);
                Ok(())
            }
            Err(why) => {
                push::end(&window).await;
                Err(why.words())
            }
        }
    }

    /// A device that is pushed to is so after its session ended, too, and when the browser has forgotten it.
    fn renew(self) {
        let window = self.app.window();
        if !Shelf::of(&window).is_pushed() || notice::leave(&window) != notice::Leave::Granted {
            return;
        }
        spawn_local(async move {
            self.learn().await;
            let known = self.here().is_some() && push::takes(&window).await;
            // Nobody asked for it just now: if it cannot be, the switch says so.
            if !known && self.all.with_untracked(Option::is_some) && self.begin().await.is_ok() {
                self.learn().await;
            }
        });
    }

    async fn end(self) -> Result<(), String> {
        Shelf::of(&self.app.window()).keep_pushed(false);
        push::end(&self.app.window()).await;
        match self.here() {
            Some(device) => self.app.unsubscribe(device.id).await.map_err(|why: Trouble| why.words()),
            None => Ok(()),
        }
    }

    fn try_out(self) {
        let Some(before) = self.here() else { return };
        self.busy.set(true);
        self.said.set(Some("Sent. Waiting for it to arrive …".to_owned()));
        spawn_local(async move {
            self.said.set(Some(self.waited(&before).await));
            self.busy.set(false);
        });
    }

    /// What became of a test.
    async fn waited(self, before: &PushDevice) -> String {
        match self.app.test_push(before.id).await {
            Err(why) => return why.words(),
            Ok(tried) if !tried.taken => {
                self.learn().await;
                return format!("{} did not take it ({}).", before.service, tried.status);
            }
            Ok(_) => {}
        }
        for _ in 0..LOOKS_MAX {
            pause(self.app).await;
            self.learn().await;
            if self.here().is_some_and(|now| now.arrived_at > before.arrived_at) {
                return "It arrived.".to_owned();
            }
        }
        "It has not arrived yet. The push service took it: look at the device's own settings for this browser."
            .to_owned()
    }
}

async fn pause(app: App) {
    let waited = js_sys::Promise::new(&mut |done, _| {
        let _ = clock::later(&app.window(), LOOK_MS, move || drop(done.call0(&wasm_bindgen::JsValue::NULL)));
    });
    let _ = wasm_bindgen_futures::JsFuture::from(waited).await;
}

/// The room that is looked at needs no notice of what was pushed.
fn forget_seen(app: App) {
    if let (true, Some(room)) = (app.screen.in_front.get(), app.screen.open.get()) {
        spawn_local(async move { push::close_shown(&app.window(), &format!("room-{room}")).await });
    }
}

fn health(health: PushHealth) -> impl IntoView {
    let PushHealth { devices, arrived, failed, silent } = health;
    let words = format!(
        "On the whole server, in seven days: {devices} devices, {arrived} confirmed a push, {silent} confirmed none, {failed} failed."
    );
    html::p().class("hint").attr("id", "push-health").child(words)
}
