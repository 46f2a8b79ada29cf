//! Faults that tests plant, to see that the simulation would notice them.

/// A mistake that somebody could make in the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// A post is answered before it is committed.
    AcknowledgeBeforeCommit,
    /// A repeat of a post is kept once more.
    ForgetTheKey,
    /// A resume reads from one place too late.
    ResumeOffByOne,
    /// Whoever leaves a room goes on listening to it.
    ForgetToUnsubscribe,
    /// A mark takes the place of the one before, instead of being merged with it.
    MarkGoesBack,
    /// A message of one's own counts as unread.
    CountOwnMessages,
    /// What is read from the log is written twice.
    WriteTwice,
    /// A cursor out of reach is answered as if it were good.
    ResetAsSubscribed,
    /// The relay is never shown the heads of the log.
    NeverLook,
    /// After a restore the epoch is the one before.
    KeepTheEpoch,
    /// Whoever wants no receipts is told of them when they read the log.
    ForgetToWithhold,
}

impl Plant {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::AcknowledgeBeforeCommit,
        Self::ForgetTheKey,
        Self::ResumeOffByOne,
        Self::ForgetToUnsubscribe,
        Self::MarkGoesBack,
        Self::CountOwnMessages,
        Self::WriteTwice,
        Self::ResetAsSubscribed,
        Self::NeverLook,
        Self::KeepTheEpoch,
        Self::ForgetToWithhold,
    ];
}
