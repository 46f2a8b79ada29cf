//! One's own picture: chosen, moved and made larger behind a round window, and shown to others.
//!
//! The pointer moves it, and so do the arrow keys; a slider makes it larger.

use leptos::{ev, html, prelude::*, task::spawn_local};
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent, PointerEvent, Url};

use crate::{app::App, driver::crop, view::face};

/// How much larger than to fill the window a picture can be.
const ZOOM_MAX: f64 = 4.0;
/// How far an arrow key moves it, in parts of the window.
const STEP: f64 = 0.05;

/// What happens to the picture. Copying it copies handles.
#[derive(Clone, Copy)]
struct Portrait {
    app: App,
    field: NodeRef<html::Input>,
    image: NodeRef<html::Img>,
    window: NodeRef<html::Div>,
    /// Where the page shows the picture that was chosen.
    chosen: RwSignal<Option<String>>,
    zoom: RwSignal<f64>,
    /// How far the picture's corner is left of the window's and above it, in parts of the window.
    at: RwSignal<(f64, f64)>,
    /// The sides of the picture, in parts of its shorter one.
    sides: RwSignal<(f64, f64)>,
    /// Where the pointer was.
    held: RwSignal<Option<(i32, i32)>>,
    trouble: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
}

pub(crate) fn portrait(app: App) -> impl IntoView {
    let this = Portrait {
        app,
        field: NodeRef::new(),
        image: NodeRef::new(),
        window: NodeRef::new(),
        chosen: RwSignal::new(None),
        zoom: RwSignal::new(1.0),
        at: RwSignal::new((0.0, 0.0)),
        sides: RwSignal::new((1.0, 1.0)),
        held: RwSignal::new(None),
        trouble: RwSignal::new(None),
        busy: RwSignal::new(false),
    };
    on_cleanup(move || this.let_go());
    html::div().class("portrait").child((
        html::input()
            .node_ref(this.field)
            .attr("id", "portrait-file")
            .attr("type", "file")
            .attr("accept", "image/*")
            .attr("hidden", "")
            .attr("aria-label", "Your picture")
            .on(ev::change, move |_| this.chose()),
        move || if this.chosen.get().is_some() { this.crop().into_any() } else { this.now().into_any() },
        html::p().class("trouble").attr("role", "alert").child(move || this.trouble.get()),
    ))
}

fn button(words: &'static str, class: &'static str, act: impl Fn() + 'static) -> impl IntoView {
    html::button().attr("type", "button").class(class).on(ev::click, move |_| act()).child(words)
}

impl Portrait {
    /// The picture as others see it now, and what can be done.
    fn now(self) -> impl IntoView {
        let me = move || self.app.screen.me.get();
        let has = move || me().is_some_and(|me| me.person.picture);
        html::div().class("portrait-now").child((
            move || me().map(|me| face::large(&me.person)),
            button("Choose a picture", "outline", move || self.choose()),
            move || has().then(|| button("Remove", "quiet", move || self.remove())),
        ))
    }

    /// The round window, and the picture behind it.
    fn crop(self) -> impl IntoView {
        let place = move || {
            let ((x, y), (wide, high), zoom) = (self.at.get(), self.sides.get(), self.zoom.get());
            [-x, -y, wide * zoom, high * zoom].map(|part| format!("{:.3}%", part * 100.0))
        };
        let part = move |n: usize| move || place().into_iter().nth(n).unwrap_or_default();
        html::div().class("portrait-crop").child((
            html::div()
                .node_ref(self.window)
                .class("portrait-window")
                .attr("tabindex", "0")
                .attr("role", "group")
                .attr("aria-label", "Move the picture with the arrow keys")
                .on(ev::keydown, move |event| self.key(&event))
                .on(ev::pointerdown, move |event| self.hold(&event))
                .on(ev::pointermove, move |event| self.drag(&event))
                .on(ev::pointerup, move |_| self.held.set(None))
                .on(ev::pointercancel, move |_| self.held.set(None))
                .child(
                    html::img()
                        .node_ref(self.image)
                        .style(("left", part(0)))
                        .style(("top", part(1)))
                        .style(("width", part(2)))
                        .style(("height", part(3)))
                        .attr("alt", "")
                        .attr("draggable", "false")
                        .on(ev::load, move |_| self.loaded())
                        .on(ev::error, move |_| self.refuse("This file cannot be shown as a picture."))
                        .attr("src", move || self.chosen.get()),
                ),
            html::label().attr("for", "portrait-zoom").child("Size"),
            html::input()
                .attr("id", "portrait-zoom")
                .attr("type", "range")
                .attr("min", "1")
                .attr("max", ZOOM_MAX.to_string())
                .attr("step", "0.01")
                .prop("value", move || self.zoom.get().to_string())
                .on(ev::input, move |event| self.enlarge(event_target::<HtmlInputElement>(&event).value_as_number())),
            html::div().class("portrait-do").child((
                button("Cancel", "quiet", move || self.let_go()),
                button("Use this picture", "primary", move || self.send()),
            )),
        ))
    }

