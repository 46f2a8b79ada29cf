//! What must hold, and what it looks like when it does not.

use std::fmt;

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// Whatever was acknowledged is kept, at the place that was told.
    AcknowledgedIsKept,
    /// Nothing is kept twice, and nothing is shown twice.
    NothingTwice,
    /// What a client has of a room is what the room's stream has, in its order, without a hole.
    OneOrder,
    /// A socket gives out each stream without gap and repeat.
    WireInOrder,
    /// Whoever was removed hears nothing that came later.
    RemovedHearNothing,
    /// Marks never go back, neither in the log nor on a screen.
    MarksNeverGoBack,
    /// What counts as delivered was on a device.
    DeliveredWasThere,
    /// What counts as read was seen.
    ReadWasSeen,
    /// Ticks say what the others have said of themselves, and whoever wants no receipts gets none.
    TicksAreTrue,
    /// What is unread is what a recount finds.
    UnreadIsRight,
    /// In the end everybody is connected and has what the store has.
    Converges,
    /// Every post is kept, once, where it was said; or it is shown as failed.
    PostsAreAnswered,
    /// A client asks for what it needs, and not without end.
    ClientsAreCalm,
    /// Both sides understand each other.
    FramesAreUnderstood,
}

/// A promise that was broken.
#[derive(Clone, Debug)]
pub struct Violation {
    /// Which.
    pub invariant: Invariant,
    /// When, by the world's clock.
    pub at_ms: u64,
    /// How.
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {} ms: {}", self.invariant, self.at_ms, self.what)
    }
}
