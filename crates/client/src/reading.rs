//! How far the person has come in one room, on all devices; and what of it the server still has to be told.
//!
//! The server counts what is unread up to some place, and the client counts on from there. Once the window of messages
//! reaches back to the mark, the client counts anew by itself.

use model::{Marks, Seq, UserId, limits::UNREAD_MAX};
use protocol::RoomHead;

use crate::timeline::Timeline;

/// The person's own marks in one room.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The furthest that is known here.
    marks: Marks,
    /// What the server has been told, or has told.
    told: Marks,
    told_ms: Option<u64>,
    /// Messages of others after the mark, among those up to `at`.
    unread: u32,
    at: Seq,
    /// The head at the server's last count. An older count may be on its way still.
    counted: Seq,
}

impl Reading {
    pub(crate) fn new(head: &RoomHead) -> Self {
        let (marks, at) = (head.marks, head.head);
        Self { marks, told: marks, told_ms: None, unread: head.unread, at, counted: at }
    }

    pub(crate) fn marks(&self) -> Marks {
        self.marks
    }

    /// Messages of others that the person has not read, and never more than are counted.
    pub(crate) fn unread(&self) -> u32 {
        self.unread.min(UNREAD_MAX)
    }

    /// The server's word at the beginning of a connection, or after a reset.
    pub(crate) fn begin(&mut self, marks: Marks, unread: u32, head: Seq) {
        self.told = marks;
        self.told_ms = None;
        self.marks = self.marks.merge(marks);
        // Whoever has read more here than the server knows counts for themselves, as soon as that can be done.
        self.unread = unread;
        self.at = head;
        self.counted = head;
    }

    /// What was known is void.
    pub(crate) fn forget(&mut self) {
        self.marks = Marks::default();
    }

    /// The next event of the room is at `seq`: a message of another, or something else. Says whether it is the last of those
    /// that the server counted: from there the client can count by itself.
    pub(crate) fn pass(&mut self, seq: Seq, by_another: bool) -> bool {
        if seq > self.at {
            self.at = seq;
            self.unread = self.unread.saturating_add(u32::from(by_another));
            return false;
        }
        seq == self.at
    }

    /// The person has read so far, here. Says whether that is news.
    pub(crate) fn read(&mut self, seq: Seq) -> bool {
        let before = self.marks;
        self.marks = before.merge(Marks::at(seq));
        self.marks != before
    }

    /// This device has so far. Says whether that is news.
    pub(crate) fn deliver(&mut self, seq: Seq) -> bool {
        let before = self.marks;
        self.marks = before.merge(Marks { delivered: seq, read: Seq::ZERO });
        self.marks != before
    }

    /// The person has read so far, on some device; then `unread` were left up to `head`.
    pub(crate) fn heard(&mut self, read: Seq, unread: u32, head: Seq) {
        self.told = self.told.merge(Marks { delivered: Seq::ZERO, read });
        // What was passed over by a reset is in the reset's count, and in no older one.
        if read >= self.marks.read && head >= self.counted {
            self.read(read);
            self.unread = unread;
            self.at = head;
            self.counted = head;
        }
    }

    /// Counts what is unread in the window, if the window has it all.
    pub(crate) fn recount(&mut self, timeline: &Timeline, cursor: Seq, me: UserId) {
        let unread = |after: Seq| {
            let after = timeline.messages().rev().take_while(move |message| message.seq > after);
            let others = after.filter(|message| message.said.author.id != me).take(UNREAD_MAX as usize).count();
            u32::try_from(others).unwrap_or(UNREAD_MAX)
        };
        if timeline.from() <= self.marks.read && cursor >= self.at {
            self.unread = unread(self.marks.read);
            self.at = cursor;
        } else if cursor > self.at {
            self.unread = self.unread.saturating_add(unread(self.at));
            self.at = cursor;
        }
    }

