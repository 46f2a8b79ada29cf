//! Pictures that move: only while they are in sight, and by themselves only where the person wants motion.

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, js_sys::Array};

use crate::app::App;

/// What an image element shows: the still picture or the moving one.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) image: NodeRef<html::Img>,
    still: String,
    moving: Option<String>,
    wanted: RwSignal<bool>,
    in_sight: RwSignal<bool>,
}

impl Source {
    /// A picture that never moves.
    pub(crate) fn still(address: String) -> Self {
        Self {
            image: NodeRef::new(),
            still: address,
            moving: None,
            wanted: RwSignal::new(false),
            in_sight: RwSignal::new(false),
        }
    }

    /// Whether it moves now.
    pub(crate) fn moves(&self) -> bool {
        self.moving.is_some() && self.wanted.get() && self.in_sight.get()
    }

    /// What to show now.
    pub(crate) fn address(&self) -> String {
        let moving = self.moving.as_ref().filter(|_| self.wanted.get() && self.in_sight.get());
        moving.unwrap_or(&self.still).clone()
    }

    /// The person wants it otherwise.
    pub(crate) fn toggle(&self) {
        self.wanted.update(|wanted| *wanted = !*wanted);
    }
}

/// A picture that can move.
pub(crate) fn source(app: App, still: String, moving: String) -> Source {
    let less = app.window().match_media("(prefers-reduced-motion: reduce)").ok().flatten();
    let wanted = !less.is_some_and(|less| less.matches());
    let source = Source { moving: Some(moving), wanted: RwSignal::new(wanted), ..Source::still(still) };
    let in_sight = source.in_sight;
    let seen = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
        let last = entries.iter().next_back().map(JsCast::unchecked_into::<IntersectionObserverEntry>);
        if let Some(entry) = last {
            in_sight.set(entry.is_intersecting());
        }
    });
    let observer = IntersectionObserver::new(seen.as_ref().unchecked_ref()).ok();
    // It lives as long as the row.
    let watch = StoredValue::new_local((observer, seen));
    let image = source.image;
    Effect::new(move |_| {
        if let Some(image) = image.get() {
            watch.with_value(|(observer, _)| observer.iter().for_each(|observer| observer.observe(&image)));
        }
    });
    on_cleanup(move || {
        watch.try_with_value(|(observer, _)| observer.iter().for_each(IntersectionObserver::disconnect));
    });
    source
}
