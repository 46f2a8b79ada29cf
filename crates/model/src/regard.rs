//! What somebody wants of another: to hear of them, or not.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{Change, Event, Person, UserId};

/// How a person regards another. Nobody else is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Regard {
    /// As anybody.
    #[default]
    Open,
    /// What they say is covered, and nothing of theirs is notified.
    Ignored,
    /// The same, and more: no word passes between the two alone, in either direction; what the blocked say names nobody who blocks
    /// them; and their typing and their receipts do not arrive.
    Blocked,
}

/// Somebody, and how they are regarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regarded {
    /// Who.
    pub person: Person,
    /// How.
    pub regard: Regard,
}

/// What a reader sees of others' receipts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Whether they give and get receipts at all.
    pub receipts: bool,
    /// Whom they block.
    pub blocked: BTreeSet<UserId>,
}

impl Sight {
    /// Whether somebody's receipts are seen.
    #[must_use]
    pub fn sees(&self, member: UserId) -> bool {
        self.receipts && !self.blocked.contains(&member)
    }

    /// The event as the reader sees it.
    #[must_use]
    pub fn of(&self, event: Event) -> Event {
        match event.receipt_of() {
            Some(member) if !self.sees(member) => event.withheld(),
            Some(_) | None => event,
        }
    }
}

impl Event {
    /// Whose receipt it tells of, if it tells of one.
    #[must_use]
    pub fn receipt_of(&self) -> Option<UserId> {
        if let Change::MarksMoved(moved) = &self.change { Some(moved.member) } else { None }
    }

    /// The same place with nothing in it, for a reader whom it does not concern.
    #[must_use]
    pub fn withheld(&self) -> Self {
        Self { stream: self.stream, seq: self.seq, at: self.at, change: Change::Withheld {} }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Marks, MemberMarks, RoomId, Seq, Stream, Timestamp};

    #[test]
    fn receipts_are_seen_by_those_who_give_them_and_of_those_who_are_not_blocked() {
        let member = UserId::new(2);
        let event = Event {
            stream: Stream::Room(RoomId::new(1)),
            seq: Seq::new(3),
            at: Timestamp::from_ms(4),
            change: Change::MarksMoved(MemberMarks { member, marks: Marks::at(Seq::new(2)) }),
        };
        let sight = |receipts, blocked: &[i64]| Sight {
            receipts,
            blocked: blocked.iter().map(|id| UserId::new(*id)).collect(),
        };
        assert_eq!(sight(true, &[1, 3]).of(event.clone()), event);
        for blind in [sight(false, &[]), sight(true, &[2])] {
            assert_eq!(blind.of(event.clone()), event.withheld());
        }
    }
}
