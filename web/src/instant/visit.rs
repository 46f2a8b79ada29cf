//! The driver: carries out what the guest wants, and tells it what happened.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use client::instant::{Effect, Guest, Input, RowId};
use leptos::prelude::{GetUntracked, LocalStorage, Set, StoredValue, WithValue};
use model::Timestamp;
use parts::{clock, seed, words::Words};
use protocol::instant::{PATH, PLAIN_PATH, Secret, Sender};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, HtmlElement, Window};

use crate::{
    door::Door,
    lock::Lock,
    page::{self, Page, Room},
    photo::Shown,
    screen::{Screen, Stage},
};

/// A visit to a room. Copying it copies a handle.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// It lives as long as the page.
    pub(crate) screen: &'static Screen,
}

struct Inner {
    window: Window,
    place: HtmlElement,
    page: Page,
    guest: RefCell<Guest>,
    door: RefCell<Door>,
    shown: RefCell<BTreeMap<RowId, Shown>>,
    /// The time that the timer is set for, and its number.
    timer: Cell<Option<(u64, i32)>>,
    /// Whether the next frame draws anew.
    draws: Cell<bool>,
    words: Words,
}

impl Visit {
    /// Makes the visit of this page; none outside a browser.
    pub(crate) fn start() -> Option<Self> {
        let window = web_sys::window()?;
        let place: HtmlElement = window.document()?.get_element_by_id("instant")?.dyn_into().ok()?;
        let inner = Inner {
            page: Page::read(&window, AsRef::<Element>::as_ref(&place)),
            guest: RefCell::new(Guest::of_plain_room(seed::draw(&window))),
            door: RefCell::default(),
            shown: RefCell::default(),
            timer: Cell::default(),
            draws: Cell::default(),
            words: Words::default(),
            place,
            window,
        };
        Some(Self { inner: StoredValue::new_local(Rc::new(inner)), screen: Box::leak(Box::new(Screen::new())) })
    }

    /// The browser's window.
    pub(crate) fn window(self) -> Window {
        self.inner().window.clone()
    }

    /// Where the page is drawn.
    pub(crate) fn place(self) -> HtmlElement {
        self.inner().place.clone()
    }

    /// What the page came with.
    pub(crate) fn page(self) -> Page {
        self.inner().page.clone()
    }

    /// Goes in under this name; for a room that is not there yet, a key is made first.
    pub(crate) async fn enter(self, name: String) {
        let inner = self.inner();
        let (secret, fresh) = match &inner.page.room {
            Room::New => (Some(drawn(&inner.window)), true),
            Room::Sealed(secret) => (Some(secret.clone()), false),
            Room::Plain(_) | Room::NoKey | Room::NoCrypto => (None, false),
        };
        let seed = seed::draw(&inner.window);
        if let Some(secret) = secret {
            let Some(lock) = Lock::of(&inner.window, &secret).await else {
                return self.screen.trouble.set(Some("Your browser does not encrypt here, so this room stays closed."));
            };
            let link = page::link(&inner.window, &secret);
            if fresh {
                page::rename(&inner.window, &link);
            }
            self.screen.link.set(link);
            inner.guest.replace(Guest::of_sealed_room(seed));
            inner.door.replace(Door::sealed(format!("{PATH}{}", lock.id().text()), lock));
        } else if let Room::Plain(name) = &inner.page.room {
            self.screen.link.set(page::plain_link(&inner.window, name));
            inner.guest.replace(Guest::of_plain_room(seed));
            inner.door.replace(Door::plain(format!("{PLAIN_PATH}{}", js_sys::encode_uri_component(name))));
        } else {
            return;
        }
        self.screen.stage.set(Stage::Room);
        self.give(Input::Enter { name });
    }

    /// Leaves the room, and forgets it.
    pub(crate) fn leave(self) {
        self.give(Input::Leave);
        self.screen.stage.set(Stage::Left);
        self.forget();
    }

    /// Tells the guest something and does what it wants.
    pub(crate) fn give(self, input: Input) {
        let inner = self.inner();
        let now_ms = clock::now_ms(&inner.window);
        let effects = inner.guest.borrow_mut().step(now_ms, input);
        for effect in effects {
            self.perform(&inner, effect);
        }
        self.wake(&inner, now_ms);
    }

    /// Asks the guest something.
    pub(crate) fn ask<T>(self, ask: impl FnOnce(&Guest) -> T) -> T {
        ask(&self.inner().guest.borrow())
    }

    /// Where the picture of a row is.
    pub(crate) fn picture(self, row: RowId) -> Option<String> {
        self.inner().shown.borrow().get(&row).map(|shown| shown.url().to_owned())
    }

    /// The time of day at which something came.
    pub(crate) fn time(self, at_ms: u64) -> String {
        let inner = self.inner();
        let ago_ms = clock::now_ms(&inner.window).saturating_sub(at_ms);
        let at_ms = clock::wall().as_ms().saturating_sub(i64::try_from(ago_ms).unwrap_or(0));
        inner.words.time(Timestamp::from_ms(at_ms))
    }

