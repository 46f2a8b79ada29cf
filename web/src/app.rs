//! The driver: carries out what the engine wants, and tells it what happened.

mod attention;
mod bots;
mod draw;
mod emoji;
mod languages;
mod line;
mod notices;
mod uploads;

pub(crate) use self::emoji::Symbols;

use std::{cell::RefCell, collections::BTreeMap, collections::BTreeSet, rc::Rc};

use client::{Client, Effect, Input, What};
use leptos::prelude::{ArcRwSignal, LocalStorage, Set, StoredValue, Track, WithValue};
use model::{Person, Regard, Regarded, RoomId, Seen, Seq, UserId};
use protocol::encode;
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

use crate::{
    chat::{Chat, Unread},
    driver::{address, clock, seed, shelf::Shelf, theme::Theme, words::Words, worker},
    rows::Rows,
    screen::Screen,
};

/// The app. Copying it copies a handle.
#[derive(Clone, Copy)]
pub(crate) struct App {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    /// It lives as long as the page.
    pub(crate) screen: &'static Screen,
}

struct Inner {
    window: Window,
    client: RefCell<Client>,
    line: line::Line,
    /// What has changed since the last frame.
    changed: RefCell<BTreeSet<What>>,
    /// The time that the timer is set for, and its number.
    timer: RefCell<Option<(u64, i32)>>,
    rows: RefCell<Rows>,
    unread: RefCell<BTreeMap<RoomId, ArcRwSignal<Unread>>>,
    words: Words,
    shelf: Shelf,
    hands: attention::Hands,
    files: uploads::Files,
    notices: notices::Notices,
}

impl App {
    /// Makes the app of this page; none outside a browser.
    pub(crate) fn start() -> Option<Self> {
        let window = web_sys::window()?;
        Theme::kept(&window).show(&window);
        let inner = Inner {
            client: RefCell::new(Client::new(seed::draw(&window))),
            shelf: Shelf::of(&window),
            window,
            line: line::Line::default(),
            changed: RefCell::default(),
            timer: RefCell::default(),
            rows: RefCell::default(),
            unread: RefCell::default(),
            words: Words::default(),
            hands: attention::Hands::default(),
            files: uploads::Files::default(),
            notices: notices::Notices::default(),
        };
        Some(Self { inner: StoredValue::new_local(Rc::new(inner)), screen: Box::leak(Box::new(Screen::new())) })
    }

    /// Takes up what the last visit left, opens the room that the address names, and the line.
    pub(crate) fn connect(self) {
        let memory = self.inner().shelf.memory();
        // Of what another person left nothing is shown; it is wiped as soon as the server says who this is.
        let person =
            self.window().document().and_then(|page| page.get_element_by_id("app")?.get_attribute("data-person"));
        if memory.home.as_ref().map(|home| home.me.person.id.to_string()) == person {
            self.give(Input::Remember(memory));
        }
        self.follow_address();
        self.attend();
        self.follow_the_clock();
        self.give(Input::Connect);
        leptos::task::spawn_local(async move { worker::install(&self.window()).await });
    }

    /// The browser's window.
    pub(crate) fn window(self) -> Window {
        self.inner().window.clone()
    }

    /// Shows a room, or the list of rooms.
    pub(crate) fn go(self, room: Option<RoomId>) {
        address::go(&self.window(), &address::path(room));
        self.give(Input::Open(room));
    }

    /// Shows a message in its room.
    pub(crate) fn go_to(self, room: RoomId, seq: Seq) {
        address::go(&self.window(), &address::message_path(room, seq));
        self.follow_address();
    }

    /// Shows the newest messages of a room.
    pub(crate) fn go_to_end(self, room: RoomId) {
        address::go(&self.window(), &address::path(Some(room)));
        self.give(Input::ToEnd(room));
    }

    /// Shows what the address names.
    pub(crate) fn follow_address(self) {
        let (room, message) = address::current(&self.window());
        let open = self.inner().client.borrow().open();
        if open.is_none() || open != room {
            self.give(Input::Open(room));
        }
        match (room, message) {
            (Some(room), Some(seq)) => self.give(Input::GoTo { room, seq }),
            (Some(room), None) => self.give(Input::ToEnd(room)),
            (None, _) => {}
        }
    }

