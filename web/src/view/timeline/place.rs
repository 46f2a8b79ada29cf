//! Where the reader is in a room. The newest is followed unless they have scrolled up; older messages come in above without
//! moving what is being read; and a room with something new opens where they stopped reading.
//!
//! Places are corrected in a `ResizeObserver`, which the browser calls after layout and before it paints: no jump is seen.

use client::{Input, RowId};
use leptos::{html, prelude::*};
use model::{RoomId, Seq};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, HtmlDivElement, HtmlElement, ResizeObserver};

use crate::{app::App, driver::clock, screen::Past};

/// The reader counts as being at the end within this distance of it.
const AT_END_PX: i32 = 48;
/// More messages are fetched when the reader is this close to the first or the last that are here.
const NEAR_PX: i32 = 600;
/// What is new begins so far below the top, so that it is seen what it follows.
const ABOVE_NEWS_PX: f64 = 72.0;
/// A message that was looked for is marked this long.
const FOUND_MS: u64 = 3_000;
/// A message that lacks no more than this is seen.
const LACKS_PX: f64 = 8.0;

/// The reader of one room. Copying it copies handles.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    pub(super) app: App,
    room: RoomId,
    pub(super) scroller: NodeRef<html::Div>,
    /// What is scrolled, and in it the messages.
    pub(super) content: NodeRef<html::Div>,
    pub(super) list: NodeRef<html::Div>,
    /// The reader is at the end and stays there.
    pub(super) follows: RwSignal<bool>,
    /// What is new begins above what is seen, and the reader has not been there.
    pub(super) passed: RwSignal<bool>,
    last: StoredValue<Last>,
}

/// Where what is new is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Here: the reader stands before it now.
    There,
    /// It will be here.
    Coming,
    /// There is nothing new, or it is far above.
    Nowhere,
}

/// What was there at the last layout.
#[derive(Clone, Default)]
struct Last {
    oldest: Option<RowId>,
    newest: Option<RowId>,
    to_end_px: i32,
    /// The heights of the rows and of the window onto them.
    heights_px: (i32, i32),
    /// The reader wants to go to what is new, as soon as it is there.
    seeks: bool,
    /// The line above what is new that the reader has been at.
    been_at: Option<Seq>,
    /// They will be looked after with the next frame.
    looking: bool,
    /// The place that the engine was told they saw.
    saw: Option<Seq>,
}

impl Reader {
    pub(super) fn new(app: App, room: RoomId) -> Self {
        let reader = Self {
            app,
            room,
            scroller: NodeRef::new(),
            content: NodeRef::new(),
            list: NodeRef::new(),
            follows: RwSignal::new(true),
            passed: RwSignal::new(false),
            last: StoredValue::new(Last { seeks: true, ..Last::default() }),
        };
        reader.observe();
        Effect::new(move |_| {
            app.screen.rows.track();
            app.screen.news.track();
            app.screen.past.track();
            app.screen.in_front.track();
            reader.look_soon();
        });
        // A message that is here already changes no layout.
        Effect::new(move |_| {
            if app.screen.reveal.get().is_some_and(|(of, _)| of == room) {
                reader.follows.set(false);
                clock::next_frame(&app.window(), move || reader.settle());
            }
        });
        reader
    }

    /// Watches the size of the rows and of the window onto them.
    fn observe(self) {
        let call = Closure::<dyn Fn()>::new(move || self.settle());
        let Ok(observer) = ResizeObserver::new(call.as_ref().unchecked_ref()) else { return };
        let kept = StoredValue::new_local((observer.clone(), call));
        Effect::new(move |_| {
            if let (Some(content), Some(scroller)) = (self.content.get(), self.scroller.get()) {
                kept.with_value(|(observer, _)| {
                    observer.observe(&content);
                    observer.observe(&scroller);
                });
            }
        });
        on_cleanup(move || {
            let _ = kept.try_update_value(|(observer, _)| observer.disconnect());
        });
    }

