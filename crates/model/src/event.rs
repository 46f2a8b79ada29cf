//! Everything that has changed. Past participles; born only in `store`'s `streams::record`.

use serde::{Deserialize, Serialize};

use crate::{Body, ClientKey, Message, Person, Room, RoomId, Seq, SessionId, Stream, Timestamp};

/// Something that has changed, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The stream it belongs to.
    pub stream: Stream,
    /// Its place there.
    pub seq: Seq,
    /// When it was kept, by the server's clock.
    pub at: Timestamp,
    /// What changed.
    pub change: Change,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// In a room: somebody said something.
    MessagePosted {
        /// Who.
        author: Person,
        /// The author's name for this write.
        key: ClientKey,
        /// What.
        text: Body,
    },
    /// In a room: somebody came in.
    MemberJoined {
        /// Who.
        member: Person,
    },
    /// In a room: somebody left. Nothing later in this stream is for them.
    MemberLeft {
        /// Who.
        member: Person,
    },
    /// For a person: they are now in this room.
    RoomJoined {
        /// Which.
        room: Room,
        /// The room's head when they came in: listening starts from here.
        head: Seq,
    },
    /// For a person: they are no longer in this room.
    RoomLeft {
        /// Which.
        room: RoomId,
    },
    /// For a person: a session of theirs has ended; its sockets close.
    SessionClosed {
        /// Which.
        session: SessionId,
    },
}

impl Event {
    /// The message that this event brought, if it brought one.
    #[must_use]
    pub fn message(&self) -> Option<Message> {
        match &self.change {
            Change::MessagePosted { author, key, text } => Some(Message {
                seq: self.seq,
                at: self.at,
                author: author.clone(),
                key: key.clone(),
                text: text.clone(),
            }),
            Change::MemberJoined { .. }
            | Change::MemberLeft { .. }
            | Change::RoomJoined { .. }
            | Change::RoomLeft { .. }
            | Change::SessionClosed { .. } => None,
        }
    }
}

/// The receipt for a message: where it stands, for ever. A repeat of the same write gets the same receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    /// The room.
    pub room: RoomId,
    /// The author's name for this write.
    pub key: ClientKey,
    /// Its place in the room's stream.
    pub seq: Seq,
    /// When it was kept.
    pub at: Timestamp,
}
