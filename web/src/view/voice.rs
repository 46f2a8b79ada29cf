//! Speaking instead of writing: a button that records, and what is recorded goes into the tray like any file.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::RoomId;

use crate::{
    app::App,
    driver::{clock, recorder::Recorder},
    view::{icon, sound::minutes},
};

/// A recording ends by itself after this long, in seconds.
const SECONDS_MAX: u32 = 5 * 60;

/// What the button does now. Copying it copies handles.
#[derive(Clone, Copy)]
pub(crate) struct Voice {
    app: App,
    room: RoomId,
    recorder: StoredValue<Option<Recorder>, LocalStorage>,
    /// Seconds since it began; none if nothing is recorded.
    seconds: RwSignal<Option<u32>>,
    /// Which recording it is: the clock of one does not count for the next.
    number: RwSignal<u32>,
    trouble: RwSignal<Option<String>>,
}

impl Voice {
    pub(crate) fn new(app: App, room: RoomId, trouble: RwSignal<Option<String>>) -> Self {
        let (recorder, seconds, number) = (StoredValue::new_local(None), RwSignal::new(None), RwSignal::new(0));
        Self { app, room, recorder, seconds, number, trouble }
    }

    fn begin(self) {
        spawn_local(async move {
            match Recorder::start(&self.app.window()).await {
                Some(recorder) => {
                    // The room was left while the person was asked.
                    if self.recorder.try_set_value(Some(recorder)).is_some() {
                        return;
                    }
                    self.seconds.set(Some(0));
                    self.number.update(|number| *number += 1);
                    self.count(self.number.get_untracked());
                }
                None => {
                    self.trouble.set(Some("The microphone cannot be used. Allow it in the browser's settings.".into()));
                }
            }
        });
    }

    fn count(self, number: u32) {
        let _ = clock::later(&self.app.window(), 1_000, move || {
            let Some(Some(seconds)) = self.seconds.try_get_untracked() else { return };
            if self.number.get_untracked() != number {
                return;
            }
            self.seconds.set(Some(seconds + 1));
            if seconds + 1 >= SECONDS_MAX { self.keep() } else { self.count(number) }
        });
    }

    /// Ends the recording and puts it into the tray.
    fn keep(self) {
        self.seconds.set(None);
        let Some(recorder) = self.recorder.try_update_value(Option::take).flatten() else { return };
        spawn_local(async move {
            if let Some(file) = recorder.stop("Voice message").await {
                self.app.attach_file(self.room, file);
            }
        });
    }

    fn discard(self) {
        self.seconds.set(None);
        self.recorder.set_value(None);
    }
}

/// The button that begins.
pub(crate) fn button(voice: Voice) -> impl IntoView {
    Recorder::is_possible(&voice.app.window()).then(|| {
        html::button()
            .attr("type", "button")
            .class("round record")
            .attr("aria-label", "Record a voice message")
            .attr("title", "Record a voice message")
            .on(ev::click, move |_| if voice.seconds.get_untracked().is_some() { voice.keep() } else { voice.begin() })
            .attr("aria-pressed", move || if voice.seconds.get().is_some() { "true" } else { "false" })
            .child(icon::microphone())
    })
}

/// What is shown while it goes on.
pub(crate) fn recording(voice: Voice) -> impl IntoView {
    let going = Memo::new(move |_| voice.seconds.get().is_some());
    move || {
        going.get().then(|| {
            html::div().class("recording").attr("role", "group").attr("aria-label", "Recording").child((
                html::span().class("recording-dot").attr("aria-hidden", "true"),
                html::span()
                    .class("recording-time")
                    .child(move || minutes(f64::from(voice.seconds.get().unwrap_or_default()))),
                html::span().class("hint").child("Recording"),
                html::button()
                    .attr("type", "button")
                    .class("quiet")
                    .on(ev::click, move |_| voice.discard())
                    .child("Discard"),
                html::button()
                    .attr("type", "button")
                    .class("primary recording-keep")
                    .on(ev::click, move |_| voice.keep())
                    .child("Attach"),
            ))
        })
    }
}
