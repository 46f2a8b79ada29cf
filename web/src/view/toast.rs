//! A sentence that stands for a while over everything else, and is read out once.

use leptos::{html, prelude::*};

use crate::{app::App, driver::clock};

/// How long it stands.
const STANDS_MS: u64 = 6_000;

pub(crate) fn toast(app: App) -> impl IntoView {
    html::div().class("toast").attr("role", "status").child(move || {
        let words = app.screen.told.get().map(|(_, words)| words)?;
        Some(html::p().child(words))
    })
}

impl App {
    /// Tells the person something, in the place of what was told before.
    pub(crate) fn tell(self, words: String) {
        let told = self.screen.told;
        let number = told.with_untracked(|told| told.as_ref().map_or(0, |(number, _)| number + 1));
        told.set(Some((number, words)));
        let _ = clock::later(&self.window(), STANDS_MS, move || {
            if told.with_untracked(|told| told.as_ref().is_some_and(|(now, _)| *now == number)) {
                told.set(None);
            }
        });
    }
}
