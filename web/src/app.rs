//! The driver: carries out what the engine wants, tells it what happened, and brings the screen up to date once per frame.

use std::{cell::RefCell, collections::BTreeMap, collections::BTreeSet, rc::Rc};

use client::{Client, Effect, Input, What};
use leptos::prelude::{ArcRwSignal, GetUntracked, LocalStorage, Set, StoredValue, WithValue};
use model::RoomId;
use web_sys::Window;

use crate::{
    driver::{
        address, clock, seed,
        socket::{Heard, Socket},
        theme::Theme,
        words::Words,
    },
    rows::Rows,
    screen::{Past, People, RoomItem, Screen, put},
};

/// The app. Copying it copies a handle.
#[derive(Clone, Copy)]
pub(crate) struct App {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    pub(crate) screen: Screen,
}

struct Inner {
    window: Window,
    client: RefCell<Client>,
    socket: RefCell<Option<Socket>>,
    /// What has changed since the last frame.
    changed: RefCell<BTreeSet<What>>,
    /// The time that the timer is set for, and its number.
    timer: RefCell<Option<(u64, i32)>>,
    rows: RefCell<Rows>,
    unread: RefCell<BTreeMap<RoomId, ArcRwSignal<bool>>>,
    words: Words,
}

impl App {
    /// Makes the app of this page; none outside a browser.
    pub(crate) fn start() -> Option<Self> {
        let window = web_sys::window()?;
        Theme::kept(&window).show(&window);
        let inner = Inner {
            client: RefCell::new(Client::new(seed::draw(&window))),
            window,
            socket: RefCell::default(),
            changed: RefCell::default(),
            timer: RefCell::default(),
            rows: RefCell::default(),
            unread: RefCell::default(),
            words: Words::new(),
        };
        Some(Self { inner: StoredValue::new_local(Rc::new(inner)), screen: Screen::new() })
    }

    /// Opens the room that the address names, and the line.
    pub(crate) fn connect(self) {
        self.give(Input::Open(address::current(&self.window())));
        self.give(Input::Connect);
    }

    /// The browser's window.
    pub(crate) fn window(self) -> Window {
        self.inner().window.clone()
    }

    /// Shows a room, or the list of rooms.
    pub(crate) fn go(self, room: Option<RoomId>) {
        address::go(&self.window(), room);
        self.give(Input::Open(room));
    }

    /// What stood in a room's composer when it was last looked at.
    pub(crate) fn draft(self, room: RoomId) -> String {
        self.inner().client.borrow().room(room).map(|room| room.draft().to_owned()).unwrap_or_default()
    }

    /// Lets go of the socket, because the page is about to be left: what the server says of that is no news.
    pub(crate) fn hang_up(self) {
        drop(self.inner().socket.take());
    }

    /// Milliseconds by the engine's clock.
    pub(crate) fn now_ms(self) -> u64 {
        clock::now_ms(&self.inner().window)
    }

    /// Tells the engine something and does what it wants.
    pub(crate) fn give(self, input: Input) {
        let inner = self.inner();
        let effects = inner.client.borrow_mut().step(clock::now_ms(&inner.window), input);
        for effect in effects {
            self.perform(&inner, effect);
        }
        self.wake(&inner);
    }

    fn inner(self) -> Rc<Inner> {
        self.inner.with_value(Rc::clone)
    }

    fn perform(self, inner: &Inner, effect: Effect) {
        match effect {
            Effect::Connect => self.dial(inner),
            Effect::Disconnect => drop(inner.socket.take()),
            Effect::Send(frame) => {
                if let Some(socket) = &*inner.socket.borrow() {
                    socket.send(&frame);
                }
            }
            Effect::CheckSession => self.check_session(),
            Effect::FetchHistory(before) => self.fetch_history(before),
            Effect::FetchMembers { room, after } => self.fetch_members(room, after),
            Effect::SignedOut => {
                let back = address::path(address::current(&inner.window));
                address::leave(&inner.window, &format!("/login?next={back}"));
            }
            Effect::Changed(what) => {
                let mut changed = inner.changed.borrow_mut();
                if changed.is_empty() {
                    clock::next_frame(&inner.window, move || self.draw());
                }
                changed.insert(what);
            }
        }
    }

    fn dial(self, inner: &Inner) {
        let tell = move |heard| match heard {
            Heard::Frame(text) => self.give(Input::Frame(text)),
            Heard::Closed(code) => self.give(Input::SocketClosed { code }),
        };
        let socket = Socket::open(&inner.window, tell);
        if socket.is_none() {
            clock::later(&inner.window, 0, move || self.give(Input::SocketClosed { code: 1006 }));
        }
        inner.socket.replace(socket);
    }

    /// Sets the timer for when the engine wants to be woken.
    fn wake(self, inner: &Inner) {
        let wanted = inner.client.borrow().wake_at();
        let set = *inner.timer.borrow();
        if set.map(|(at_ms, _)| at_ms) == wanted {
            return;
        }
        if let Some((_, number)) = set {
            inner.window.clear_timeout_with_handle(number);
        }
        let timer = wanted.and_then(|at_ms| {
            let wait_ms = at_ms.saturating_sub(clock::now_ms(&inner.window)) + 1;
            clock::later(&inner.window, wait_ms, move || self.tick()).map(|number| (at_ms, number))
        });
        inner.timer.replace(timer);
    }

    fn tick(self) {
        self.inner().timer.replace(None);
        self.give(Input::Tick);
    }

    /// Brings the screen up to date with everything that changed since the last time.
    pub(crate) fn draw(self) {
        let inner = self.inner();
        let client = inner.client.borrow();
        let screen = self.screen;
        for what in inner.changed.take() {
            match what {
                What::Connection => put(screen.connection, client.connection()),
                What::Me => put(screen.me, client.me().map(|me| me.person.clone())),
                What::Rooms => {
                    self.draw_rooms(&inner, &client);
                    if screen.open.get_untracked() != client.open() {
                        put(screen.members, People::default());
                    }
                    put(screen.open, client.open());
                    put(screen.room, client.open().and_then(|id| client.room(id)).map(|room| room.info().clone()));
                }
                What::Timeline(id) => {
                    if let Some(room) = client.room(id).filter(|_| client.open() == Some(id)) {
                        screen.rows.set(inner.rows.borrow_mut().of(&client, id, &inner.words, clock::wall()));
                        put(screen.past, Past::from(room.timeline()));
                    }
                }
                What::Members(id) => {
                    if let Some(room) = client.room(id).filter(|_| client.open() == Some(id)) {
                        put(screen.members, People::from(room.members()));
                    }
                }
            }
        }
    }

    fn draw_rooms(self, inner: &Inner, client: &Client) {
        let mut signals = inner.unread.borrow_mut();
        let mut items = Vec::new();
        for room in client.rooms() {
            let unread = signals.entry(room.id()).or_insert_with(|| ArcRwSignal::new(false));
            if unread.get_untracked() != room.is_unread() {
                unread.set(room.is_unread());
            }
            items.push(RoomItem { room: room.info().clone(), unread: unread.clone() });
        }
        items.sort_by_cached_key(|item| item.room.name.as_str().to_lowercase());
        let shown = self.screen.rooms.get_untracked();
        let same = shown.len() == items.len() && shown.iter().zip(&items).all(|(a, b)| a.room == b.room);
        if !same {
            self.screen.rooms.set(items);
        }
    }
}