    /// After a change of layout: back to where the reader was, or to where they want to be.
    fn settle(self) {
        let Some(scroller) = self.scroller.try_get_untracked().flatten() else { return };
        let Some(mut last) = self.last.try_get_value() else { return };
        let rows = self.app.screen.rows.get_untracked();
        let oldest = rows.first().map(|row| row.id.clone());
        let own = rows.last().is_some_and(|row| row.own);
        let newest = rows.last().map(|row| row.id.clone());
        let reveals = self.app.screen.reveal.get_untracked().is_some_and(|(room, _)| room == self.room);
        last.seeks = last.seeks && !reveals;
        let way = if last.seeks && !rows.is_empty() { self.go_to_news(&scroller) } else { Way::Nowhere };
        last.seeks = last.seeks && (rows.is_empty() || way == Way::Coming);
        if (reveals && self.reveal(&scroller)) || way == Way::There {
            self.may_follow(&scroller);
        } else if self.follows.get_untracked() || (newest != last.newest && own) {
            scroller.set_scroll_top(scroller.scroll_height());
            self.follows.set(true);
        } else if oldest != last.oldest {
            scroller.set_scroll_top(scroller.scroll_height() - last.to_end_px);
        }
        last.oldest = oldest;
        last.newest = newest;
        last.to_end_px = to_end_px(&scroller);
        last.heights_px = heights_px(&scroller);
        self.last.set_value(last);
        self.fetch_near(&scroller);
        self.look_soon();
    }

    /// Goes to what is new, if it is there.
    fn go_to_news(self, scroller: &HtmlDivElement) -> Way {
        let news = self.app.screen.news.get_untracked();
        if news.line.is_none() {
            return Way::Nowhere;
        }
        let Some(divider) = divider(scroller) else {
            return if news.loaded || self.is_coming() { Way::Coming } else { Way::Nowhere };
        };
        let from_top_px = divider.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
        #[expect(clippy::cast_possible_truncation, reason = "pixels on a screen")]
        scroller.set_scroll_top(scroller.scroll_top() + (from_top_px - ABOVE_NEWS_PX) as i32);
        Way::There
    }

    /// Whether older messages are on their way, among which what is new begins.
    fn is_coming(self) -> bool {
        let news = self.app.screen.news.get_untracked();
        let loading = self.app.screen.past.get_untracked() == Past::Loading;
        news.line.is_some() && !news.loaded && (news.seeking || loading)
    }

    /// Whoever is at the end follows what comes, if that is the room's end.
    fn may_follow(self, scroller: &HtmlDivElement) {
        let follows = is_at_end(scroller) && self.app.screen.beyond.with_untracked(Option::is_none);
        if self.follows.get_untracked() != follows {
            self.follows.set(follows);
        }
    }

    /// Brings the message that is looked for before the reader's eyes, if it is there. Returns whether it is.
    fn reveal(self, scroller: &HtmlDivElement) -> bool {
        let screen = self.app.screen;
        let Some((_, seq)) = screen.reveal.get_untracked().filter(|(room, _)| *room == self.room) else { return false };
        let rows = screen.rows.get_untracked();
        let place = rows.iter().position(|row| row.room == self.room && row.seq.get_untracked() == Some(seq));
        let shown = self.list.try_get_untracked().flatten().map(|list| list.children());
        let shown = shown.filter(|shown| u32::try_from(rows.len()) == Ok(shown.length()));
        let row = place.and_then(|place| shown?.item(u32::try_from(place).ok()?)?.dyn_into::<HtmlElement>().ok());
        let Some(row) = row else { return false };
        screen.reveal.set(None);
        // For whoever listens: the focus is what is read.
        let _ = row.set_attribute("tabindex", "-1");
        let _ = row.focus();
        let from_top_px = row.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
        #[expect(clippy::cast_possible_truncation, reason = "pixels on a screen")]
        let from_top_px = from_top_px as i32;
        scroller.set_scroll_top(scroller.scroll_top() + from_top_px - scroller.client_height() / 4);
        let _ = row.set_attribute("data-found", "true");
        clock::later(&self.app.window(), FOUND_MS, move || drop(row.remove_attribute("data-found")));
        true
    }

    pub(super) fn scrolled(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        // A layout that has changed moves the place too, and says so before the observer is called: that is not the reader.
        if self.last.with_value(|last| last.heights_px != heights_px(&scroller)) {
            return;
        }
        self.may_follow(&scroller);
        self.last.update_value(|last| last.to_end_px = to_end_px(&scroller));
        self.fetch_near(&scroller);
        self.look_soon();
    }

