//! Telling how far the person, and this device, have come: at once in a direct chat, now and then in a room.

use model::{RoomId, Seq, Visibility};
use protocol::{FromClient, http::RoomMarks};

use crate::{Client, Connection, Effect, Room, What};

/// Time between two words about marks in a direct chat, in milliseconds: somebody waits for the tick.
const DIRECT_EVERY_MS: u64 = 150;
/// Time between two words about marks in a room, in milliseconds.
const ROOM_EVERY_MS: u64 = 1_000;
/// How long to wait when the server says "later" without saying when.
const LATER_MS: u64 = 1_000;

impl Room {
    /// How often marks are told here.
    pub(crate) fn tell_every_ms(&self) -> u64 {
        if self.is_direct() { DIRECT_EVERY_MS } else { ROOM_EVERY_MS }
    }

    /// Whether it is a direct chat.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.info.visibility == Visibility::Direct
    }

    /// Whether this device has all that may not have been delivered yet; or as much of it as it is willing to fetch before
    /// somebody looks.
    fn has_all(&self) -> bool {
        let reaches_back = self.timeline.from() <= self.reading.marks().delivered;
        reaches_back || self.reading.unread() == 0 || self.timeline.is_long()
    }
}

impl Client {
    /// Everything up to `seq` was on a visible, focused screen.
    pub(crate) fn saw(&mut self, now_ms: u64, id: RoomId, seq: Seq, out: &mut Vec<Effect>) {
        let Some(me) = self.me.as_ref().map(|me| me.person.id) else { return };
        let Some(room) = self.rooms.get_mut(&id) else { return };
        // Between what was read and an excerpt may be much that nobody has seen.
        let passed = room.excerpt.as_ref().is_none_or(|excerpt| excerpt.from() <= room.reading.marks().read);
        if passed && room.reading.read(seq.min(room.cursor)) {
            room.reading.recount(&room.timeline, room.cursor, me);
            out.push(Effect::Changed(What::Rooms));
            self.withdraw_read(id, out);
            self.tell_marks(now_ms, id, out);
        }
    }

    /// In a direct chat: says that this device has what was said, or fetches it first.
    pub(crate) fn deliver(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        let (Some(room), Some(me)) = (self.rooms.get_mut(&id), &self.me) else { return };
        if !room.is_direct() {
            return;
        }
        if !room.has_all() {
            return self.ask_older(id, out);
        }
        // Only what others said: to answer every mark by a mark would never end.
        let last = room.timeline.messages().rev().find(|message| message.said.author.id != me.person.id);
        if last.is_some_and(|message| room.reading.deliver(message.seq)) {
            self.tell_marks(now_ms, id, out);
        }
    }

    /// Tells the server what it does not know yet, if it is time.
    pub(crate) fn tell_marks(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        if self.line.state != Connection::Online {
            return;
        }
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let every_ms = room.tell_every_ms();
        if let Some(marks) = room.reading.tell(now_ms, every_ms) {
            out.push(Effect::Send(FromClient::mark(id, marks)));
        }
    }

    /// The server did not take a mark.
    pub(crate) fn mark_refused(&mut self, now_ms: u64, id: RoomId, wait_ms: Option<u64>) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.reading.refused(now_ms, wait_ms.unwrap_or(LATER_MS));
        }
    }

    /// The marks of the others in a room are needed once it is looked at.
    pub(crate) fn want_receipts(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        let online = self.line.state == Connection::Online;
        if online && self.rooms.get_mut(&id).is_some_and(|room| room.receipts.ask()) {
            out.push(Effect::FetchMarks(id));
        }
    }

    pub(crate) fn receipts_arrived(&mut self, mut page: RoomMarks, out: &mut Vec<Effect>) {
        if self.epoch.as_ref() != Some(&page.epoch) {
            return self.receipts_failed(page.room);
        }
        // It may have been asked for before somebody was blocked.
        page.marks.retain(|moved| self.sees(moved));
        // A page that was asked for before receipts were turned off is not to be known any more.
        let wanted = self.me.as_ref().is_some_and(|me| me.receipts);
        if let Some(room) = self.rooms.get_mut(&page.room).filter(|_| wanted) {
            room.receipts.arrived(&page);
            out.push(Effect::Changed(What::Timeline(page.room)));
        }
    }

    pub(crate) fn receipts_failed(&mut self, id: RoomId) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.receipts.failed();
        }
    }

    /// Loads older messages until the first unread one is there. The view scrolls to [`Room::line`].
    pub(crate) fn seek_unread(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        if room.excerpt.take().is_some() {
            out.push(Effect::Changed(What::Timeline(id)));
        }
        room.seeking = room.line.is_some_and(|line| room.timeline.from() > line) && room.timeline.has_older();
        if room.seeking {
            self.ask_older(id, out);
        }
    }
}
