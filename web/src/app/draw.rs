//! Brings the screen up to date with the engine, once per frame.

use client::{Client, What};
use leptos::prelude::{GetUntracked, Set};
use model::{Notify, RoomId, limits::UNREAD_MAX};

use super::{App, Inner};
use crate::{
    chat::{Chat, ChatItem, Unread},
    driver::{clock, words::local_day},
    screen::{News, Past, People, put},
};

const MINUTE_MS: u64 = 60_000;

impl App {
    /// Shows everything that changed since the last time.
    pub(crate) fn draw(self) {
        let inner = self.inner();
        let client = inner.client.borrow();
        let screen = self.screen;
        for what in inner.changed.take() {
            match what {
                What::Connection => {
                    put(screen.connection, client.connection());
                    screen.comings.set(());
                }
                What::Me => put(screen.me, client.me().cloned()),
                What::Rooms => self.draw_rooms(&inner, &client),
                What::Timeline(id) => self.draw_timeline(&inner, &client, id),
                What::Members(id) => {
                    if let Some(room) = client.room(id).filter(|_| client.open() == Some(id)) {
                        put(screen.members, People::from(room.members()));
                    }
                }
                What::Tray(id) => {
                    if client.open() == Some(id) {
                        put(screen.tray, client.tray(id).cloned().collect());
                    }
                    self.forget_sent_files();
                }
                What::Typists(id) if client.open() == Some(id) => {
                    put(screen.typists, client.typists(id).cloned().collect());
                }
                What::Typists(_) => {}
                What::People => screen.comings.set(()),
            }
        }
    }

    /// Shows the rooms, and what is shown beside the open one.
    fn draw_rooms(self, inner: &Inner, client: &Client) {
        let screen = self.screen;
        self.draw_list(inner, client);
        if screen.open.get_untracked() != client.open() {
            put(screen.members, People::default());
            put(screen.news, News::default());
            put(screen.tray, client.open().map(|id| client.tray(id).cloned().collect()).unwrap_or_default());
            put(screen.lightbox, None);
            put(screen.typists, client.open().map(|id| client.typists(id).cloned().collect()).unwrap_or_default());
        }
        put(screen.open, client.open());
        let me = client.me().map(|me| me.person.id);
        let open = client.open().and_then(|id| client.room(id));
        put(screen.prefs, open.map(client::Room::prefs).unwrap_or_default());
        put(screen.room, open.map(|room| Chat::of(room.info(), me)));
        if let Some(room) = open {
            put(screen.news, News::of(room, screen.news.get_untracked()));
        }
    }

    fn draw_timeline(self, inner: &Inner, client: &Client, id: RoomId) {
        let Some(room) = client.room(id).filter(|_| client.open() == Some(id)) else { return };
        let screen = self.screen;
        screen.rows.set(inner.rows.borrow_mut().of(client, id, &inner.words, clock::wall()));
        put(screen.past, Past::of(room));
        put(screen.beyond, Past::beyond(room));
        put(screen.news, News::of(room, screen.news.get_untracked()));
    }

    /// Lists direct chats and rooms, the liveliest first.
    fn draw_list(self, inner: &Inner, client: &Client) {
        let me = client.me().map(|me| me.person.id);
        let mut signals = inner.unread.borrow_mut();
        let mut items = Vec::new();
        let (mut total, mut saved) = (0_u32, 0);
        for room in client.rooms() {
            let unread = signals.entry(room.id()).or_default();
            let now = Unread { count: room.unread(), marked: room.unread_from().is_some() };
            if unread.get_untracked() != now {
                unread.set(now);
            }
            saved += room.saved().count();
            // What somebody wants to hear nothing of does not call from the title.
            total += if room.prefs().notify == Notify::Nothing { 0 } else { room.unread() };
            let chat = Chat::of(room.info(), me);
            let name = chat.title.to_lowercase();
            let list = match (room.prefs().favourite, chat.kind.is_direct()) {
                (true, _) => 0,
                (false, true) => 1,
                (false, false) => 2,
            };
            items.push((room.last_at(), name, list, ChatItem { chat, unread: unread.clone() }));
        }
        items.sort_by(|(at, name, ..), (other_at, other_name, ..)| other_at.cmp(at).then_with(|| name.cmp(other_name)));
        let mut lists = [Vec::new(), Vec::new(), Vec::new()];
        for (.., list, item) in items {
            if let Some(items) = lists.get_mut(list) {
                items.push(item);
            }
        }
        for (signal, items) in self.screen.lists().into_iter().zip(lists) {
            let shown = signal.get_untracked();
            let same = shown.len() == items.len() && shown.iter().zip(&items).all(|(a, b)| a.chat == b.chat);
            if !same {
                signal.set(items);
            }
        }
        put(self.screen.unread, total.min(UNREAD_MAX));
        put(self.screen.saved, saved);
    }

    /// Keeps the minute on the screen right; at midnight today's messages become yesterday's.
    pub(crate) fn follow_the_clock(self) {
        let inner = self.inner();
        let (before, now) = (self.screen.minute.get_untracked(), clock::wall());
        put(self.screen.minute, now);
        let open = inner.client.borrow().open();
        if let Some(room) = open.filter(|_| local_day(before) != local_day(now)) {
            self.changed(&inner, What::Timeline(room));
        }
        let passed_ms = u64::try_from(now.as_ms()).unwrap_or_default() % MINUTE_MS;
        let _ = clock::later(&inner.window, MINUTE_MS - passed_ms, move || self.follow_the_clock());
    }
}
