//! A sound in a message: play and stop, where it is, how loud it was, and how fast it is played.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::File;
use web_sys::{HtmlInputElement, HtmlMediaElement};

use crate::{
    app::App,
    driver::recorder::loudness,
    view::{files::address, icon},
};

/// How loud it was is drawn in so many bars, for sounds of at most so many bytes: they are fetched for it.
const BARS: u32 = 48;
const DRAWN_BYTES_MAX: u64 = 2 * 1024 * 1024;
/// How fast it can be played.
const SPEEDS: [f64; 3] = [1.0, 1.5, 2.0];

/// The player's state. Copying it copies handles.
#[derive(Clone, Copy)]
struct Player {
    audio: NodeRef<html::Audio>,
    playing: RwSignal<bool>,
    /// In seconds.
    at: RwSignal<f64>,
    length: RwSignal<Option<f64>>,
    speed: RwSignal<usize>,
    bars: RwSignal<Vec<f32>>,
}

pub(crate) fn sound(app: App, file: &File) -> impl IntoView + use<> {
    let player = Player {
        audio: NodeRef::new(),
        playing: RwSignal::new(false),
        at: RwSignal::new(0.0),
        length: RwSignal::new(None),
        speed: RwSignal::new(0),
        bars: RwSignal::new(Vec::new()),
    };
    let (source, name) = (address(file), file.name.to_string());
    if file.size <= DRAWN_BYTES_MAX {
        let source = source.clone();
        spawn_local(async move {
            if let Some((bars, length)) = loudness(&app.window(), &source, BARS).await {
                // The row may be gone by now.
                let _ = player.bars.try_set(bars);
                let _ = player.length.try_set(Some(length));
            }
        });
    }
    html::div().class("sound").attr("role", "group").attr("aria-label", name.clone()).child((
        html::audio()
            .node_ref(player.audio)
            .attr("preload", "none")
            .attr("src", source)
            .on(ev::timeupdate, move |_| player.moved())
            .on(ev::loadedmetadata, move |_| player.moved())
            .on(ev::play, move |_| player.playing.set(true))
            .on(ev::pause, move |_| player.playing.set(false))
            .on(ev::ended, move |_| player.at.set(0.0)),
        html::button()
            .attr("type", "button")
            .class("round sound-play")
            .attr("aria-label", move || if player.playing.get() { "Pause" } else { "Play" })
            .on(ev::click, move |_| player.toggle())
            .child(move || if player.playing.get() { icon::pause().into_any() } else { icon::play().into_any() }),
        html::div().class("sound-middle").child((
            html::bdi().class("file-name").child(name),
            html::div().class("sound-wave").child((
                html::div().class("bars").attr("aria-hidden", "true").child(move || player.drawn()),
                html::input()
                    .attr("type", "range")
                    .attr("min", "0")
                    .attr("step", "0.1")
                    .attr("aria-label", "Position")
                    .attr("max", move || player.length.get().unwrap_or(1.0).to_string())
                    .attr("aria-valuetext", move || minutes(player.at.get()))
                    .prop("value", move || player.at.get().to_string())
                    .on(ev::input, move |event| player.seek(&event)),
            )),
        )),
        html::span().class("sound-time").child(move || {
            let at = player.at.get();
            minutes(if at > 0.0 { at } else { player.length.get().unwrap_or_default() })
        }),
        html::button()
            .attr("type", "button")
            .class("quiet sound-speed")
            .attr("aria-label", move || format!("Speed {}", SPEEDS[player.speed.get()]))
            .on(ev::click, move |_| player.faster())
            .child(move || format!("{}×", SPEEDS[player.speed.get()])),
    ))
}

impl Player {
    fn element(self) -> Option<HtmlMediaElement> {
        self.audio.get_untracked().map(Into::into)
    }

    fn toggle(self) {
        let Some(audio) = self.element() else { return };
        if audio.paused() {
            audio.set_playback_rate(SPEEDS[self.speed.get_untracked()]);
            let _ = audio.play();
        } else {
            let _ = audio.pause();
        }
    }

    fn moved(self) {
        let Some(audio) = self.element() else { return };
        self.at.set(audio.current_time());
        // A recording of the browser's own does not say how long it is.
        if audio.duration().is_finite() {
            self.length.set(Some(audio.duration()));
        }
    }

    fn seek(self, event: &web_sys::Event) {
        let field: HtmlInputElement = event_target(event);
        if let Some(audio) = self.element() {
            audio.set_current_time(field.value_as_number());
            self.at.set(field.value_as_number());
        }
    }

    fn faster(self) {
        self.speed.update(|speed| *speed = (*speed + 1) % SPEEDS.len());
        if let Some(audio) = self.element() {
            audio.set_playback_rate(SPEEDS[self.speed.get_untracked()]);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few dozen bars")]
    fn drawn(self) -> impl IntoView {
        let bars = self.bars.get();
        let count = bars.len() as f64;
        let bar = move |(place, loud): (usize, f32)| {
            let passed = move || self.length.get().is_some_and(|length| self.at.get() / length > place as f64 / count);
            html::i().style(("--loud", format!("{loud:.2}"))).attr("data-passed", move || passed().then_some("true"))
        };
        bars.into_iter().enumerate().map(bar).collect_view()
    }
}

/// Seconds as minutes and seconds.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole seconds of a sound")]
pub(crate) fn minutes(seconds: f64) -> String {
    let seconds = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
