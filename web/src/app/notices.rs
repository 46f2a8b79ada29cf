//! Telling the person at once of what the engine says: by the browser's notifications, and by a sound.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use model::{Person, Quiet, RoomId, Seq};
use web_sys::{AudioContext, Notification};

use super::{App, Inner};
use crate::{
    chat::{Chat, Kind},
    driver::{clock, notice, shelf::Told, words},
};

/// Time between two sounds, in milliseconds: several rooms may have news at once.
const RING_EVERY_MS: u64 = 1_000;

/// What is shown in the place of what the person wants hidden: over it, and the line.
const HIDDEN: (&str, &str) = ("Stonechat", "There is a new message.");

/// Whether somebody wants their quiet now.
fn is_now(quiet: &Quiet) -> bool {
    words::minute_in(clock::wall(), quiet.time_zone.as_str()).is_some_and(|minute| quiet.covers(minute))
}

/// What is shown now, and what makes the sound.
#[derive(Default)]
pub(super) struct Notices {
    shown: RefCell<BTreeMap<RoomId, Notification>>,
    sound: RefCell<Option<AudioContext>>,
    /// When it was last made.
    rang_ms: Cell<Option<u64>>,
}

impl App {
    pub(super) fn notify(self, inner: &Inner, room: RoomId, seq: Seq, (author, text): (Person, String)) {
        // Of several windows the first one tells.
        if !inner.shelf.is_first_to_tell(room, seq) {
            return;
        }
        let prefs = inner.client.borrow().me().map(|me| me.notices.clone()).unwrap_or_default();
        if prefs.quiet.is_some_and(|quiet| is_now(&quiet)) {
            return;
        }
        let told = inner.shelf.told();
        let now_ms = clock::now_ms(&inner.window);
        let rang = inner.notices.rang_ms.get().is_some_and(|rang_ms| now_ms < rang_ms + RING_EVERY_MS);
        if told.sound && !rang {
            inner.notices.rang_ms.set(Some(now_ms));
            notice::ring(&inner.window, &mut inner.notices.sound.borrow_mut());
        }
        if told.shown && notice::leave(&inner.window) == notice::Leave::Granted {
            let title = if prefs.hidden {
                HIDDEN.0.to_owned()
            } else {
                let client = inner.client.borrow();
                let me = client.me().map(|me| me.person.id);
                let chat = client.room(room).map(|room| Chat::of(room.info(), me));
                match chat.filter(|chat| !matches!(chat.kind, Kind::One(_))) {
                    Some(chat) => format!("{} · {}", author.called(), chat.title),
                    None => author.called().to_owned(),
                }
            };
            let text = if prefs.hidden { HIDDEN.1 } else { &text };
            let clicked = move || {
                let _ = self.window().focus();
                self.go(Some(room));
            };
            if let Some(shown) = notice::show(&title, text, &format!("room-{room}"), clicked) {
                inner.notices.shown.borrow_mut().insert(room, shown);
            }
        }
    }

    pub(super) fn withdraw(inner: &Inner, room: RoomId) {
        if let Some(shown) = inner.notices.shown.borrow_mut().remove(&room) {
            shown.close();
        }
    }

    /// Shows nothing more: the person goes.
    pub(super) fn withdraw_all(inner: &Inner) {
        for shown in inner.notices.shown.take().into_values() {
            shown.close();
        }
    }

    /// What the person wants of this device.
    pub(crate) fn told(self) -> Told {
        self.inner().shelf.told()
    }

    pub(crate) fn set_told(self, told: Told) {
        self.inner().shelf.keep_told(told);
    }

    /// Shows what a message would look and sound like. Returns whether the browser showed it, where it was to.
    pub(crate) fn try_out(self) -> bool {
        let inner = self.inner();
        let told = inner.shelf.told();
        if told.sound {
            notice::ring(&inner.window, &mut inner.notices.sound.borrow_mut());
        }
        let shows = told.shown && notice::leave(&inner.window) == notice::Leave::Granted;
        let clicked = move || drop(self.window().focus());
        !shows || notice::show("Stonechat", "This is how a message is shown.", "try", clicked).is_some()
    }
}