    fn choose(self) {
        self.trouble.set(None);
        if let Some(field) = self.field.get_untracked() {
            HtmlElement::click(&field);
        }
    }

    fn chose(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let file = HtmlInputElement::files(&field).and_then(|files| files.get(0));
        self.let_go();
        self.chosen.set(file.and_then(|file| Url::create_object_url_with_blob(&file).ok()));
        field.set_value("");
    }

    /// Forgets the picture that was chosen.
    fn let_go(self) {
        if let Some(address) = self.chosen.try_update(Option::take).flatten() {
            let _ = Url::revoke_object_url(&address);
        }
    }

    fn refuse(self, words: &str) {
        self.let_go();
        self.trouble.set(Some(words.to_owned()));
    }

    /// The picture is known: its middle is in the window.
    fn loaded(self) {
        let Some(image) = self.image.get_untracked() else { return };
        let (wide, high) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
        let short = wide.min(high);
        if short < 1.0 {
            return self.refuse("This file cannot be shown as a picture.");
        }
        let sides = (wide / short, high / short);
        self.sides.set(sides);
        self.zoom.set(1.0);
        self.at.set(((sides.0 - 1.0) / 2.0, (sides.1 - 1.0) / 2.0));
    }

    /// Moves the picture, as far as the window stays full.
    fn shift(self, x: f64, y: f64) {
        let ((wide, high), zoom) = (self.sides.get_untracked(), self.zoom.get_untracked());
        self.at.update(|at| {
            at.0 = (at.0 + x).clamp(0.0, (wide * zoom - 1.0).max(0.0));
            at.1 = (at.1 + y).clamp(0.0, (high * zoom - 1.0).max(0.0));
        });
    }

    /// Makes it larger or smaller around the window's middle.
    fn enlarge(self, zoom: f64) {
        let zoom = zoom.clamp(1.0, ZOOM_MAX);
        let times = zoom / self.zoom.get_untracked();
        self.zoom.set(zoom);
        self.at.update(|at| *at = ((at.0 + 0.5) * times - 0.5, (at.1 + 0.5) * times - 0.5));
        self.shift(0.0, 0.0);
    }

    fn key(self, event: &KeyboardEvent) {
        match event.key().as_str() {
            "ArrowLeft" => self.shift(STEP, 0.0),
            "ArrowRight" => self.shift(-STEP, 0.0),
            "ArrowUp" => self.shift(0.0, STEP),
            "ArrowDown" => self.shift(0.0, -STEP),
            "+" | "=" => self.enlarge(self.zoom.get_untracked() + 0.1),
            "-" => self.enlarge(self.zoom.get_untracked() - 0.1),
            _ => return,
        }
        event.prevent_default();
    }

    fn hold(self, event: &PointerEvent) {
        self.held.set(Some((event.client_x(), event.client_y())));
        if let Some(window) = self.window.get_untracked() {
            let _ = window.set_pointer_capture(event.pointer_id());
        }
    }

    fn drag(self, event: &PointerEvent) {
        let (Some((x, y)), Some(window)) = (self.held.get_untracked(), self.window.get_untracked()) else { return };
        let side = f64::from(window.client_width().max(1));
        self.held.set(Some((event.client_x(), event.client_y())));
        self.shift(f64::from(x - event.client_x()) / side, f64::from(y - event.client_y()) / side);
    }

    fn send(self) {
        let (Some(image), Some(document)) = (self.image.get_untracked(), self.app.window().document()) else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let (at, side) = (self.at.get_untracked(), 1.0 / self.zoom.get_untracked());
            let sent = match crop::square(&document, &image, at, side).await {
                Some(picture) => self.app.set_picture("/api/v1/me/picture", picture).await,
                None => Err("This file cannot be shown as a picture.".to_owned()),
            };
            match sent {
                Ok(()) => self.let_go(),
                Err(why) => self.trouble.set(Some(why)),
            }
            self.busy.set(false);
        });
    }

    fn remove(self) {
        spawn_local(async move {
            if let Err(why) = self.app.remove_picture().await {
                self.trouble.set(Some(why.words()));
            }
        });
    }
}