    pub(super) fn go_to_end(self) {
        self.app.go_to_end(self.room);
        self.follows.set(true);
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(scroller.scroll_height());
            let _ = scroller.focus();
        }
    }

    /// Goes to where the reader stopped reading, however far above that is.
    pub(super) fn seek_news(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        self.follows.set(false);
        if self.go_to_news(&scroller) != Way::There {
            self.last.update_value(|last| last.seeks = true);
            self.app.give(Input::SeekUnread(self.room));
        }
        let _ = scroller.focus();
    }

    fn fetch_near(self, scroller: &HtmlDivElement) {
        let to_end_px = to_end_px(scroller) - scroller.client_height();
        if to_end_px < NEAR_PX && self.app.screen.beyond.get_untracked() == Some(Past::More) {
            self.app.give(Input::LoadNewer(self.room));
        }
        if scroller.scroll_top() < NEAR_PX && self.app.screen.past.get_untracked() == Past::More {
            self.app.give(Input::LoadOlder(self.room));
        }
    }

    /// Looks, once before the next frame, at what the reader sees.
    fn look_soon(self) {
        if self.last.try_update_value(|last| std::mem::replace(&mut last.looking, true)) == Some(false) {
            clock::next_frame(&self.app.window(), move || self.look());
        }
    }

    fn look(self) {
        let Some(mut last) = self.last.try_get_value() else { return };
        last.looking = false;
        if let Some(scroller) = self.scroller.try_get_untracked().flatten() {
            self.look_for_news(&scroller, &mut last);
            // Who is about to be taken to where they stopped reading has not read what is here.
            let reads = self.app.screen.in_front.get_untracked() && !(last.seeks && self.is_coming());
            let saw = reads.then(|| self.last_seen(&scroller)).flatten();
            if saw > last.saw {
                last.saw = saw;
            } else {
                self.last.set_value(last);
                return;
            }
        }
        let saw = last.saw;
        self.last.set_value(last);
        if let Some(seq) = saw {
            self.app.give(Input::Saw { room: self.room, seq });
        }
    }

    /// Whether the reader is past the beginning of what is new without having been there.
    fn look_for_news(self, scroller: &HtmlDivElement, last: &mut Last) {
        let line = self.app.screen.news.get_untracked().line;
        let top_px = scroller.get_bounding_client_rect().top();
        let above = divider(scroller).is_none_or(|divider| divider.get_bounding_client_rect().bottom() <= top_px);
        if !above {
            last.been_at = line;
        }
        let passed = line.is_some() && line != last.been_at && !self.app.screen.rows.with_untracked(Vec::is_empty);
        if self.passed.get_untracked() != passed {
            self.passed.set(passed);
        }
    }

    /// The place of the last message of another that is seen, or was passed on the way to what is seen.
    fn last_seen(self, scroller: &HtmlDivElement) -> Option<Seq> {
        let end_px = scroller.get_bounding_client_rect().bottom() + LACKS_PX;
        let shown = self.list.try_get_untracked().flatten()?.children();
        let rows = self.app.screen.rows.get_untracked();
        // If there are not as many, they are being made, and this is asked again.
        let count = u32::try_from(rows.len()).ok().filter(|count| *count == shown.length())?;
        (0..count).zip(&rows).rev().find_map(|(place, row)| {
            let RowId::Other(seq) = row.id else { return None };
            let rect = shown.item(place)?.get_bounding_client_rect();
            // Of a message taller than the window, half is enough.
            let needed_px = rect.bottom().min(rect.top() + scroller.get_bounding_client_rect().height() / 2.0);
            (needed_px <= end_px).then_some(seq)
        })
    }
}

/// What stands above the first new message.
fn divider(scroller: &HtmlDivElement) -> Option<Element> {
    scroller.query_selector(".day[data-new]").ok().flatten()
}

fn is_at_end(scroller: &HtmlDivElement) -> bool {
    to_end_px(scroller) - scroller.client_height() <= AT_END_PX
}

fn heights_px(scroller: &HtmlDivElement) -> (i32, i32) {
    (scroller.scroll_height(), scroller.client_height())
}

/// From the top of what is seen to the end: the same before and after something came in above.
fn to_end_px(scroller: &HtmlDivElement) -> i32 {
    scroller.scroll_height() - scroller.scroll_top()
}
