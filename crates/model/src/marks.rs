//! How far somebody has come in a room.

use serde::{Deserialize, Serialize};

use crate::{Seq, UserId};

/// Two high-water marks in a room's stream. They never go back: of two, the larger is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Marks {
    /// Everything up to here has come to a device of theirs, and the device said so.
    #[serde(default)]
    pub delivered: Seq,
    /// Everything up to here was on a screen that they looked at.
    #[serde(default)]
    pub read: Seq,
}

/// One member's marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MemberMarks {
    /// Whose.
    pub member: UserId,
    /// How far.
    #[serde(flatten)]
    pub marks: Marks,
}

impl Marks {
    /// Both at one place.
    #[must_use]
    pub fn at(seq: Seq) -> Self {
        Self { delivered: seq, read: seq }
    }

    /// The larger of each. What was read was also delivered.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        let read = self.read.max(other.read);
        Self { delivered: self.delivered.max(other.delivered).max(read), read }
    }

    /// Not beyond the head of the stream: nobody has what is not there yet.
    #[must_use]
    pub fn up_to(self, head: Seq) -> Self {
        Self { delivered: self.delivered.min(head), read: self.read.min(head) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(delivered: u64, read: u64) -> Marks {
        Marks { delivered: Seq::new(delivered), read: Seq::new(read) }
    }

    #[test]
    fn marks_never_go_back_whichever_comes_first() {
        let (phone, desk) = (marks(9, 3), marks(7, 7));
        assert_eq!(phone.merge(desk), marks(9, 7));
        assert_eq!(desk.merge(phone), phone.merge(desk));
        assert_eq!(phone.merge(marks(0, 0)), phone);
    }

    #[test]
    fn what_was_read_was_delivered() {
        assert_eq!(marks(0, 0).merge(marks(0, 5)), marks(5, 5));
        assert_eq!(marks(99, 50).up_to(Seq::new(20)), marks(20, 20));
    }
}
