//! How far the others in a room have come, as far as they tell.
//!
//! Fetched when the room is looked at, then kept right by the room's events. Marks only grow, so a page and an event may
//! come in either order; and what was known before a reset is still true, but for those who left meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use model::{Marks, MemberMarks, Seq, UserId};
use protocol::http::RoomMarks;

/// The marks of the others in one room.
#[derive(Debug, Default)]
pub struct Receipts {
    others: BTreeMap<UserId, Marks>,
    /// Who left, and where: a page may be older than that.
    left: BTreeMap<UserId, Seq>,
    /// Who may have left unheard, before this place: the next page tells.
    doubtful: BTreeSet<UserId>,
    since: Seq,
    state: State,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unknown,
    Loading,
    Known,
}

impl Receipts {
    /// How far somebody has come; nowhere, if they do not tell.
    #[must_use]
    pub fn of(&self, member: UserId) -> Marks {
        self.others.get(&member).copied().unwrap_or_default()
    }

    /// Who has read up to this place, by age of account.
    pub fn readers(&self, seq: Seq) -> impl Iterator<Item = UserId> {
        self.others.iter().filter(move |(_, marks)| marks.read >= seq).map(|(member, _)| *member)
    }

    /// Where everybody reads, from the least to the furthest.
    pub(crate) fn reads(&self) -> Vec<Seq> {
        let mut reads: Vec<Seq> = self.others.values().map(|marks| marks.read).collect();
        reads.sort_unstable();
        reads
    }

    /// Whether the marks should be fetched now.
    pub(crate) fn ask(&mut self) -> bool {
        let ask = self.state == State::Unknown;
        if ask {
            self.state = State::Loading;
        }
        ask
    }

    pub(crate) fn arrived(&mut self, page: &RoomMarks) {
        // It answers a question of before receipts were turned on, when nothing was told; that of now has failed.
        if self.state == State::Unknown {
            return;
        }
        if page.head < self.since {
            return self.failed();
        }
        self.state = State::Known;
        for MemberMarks { member, marks } in &page.marks {
            if self.left.get(member).is_none_or(|left| *left <= page.head) {
                self.heard(MemberMarks { member: *member, marks: *marks });
            }
        }
        for member in std::mem::take(&mut self.doubtful) {
            self.others.remove(&member);
        }
    }

    pub(crate) fn failed(&mut self) {
        self.state = State::Unknown;
    }

    /// What was known is void, or not to be known any more.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Events were passed over, up to `head`. Nobody's marks go back by that, but somebody may have left.
    pub(crate) fn doubt(&mut self, head: Seq) {
        self.doubtful = self.others.keys().copied().collect();
        self.left.clear();
        self.since = head;
        self.state = State::Unknown;
    }

    pub(crate) fn heard(&mut self, moved: MemberMarks) {
        self.doubtful.remove(&moved.member);
        let marks = self.others.entry(moved.member).or_default();
        *marks = marks.merge(moved.marks);
    }

    pub(crate) fn came(&mut self, member: UserId) {
        self.left.remove(&member);
    }

    pub(crate) fn went(&mut self, member: UserId, seq: Seq) {
        self.others.remove(&member);
        self.left.insert(member, seq);
    }
}

#[cfg(test)]
mod tests {
    use model::{Epoch, RoomId};

    use super::*;

    fn moved(member: i64, read: u64) -> MemberMarks {
        MemberMarks { member: UserId::new(member), marks: Marks::at(Seq::new(read)) }
    }

    fn page(head: u64, marks: Vec<MemberMarks>) -> RoomMarks {
        RoomMarks { room: RoomId::new(5), epoch: Epoch::new("e"), head: Seq::new(head), marks }
    }

    #[test]
    fn a_page_and_an_event_may_come_in_either_order() {
        let mut receipts = Receipts::default();
        assert!(receipts.ask() && !receipts.ask());
        receipts.heard(moved(1, 9));
        receipts.arrived(&page(8, vec![moved(1, 7), moved(2, 5)]));
        assert_eq!(receipts.reads(), [Seq::new(5), Seq::new(9)]);
        assert_eq!(receipts.readers(Seq::new(6)).collect::<Vec<_>>(), [UserId::new(1)]);
    }

    #[test]
    fn an_answer_that_nobody_waits_for_any_more_is_not_taken() {
        let mut receipts = Receipts::default();
        assert!(receipts.ask());
        // Receipts are turned on: what was asked before is void, and asked anew in vain.
        receipts.forget();
        assert!(receipts.ask());
        receipts.failed();
        receipts.arrived(&page(8, Vec::new()));
        assert!(receipts.ask(), "nothing is known yet");
    }

    #[test]
    fn whoever_left_is_not_brought_back_by_an_older_page() {
        let mut receipts = Receipts::default();
        assert!(receipts.ask());
        receipts.went(UserId::new(1), Seq::new(9));
        receipts.arrived(&page(8, vec![moved(1, 7)]));
        assert!(receipts.reads().is_empty());
        receipts.came(UserId::new(1));
        receipts.heard(moved(1, 10));
        assert_eq!(receipts.reads(), [Seq::new(10)]);
    }

    #[test]
    fn what_was_known_before_a_reset_stays_but_for_those_who_left_meanwhile() {
        let mut receipts = Receipts::default();
        receipts.ask();
        receipts.arrived(&page(8, vec![moved(1, 7), moved(2, 5), moved(3, 6)]));
        receipts.doubt(Seq::new(40));
        assert_eq!(receipts.of(UserId::new(1)), Marks::at(Seq::new(7)), "no tick goes back");
        assert!(receipts.ask());
        receipts.arrived(&page(9, vec![moved(1, 7), moved(2, 5)]));
        assert!(receipts.ask(), "a page of before the reset cannot tell who left");
        receipts.heard(moved(3, 41));
        receipts.arrived(&page(40, vec![moved(1, 39)]));
        assert_eq!(receipts.reads(), [Seq::new(39), Seq::new(41)]);
    }
}
