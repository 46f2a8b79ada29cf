//! Somebody in a room, for as long as this value lives.

use std::sync::Arc;

use protocol::instant::Head;

use crate::{Batch, Rooms, Words, outbox::Outbox, rooms::Room};

/// Somebody in a room. Dropping it is leaving.
#[derive(Debug)]
pub struct Member {
    rooms: Arc<Rooms>,
    room: Arc<Room>,
    outbox: Arc<Outbox>,
    /// The counter of the last envelope.
    counter: u32,
}

/// What came is no envelope; or it bears another sender than before, or one that somebody else has; or its counter does not rise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadEnvelope;

impl Member {
    pub(crate) fn new(rooms: Arc<Rooms>, room: Arc<Room>, outbox: Arc<Outbox>) -> Self {
        Self { rooms, room, outbox, counter: 0 }
    }

    /// Looks at the head of an envelope before it may go on. A plain room has no envelopes; do not ask there.
    pub fn check(&mut self, envelope: &[u8]) -> Result<(), BadEnvelope> {
        let head = Head::read(envelope).filter(|head| head.counter > self.counter).ok_or(BadEnvelope)?;
        if !self.room.bind(&self.outbox, head.sender) {
            return Err(BadEnvelope);
        }
        self.counter = head.counter;
        Ok(())
    }

    /// Passes words on as soon as there is room for them with everybody. Safe to cancel: either all have them, or nobody.
    pub async fn say(&self, words: &Arc<Words>) {
        while let Err(full) = self.room.pass_on(&self.outbox, words) {
            full.wait_to_fit((**words).as_ref().len()).await;
        }
    }

    /// Waits until there is something for this member, and takes all of it. Safe to cancel.
    pub async fn hear(&self) -> Batch {
        let taken = self.outbox.take().await;
        // Counted now: of several changes, the last is the one to tell.
        let count = taken.count_changed.then(|| self.room.count());
        Batch::new(&self.outbox, taken, count)
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.rooms.leave(&self.room, &self.outbox);
    }
}
