//! Which lines of the timeline are on the screen.

use client::{Client, Input};
use model::RoomId;

use super::{Desk, Scroll, Wish};
use crate::lines::{self, Placed};

/// The lines of the open room that are on the screen, and whether they are its last.
pub(crate) fn window(client: &Client, desk: &Desk) -> (Vec<Placed>, bool) {
    let Some(room) = client.open() else { return (Vec::new(), true) };
    let (_, height) = desk.frame();
    let mut lines = up_to(client, desk, (room, height));
    let above = lines.len().saturating_sub(height);
    (lines.split_off(above), desk.scroll == Scroll::End)
}

/// The lines of a room up to the one that stands lowest on the screen: at least so many, if there are as many.
fn up_to(client: &Client, desk: &Desk, (room, wanted): (RoomId, usize)) -> Vec<Placed> {
    let (frame, _) = desk.frame();
    let lowest = match &desk.scroll {
        Scroll::End => None,
        Scroll::At(id, number) => Some((id, *number)),
    };
    lines::last(client, room, lowest, (&frame, wanted))
}

impl Desk {
    /// So many lines back, or a page; at the top of what is there, more is asked for.
    pub(super) fn back(&mut self, client: &Client, lines: Option<usize>) -> Vec<Wish> {
        let Some(room) = client.open() else { return Vec::new() };
        let (_, height) = self.frame();
        let lowest = height.saturating_sub(1);
        let by = lines.unwrap_or(lowest).max(1);
        // A room may have thousands of messages: no more of them are laid than are looked at.
        let above = up_to(client, self, (room, height + by));
        let at = above.len().saturating_sub(1);
        let next = at.saturating_sub(by).max(lowest);
        if next < at {
            self.scroll_to(&above, next);
        }
        if next <= lowest { vec![Wish::Give(Input::LoadOlder(room))] } else { Vec::new() }
    }

    /// So many lines on, or a page. What comes into sight is read.
    pub(super) fn on(&mut self, client: &Client, lines: Option<usize>) -> Vec<Wish> {
        let Some(room) = client.open() else { return Vec::new() };
        let (all, at, height) = self.laid(client, room);
        self.scroll_to(&all, at + lines.unwrap_or(height.saturating_sub(1)).max(1));
        self.seen(client).map(Wish::Give).into_iter().collect()
    }

    /// Brings the first unread message to the top of the screen, if a room was just opened and it is there by now.
    pub(super) fn arrive(&mut self, client: &Client) {
        let Some(room) = self.arriving.and_then(|id| client.room(id)) else { return };
        if room.timeline().is_unread() || room.timeline().is_loading() || room.is_seeking() {
            return;
        }
        self.arriving = None;
        if let Some(line) = room.line() {
            let (all, _, height) = self.laid(client, room.id());
            let first = all.iter().position(|placed| placed.seq.is_some_and(|seq| seq > line));
            if let Some(first) = first {
                self.scroll_to(&all, first + height.saturating_sub(1));
            }
        }
    }

    /// What the person has read by now, if that is news.
    pub(super) fn seen(&self, client: &Client) -> Option<Input> {
        let room = client.open().and_then(|open| client.room(open))?;
        if !self.focused || self.help || self.arriving.is_some() {
            return None;
        }
        let (lines, _) = window(client, self);
        let seq = lines.iter().rev().find_map(|placed| placed.seq)?;
        (seq > room.marks().read).then(|| Input::Saw { room: room.id(), seq })
    }

    /// All lines, the number of the one that stands lowest, and how many have room.
    fn laid(&self, client: &Client, room: RoomId) -> (Vec<Placed>, usize, usize) {
        let (frame, height) = self.frame();
        let all = lines::all(client, room, &frame);
        let end = all.len().saturating_sub(1);
        let at = match &self.scroll {
            Scroll::End => end,
            Scroll::At(id, number) => {
                all.iter().rposition(|placed| placed.id == *id && placed.number <= *number).unwrap_or(end)
            }
        };
        (all, at, height)
    }

    fn scroll_to(&mut self, all: &[Placed], lowest: usize) {
        self.scroll = match all.get(lowest) {
            Some(placed) if lowest + 1 < all.len() => Scroll::At(placed.id.clone(), placed.number),
            Some(_) | None => Scroll::End,
        };
    }
}