    /// Empties the page when it is left: a browser may keep it as it stands, to go back to. If it does, it is loaded anew. And
    /// a page that gets another room's link is another page.
    pub(crate) fn leave_nothing(self) {
        let window = self.window();
        let gone = Closure::<dyn Fn()>::new(move || self.wipe());
        let anew = Closure::<dyn Fn()>::new(move || {
            if self.inner().place.child_element_count() == 0 {
                let _ = self.window().location().reload();
            }
        });
        let other = Closure::<dyn Fn()>::new(move || drop(self.window().location().reload()));
        let online = Closure::<dyn Fn()>::new(move || self.give(Input::Dial));
        let offline = Closure::<dyn Fn()>::new(move || self.give(Input::Lost));
        // A frame that was asked for just before the page was hidden does not come.
        let turned = Closure::<dyn Fn()>::new(move || self.draw());
        for (name, call) in [
            ("pagehide", gone),
            ("pageshow", anew),
            ("hashchange", other),
            ("online", online),
            ("offline", offline),
            ("visibilitychange", turned),
        ] {
            let _ = window.add_event_listener_with_callback(name, call.as_ref().unchecked_ref());
            // The page's listeners live as long as the page.
            call.forget();
        }
    }

    fn wipe(self) {
        let inner = self.inner();
        self.forget();
        inner.door.replace(Door::default());
        inner.place.replace_children_with_node_0();
    }

    /// Forgets what was said.
    fn forget(self) {
        let inner = self.inner();
        inner.guest.replace(Guest::of_plain_room([0, 0]));
        inner.shown.borrow_mut().clear();
        self.draw();
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.with_value(Rc::clone)
    }

    fn perform(self, inner: &Rc<Inner>, effect: Effect) {
        match effect {
            Effect::Dial => {
                let opened = inner.door.borrow_mut().dial(
                    &inner.window,
                    move |input| self.give(input),
                    move || {
                        let inner = self.inner();
                        let mut bytes = [0; Sender::BYTES];
                        fill(&inner.window, &mut bytes);
                        Sender::new(bytes)
                    },
                );
                if !opened {
                    clock::later(&inner.window, 0, move || self.give(Input::Down { code: 1006 }));
                }
            }
            Effect::HangUp => inner.door.borrow_mut().hang_up(),
            Effect::Seal { head, inside } => inner.door.borrow_mut().seal(head, inside),
            Effect::Send(frame) => inner.door.borrow_mut().send(&frame),
            Effect::Show { row, format, bytes } => {
                if let Some(shown) = Shown::new(format, &bytes) {
                    inner.shown.borrow_mut().insert(row, shown);
                }
            }
            Effect::Forget(row) => drop(inner.shown.borrow_mut().remove(&row)),
            Effect::Changed => {
                if !inner.draws.replace(true) {
                    clock::next_frame(&inner.window, move || self.draw());
                }
            }
        }
    }

    fn draw(self) {
        let inner = self.inner();
        inner.draws.set(false);
        let guest = inner.guest.borrow();
        let screen = self.screen;
        screen.rows.set(guest.rows());
        let people = guest.people(clock::now_ms(&inner.window));
        if screen.people.get_untracked() != people {
            screen.people.set(people);
        }
        if screen.line.get_untracked() != guest.line() {
            screen.line.set(guest.line());
        }
        if screen.silent.get_untracked() != guest.silent() {
            screen.silent.set(guest.silent());
        }
        let strangers = guest.strangers() > 0;
        if screen.strangers.get_untracked() != strangers {
            screen.strangers.set(strangers);
        }
    }

    /// Sets the timer for when the guest wants to be woken.
    fn wake(self, inner: &Inner, now_ms: u64) {
        let wanted = inner.guest.borrow().wake_at(now_ms);
        let set = inner.timer.get();
        if set.map(|(at_ms, _)| at_ms) == wanted {
            return;
        }
        if let Some((_, number)) = set {
            inner.window.clear_timeout_with_handle(number);
        }
        inner.timer.set(wanted.and_then(|at_ms| {
            let tick = move || {
                self.inner().timer.set(None);
                self.give(Input::Tick);
            };
            let wait_ms = at_ms.saturating_sub(now_ms) + 1;
            clock::later(&inner.window, wait_ms, tick).map(|number| (at_ms, number))
        }));
    }
}

fn drawn(window: &Window) -> Secret {
    let mut bytes = [0; Secret::BYTES];
    fill(window, &mut bytes);
    Secret::new(bytes)
}

fn fill(window: &Window, bytes: &mut [u8]) {
    if let Ok(crypto) = window.crypto() {
        let _ = crypto.get_random_values_with_u8_array(bytes);
    }
}
