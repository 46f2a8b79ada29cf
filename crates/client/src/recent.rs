//! What changed messages of a room lately. A page of history was read at some moment, and may come after events of a later one: they are
//! applied to it when it comes.

use std::collections::VecDeque;

use model::{Change, Event, Message, Seq};

/// Events that are remembered. A page that is older than these is asked for again.
const EVENTS_MAX: usize = 64;

/// The last events that changed messages, and from where on they are all here.
#[derive(Debug)]
pub(crate) struct Recent {
    events: VecDeque<Event>,
    from: Seq,
}

impl Recent {
    pub(crate) fn at(head: Seq) -> Self {
        Self { events: VecDeque::new(), from: head }
    }

    /// The room's next event. Returns whether it may change a message that stands.
    pub(crate) fn heard(&mut self, event: &Event) -> bool {
        let counts = match &event.change {
            Change::MessagePosted(said) => said.reply.is_some(),
            Change::MessageEdited(_)
            | Change::MessageDeleted { .. }
            | Change::ReactionSet { .. }
            | Change::PinSet { .. } => true,
            Change::TopicSet { .. }
            | Change::MemberJoined { .. }
            | Change::MemberLeft { .. }
            | Change::MarksMoved(_)
            | Change::ProfileSet { .. }
            | Change::Reminded { .. }
            | Change::Withheld {}
            | Change::RoomJoined { .. }
            | Change::RoomLeft { .. }
            | Change::RoomRead { .. }
            | Change::RoomPrefsSet { .. }
            | Change::NoticePrefsSet(_)
            | Change::RegardSet(_)
            | Change::ReceiptsSet { .. }
            | Change::SessionClosed { .. } => false,
        };
        if counts {
            self.events.push_back(event.clone());
        }
        if self.events.len() > EVENTS_MAX
            && let Some(gone) = self.events.pop_front()
        {
            self.from = gone.seq;
        }
        counts
    }

    /// Brings messages up to date that were read when the room's head was `head`. Returns whether that could be done.
    pub(crate) fn renew(&self, messages: &mut [Message], head: Seq) -> bool {
        if head < self.from {
            return false;
        }
        for event in self.events.iter().filter(|event| event.seq > head) {
            for message in messages.iter_mut() {
                message.undergo(event);
            }
        }
        true
    }
}