    /// What stood in a room's composer when it was last looked at.
    pub(crate) fn draft(self, room: RoomId) -> String {
        self.inner().client.borrow().room(room).map(|room| room.draft().to_owned()).unwrap_or_default()
    }

    /// How many messages the server does not have yet, as far as is known here.
    pub(crate) fn unsent(self) -> usize {
        self.inner().client.borrow().unsent()
    }

    /// How somebody is. A view that asks is drawn again when somebody comes or goes.
    pub(crate) fn seen(self, user: UserId) -> Option<Seen> {
        self.screen.comings.track();
        self.inner().client.borrow().seen(user)
    }

    /// Somebody as they are known by now. A view that asks is drawn again when somebody is called otherwise.
    pub(crate) fn named(self, person: &Person) -> Person {
        self.screen.comings.track();
        self.inner().client.borrow().named(person).clone()
    }

    /// How the person regards somebody. A view that asks is drawn again when that changes.
    pub(crate) fn regard(self, user: UserId) -> Regard {
        self.screen.comings.track();
        self.inner().client.borrow().regard(user)
    }

    /// Everybody whom the person ignores or blocks.
    pub(crate) fn regarded(self) -> Vec<Regarded> {
        self.screen.comings.track();
        self.inner().client.borrow().regarded().collect()
    }

    /// Who has read the open room up to here.
    pub(crate) fn readers(self, room: RoomId, seq: Seq) -> Vec<UserId> {
        let inner = self.inner();
        let client = inner.client.borrow();
        client.room(room).map(|room| room.receipts().readers(seq).collect()).unwrap_or_default()
    }

    /// What the person calls a room that they are in.
    pub(crate) fn title(self, room: RoomId) -> Option<String> {
        let inner = self.inner();
        let client = inner.client.borrow();
        let me = client.me().map(|me| me.person.id);
        client.room(room).map(|room| Chat::of(room.info(), me).title.to_string())
    }

    /// Words for moments.
    pub(crate) fn with_words<T>(self, say: impl FnOnce(&Words) -> T) -> T {
        say(&self.inner().words)
    }

    /// Puts a text on the clipboard; says whether it is there. A page that came over http has none.
    pub(crate) async fn copy(self, text: &str) -> bool {
        let window = self.window();
        window.is_secure_context() && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
    }

    /// Before the session ends: lets go of the socket, because what the server says of that is no news, and of everything that
    /// the person left on this device.
    pub(crate) async fn clear_out(self) {
        let inner = self.inner();
        inner.line.drop();
        inner.shelf.wipe();
        Self::withdraw_all(&inner);
        worker::remove(&inner.window).await;
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
            Effect::Disconnect => inner.line.drop(),
            Effect::Send(frame) => inner.line.send(&encode(&frame)),
            Effect::CheckSession => self.check_session(),
            Effect::FetchHistory(question) => self.fetch_history(question),
            Effect::FetchMembers { room, after } => self.fetch_members(room, after),
            Effect::FetchMarks(room) => self.fetch_marks(room),
            Effect::Keep(unsent) => inner.shelf.keep(&unsent),
            Effect::Forget(key) => inner.shelf.forget(&key),
            Effect::KeepDraft { room, text } => inner.shelf.keep_draft(room, &text),
            Effect::KeepHome(home) => inner.shelf.keep_home(&home),
            Effect::Wipe => inner.shelf.wipe(),
            Effect::Notify { room, seq, author, text } => self.notify(inner, room, seq, (author, text)),
            Effect::Withdraw(room) => Self::withdraw(inner, room),
            Effect::SignedOut => {
                Self::withdraw_all(inner);
                let back = address::here(&inner.window);
                address::leave(&inner.window, &format!("/login?next={back}"));
            }
            Effect::Upload { key, errand } => self.run_errand(key, errand),
            Effect::Tell(words) => self.tell(words),
            Effect::Reveal { room, seq } => self.screen.reveal.set(Some((room, seq))),
            Effect::Changed(what) => self.changed(inner, what),
        }
    }

    /// Something is to be drawn anew, with the next frame.
    fn changed(self, inner: &Inner, what: What) {
        let mut changed = inner.changed.borrow_mut();
        if changed.is_empty() {
            clock::next_frame(&inner.window, move || self.draw());
        }
        changed.insert(what);
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
}
