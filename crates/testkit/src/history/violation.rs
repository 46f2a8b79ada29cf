//! What can be wrong with a set of histories, in words that say where to look.

use std::fmt;

use model::{MemberMarks, Message, Posted, RoomId, Seq, Stream, UserId};

/// Something that a promise forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A message was acknowledged and is nowhere.
    Lost(UserId, Posted),
    /// A message was acknowledged, and stands elsewhere or says something else.
    Moved(UserId, Posted, Box<Message>),
    /// One author's key stands at two places.
    Doubled(UserId, String, [(RoomId, Seq); 2]),
    /// A repeat was given another receipt.
    ReceiptsDiffer(UserId, [Posted; 2]),
    /// A key was acknowledged for two different wishes.
    KeyTakenTwice(UserId, String),
    /// A message that every asking was refused for is there.
    KeptThoughRefused(UserId, String),
    /// A message stands before one that was acknowledged, or sent on the same connection, earlier.
    Inverted(RoomId, [Seq; 2]),
    /// Somebody was given an event, or a message of a page, that does not come after the one before it.
    OutOfOrder(UserId, Stream, [Seq; 2]),
    /// Somebody was given an event, or a message of a page, and not what lies between it and the one before.
    Gap(UserId, Stream, [Seq; 2]),
    /// Two readings of one place differ.
    Disagreement(RoomId, Seq),
    /// Somebody was shown a message that is not there at the end.
    Vanished(UserId, RoomId, Seq),
    /// A message is there, or was shown, that nobody sent.
    Unsent(RoomId, Seq, String),
    /// Somebody was given what came after they had left.
    HeardAfterLeaving(UserId, RoomId, [Seq; 2]),
    /// A member's marks went back, or point beyond the event that told of them. The last is where that was.
    WrongMarks(RoomId, MemberMarks, Seq),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(who, posted) => {
                write!(f, "user {who} has a receipt for {} at {}, and it is gone", posted.key.as_str(), place(posted))
            }
            Self::Moved(who, posted, found) => {
                let key = posted.key.as_str();
                write!(f, "user {who} has a receipt for {key} at {}, and there is {found:?}", place(posted))
            }
            Self::Doubled(who, key, [one, other]) => {
                write!(f, "user {who}'s {key} stands at {}:{} and at {}:{}", one.0, one.1, other.0, other.1)
            }
            Self::ReceiptsDiffer(who, [first, other]) => {
                write!(f, "user {who} was given {first:?} first, and for a repeat {other:?}")
            }
            Self::KeyTakenTwice(who, key) => write!(f, "user {who}'s key {key} was acknowledged for two messages"),
            Self::KeptThoughRefused(who, key) => write!(f, "user {who}'s {key} was refused, and is there"),
            Self::Inverted(room, [earlier, later]) => {
                write!(f, "in room {room}, what was sent after {earlier} was known stands at {later}")
            }
            Self::OutOfOrder(who, stream, [before, next]) => {
                write!(f, "user {who} was given {stream} {next} after {before}")
            }
            Self::Gap(who, stream, [before, next]) => {
                write!(f, "user {who} was given {stream} {next} right after {before}")
            }
            Self::Disagreement(room, seq) => write!(f, "two readings of room {room} at {seq} differ"),
            Self::Vanished(who, room, seq) => {
                write!(f, "user {who} was shown a message at {seq} in room {room}, and it is gone")
            }
            Self::Unsent(room, seq, key) => write!(f, "nobody sent {key}, which is in room {room} at {seq}"),
            Self::HeardAfterLeaving(who, room, [left, heard]) => {
                write!(f, "user {who} left room {room} at {left}, and was given {heard}")
            }
            Self::WrongMarks(room, MemberMarks { member, marks }, seq) => {
                write!(f, "in room {room}, {seq} tells of user {member} at {marks:?}")
            }
        }
    }
}

fn place(posted: &Posted) -> String {
    format!("{}:{}", posted.room, posted.seq)
}
