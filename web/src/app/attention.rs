//! Whether somebody looks at the window, and whether they are at the device at all.

use std::cell::Cell;

use client::Input;

use super::App;
use crate::{
    driver::{clock, front},
    screen::put,
};

/// Somebody whose hands rest this long, in milliseconds, has stepped away.
const AWAY_MS: u64 = 5 * 60 * 1_000;

/// What is known of the person's hands.
#[derive(Default)]
pub(super) struct Hands {
    stirred_ms: Cell<u64>,
    away: Cell<bool>,
}

impl App {
    /// From now on the engine knows whether somebody looks.
    pub(super) fn attend(self) {
        let window = self.window();
        front::listen(&window, &front::TURNS, move || self.turned());
        front::listen(&window, &front::STIRS, move || self.stirred());
        self.turned();
        self.stirred();
        self.doze();
    }

    fn turned(self) {
        let in_front = front::is_in_front(&self.window());
        if in_front {
            self.stirred();
        }
        self.give(Input::Focus(in_front));
        put(self.screen.in_front, in_front);
    }

    fn stirred(self) {
        let inner = self.inner();
        inner.hands.stirred_ms.set(clock::now_ms(&inner.window));
        if inner.hands.away.take() {
            self.give(Input::Away(false));
            self.doze();
        }
    }

    /// Looks again when the hands may have rested long enough.
    fn doze(self) {
        let inner = self.inner();
        let rest_ms = clock::now_ms(&inner.window).saturating_sub(inner.hands.stirred_ms.get());
        if let Some(left_ms) = AWAY_MS.checked_sub(rest_ms).filter(|left_ms| *left_ms > 0) {
            let _ = clock::later(&inner.window, left_ms, move || self.doze());
        } else {
            inner.hands.away.set(true);
            self.give(Input::Away(true));
        }
    }
}