    /// What to tell the server now, if there is something; it counts as told. Not more often than every so many milliseconds.
    pub(crate) fn tell(&mut self, now_ms: u64, every_ms: u64) -> Option<Marks> {
        if self.wake_at(every_ms).is_none_or(|at_ms| now_ms < at_ms) {
            return None;
        }
        self.told = self.marks;
        self.told_ms = Some(now_ms);
        Some(self.marks)
    }

    /// When there is something to tell, if there is.
    pub(crate) fn wake_at(&self, every_ms: u64) -> Option<u64> {
        let news = self.marks.merge(self.told) != self.told;
        news.then(|| self.told_ms.map_or(0, |told_ms| told_ms + every_ms))
    }

    /// The server did not take what it was told: it is told again, after a while.
    pub(crate) fn refused(&mut self, now_ms: u64, wait_ms: u64) {
        self.told = Marks::default();
        self.told_ms = Some(now_ms + wait_ms);
    }
}

#[cfg(test)]
mod tests {
    use model::{RoomId, RoomName, Visibility};

    use super::*;

    fn reading(read: u64, unread: u32, head: u64) -> Reading {
        let room = model::Room {
            id: RoomId::new(5),
            name: RoomName::kept("lobby".into()),
            visibility: Visibility::Public,
            topic: None,
            people: Vec::new(),
        };
        let marks = Marks::at(Seq::new(read));
        Reading::new(&RoomHead {
            room,
            head: Seq::new(head),
            marks,
            prefs: model::RoomPrefs::default(),
            unread,
            last_at: None,
        })
    }

    #[test]
    fn what_the_server_counted_is_not_counted_again() {
        let mut reading = reading(3, 4, 9);
        reading.pass(Seq::new(8), true);
        assert_eq!(reading.unread(), 4);
        reading.pass(Seq::new(10), true);
        reading.pass(Seq::new(11), false);
        assert_eq!(reading.unread(), 5);
    }

    #[test]
    fn an_older_word_of_another_device_takes_nothing_back() {
        let mut reading = reading(3, 4, 9);
        assert!(reading.read(Seq::new(9)) && !reading.read(Seq::new(7)));
        reading.recount(&Timeline::at(Seq::new(9)), Seq::new(9), UserId::new(1));
        reading.heard(Seq::new(5), 2, Seq::new(9));
        assert_eq!(reading.marks(), Marks::at(Seq::new(9)));
        reading.heard(Seq::new(9), 0, Seq::new(9));
        assert_eq!(reading.wake_at(1_000), None, "the server knows");
    }

    #[test]
    fn an_older_count_does_not_take_the_place_of_a_reset_s() {
        let mut reading = reading(3, 4, 9);
        reading.begin(Marks::at(Seq::new(20)), 17, Seq::new(47));
        reading.heard(Seq::new(20), 16, Seq::new(46));
        reading.recount(&Timeline::at(Seq::new(47)), Seq::new(47), UserId::new(1));
        assert_eq!(reading.unread(), 17);
        reading.heard(Seq::new(47), 0, Seq::new(47));
        assert_eq!(reading.unread(), 0);
    }

    #[test]
    fn marks_are_told_now_and_then_and_again_after_a_refusal() {
        let mut reading = reading(0, 0, 9);
        assert_eq!(reading.tell(100, 1_000), None);
        reading.deliver(Seq::new(7));
        let first = Marks { delivered: Seq::new(7), read: Seq::ZERO };
        assert_eq!(reading.tell(100, 1_000), Some(first));
        reading.read(Seq::new(8));
        assert_eq!((reading.tell(1_099, 1_000), reading.wake_at(1_000)), (None, Some(1_100)));
        assert_eq!(reading.tell(1_100, 1_000), Some(Marks::at(Seq::new(8))));
        reading.refused(1_200, 500);
        assert_eq!(reading.tell(2_699, 1_000), None);
        assert_eq!(reading.tell(2_700, 1_000), Some(Marks::at(Seq::new(8))));
    }
}
