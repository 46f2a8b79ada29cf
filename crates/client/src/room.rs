//! One room as the client has it.

use model::{RoomId, Seq};
use protocol::RoomHead;

use crate::{
    members::Members,
    outbox::{Outbox, Pending},
    timeline::Timeline,
};

/// A room, its cursor, and everything that hangs on it.
#[derive(Debug)]
pub struct Room {
    pub(crate) info: model::Room,
    /// Everything up to here, in the client's epoch, is known: in the timeline, or a page of history away.
    pub(crate) cursor: Seq,
    pub(crate) listening: Listening,
    /// At the last ping the server was beyond the cursor, at least here.
    pub(crate) beyond: Option<Seq>,
    pub(crate) timeline: Timeline,
    pub(crate) outbox: Outbox,
    pub(crate) members: Members,
    pub(crate) draft: String,
    pub(crate) unread: bool,
}

/// Whether the server tells what happens in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listening {
    /// Not asked on this connection.
    No,
    /// Asked.
    Asked,
    /// The server said yes.
    Yes,
    /// The server said later.
    Delayed {
        /// When to ask again.
        until_ms: u64,
    },
}

impl Room {
    pub(crate) fn new(at: RoomHead) -> Self {
        Self {
            info: at.room,
            cursor: at.head,
            listening: Listening::No,
            beyond: None,
            timeline: Timeline::at(at.head),
            outbox: Outbox::default(),
            members: Members::default(),
            draft: String::new(),
            unread: false,
        }
    }

    /// What was known of the room is void; from `head` on it is known again. What was said and not answered stays.
    pub(crate) fn begin_again(&mut self, head: Seq) {
        self.cursor = head;
        self.beyond = None;
        self.timeline = Timeline::at(head);
        self.members.forget();
        self.outbox.settle_up_to(head);
    }

    /// The room.
    #[must_use]
    pub fn id(&self) -> RoomId {
        self.info.id
    }

    /// Its name and who can find it.
    #[must_use]
    pub fn info(&self) -> &model::Room {
        &self.info
    }

    /// Whether somebody else said something here since the person last looked.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.unread
    }

    /// What stands in the composer.
    #[must_use]
    pub fn draft(&self) -> &str {
        &self.draft
    }

    /// The kept messages that the client has.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Who is in it, as far as that was asked.
    #[must_use]
    pub fn members(&self) -> &Members {
        &self.members
    }

    /// What the person said and the timeline does not show yet, in order.
    pub fn pending(&self) -> impl Iterator<Item = &Pending> {
        self.outbox.iter()
    }
}
