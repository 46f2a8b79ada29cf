//! Everything that has changed. Past participles; born only in `store`'s `streams::record`.

use serde::{Deserialize, Serialize};

use crate::{
    Body, ClientKey, Emoji, Line, MemberMarks, Mention, Message, NoticePrefs, Person, Regarded, Room, RoomId,
    RoomPrefs, Said, Seq, SessionId, Stream, Timestamp,
};

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
    MessagePosted(Box<Said>),
    /// In a room: the author of a message changed its text.
    MessageEdited(Box<Edited>),
    /// In a room: a message was taken back. Its text and its files are gone.
    MessageDeleted {
        /// Its place.
        message: Seq,
    },
    /// In a room: somebody reacted to a message, or took that back.
    ReactionSet {
        /// The message's place.
        message: Seq,
        /// Who.
        by: Person,
        /// With what.
        emoji: Emoji,
        /// Whether it stands now.
        on: bool,
    },
    /// In a room: somebody pinned a message to it, or took the pin out.
    PinSet {
        /// The message's place.
        message: Seq,
        /// Who.
        by: Person,
        /// Whether it is pinned now.
        on: bool,
    },
    /// In a room: somebody said what it is about.
    TopicSet {
        /// Who.
        by: Person,
        /// What it is about now; none: nothing in particular.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<Line>,
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
    /// In a room: a member has come further.
    MarksMoved(MemberMarks),
    /// In a room, for its members, and for the person: somebody is called otherwise, or tells something else of themselves.
    ProfileSet {
        /// Who, and what to call them now.
        person: Person,
    },
    /// In a room: something that is not for this reader. Only the place moves on.
    Withheld {},
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
    /// For a person: they have read a room up to here, on whichever device.
    RoomRead {
        /// Which.
        room: RoomId,
        /// Everything up to here.
        read: Seq,
        /// Messages of others after it, counted when the room's head was `head`, and never beyond
        /// [`crate::limits::UNREAD_MAX`].
        unread: u32,
        /// The head of the room when they were counted.
        head: Seq,
    },
    /// For a person: what they want of a room from now on.
    RoomPrefsSet {
        /// Which.
        room: RoomId,
        /// What they want.
        #[serde(flatten)]
        prefs: RoomPrefs,
    },
    /// For a person: what they wanted to be reminded of has been said.
    Reminded {
        /// Where.
        room: RoomId,
        /// The message's place.
        message: Seq,
    },
    /// For a person: how they regard another from now on.
    RegardSet(Regarded),
    /// For a person: they saved a message for themselves, or need it no more.
    SavedSet {
        /// Where.
        room: RoomId,
        /// The message's place.
        message: Seq,
        /// Whether it is saved now.
        on: bool,
    },
    /// For a person: whether they give and get receipts.
    ReceiptsSet {
        /// Whether they do.
        on: bool,
    },
    /// For a person: what they want of being told at once from now on.
    NoticePrefsSet(NoticePrefs),
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
        if let Change::MessagePosted(said) = &self.change {
            Some(Message::new(self.seq, self.at, (**said).clone()))
        } else {
            None
        }
    }
}

/// What a message's text was changed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// The message's place.
    pub message: Seq,
    /// What it says now.
    pub text: Body,
    /// Whom it names now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// How often it was changed, this time included.
    pub edits: u32,
}

/// The receipt for a message: where it stands, for ever. A repeat of the same write gets the same receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
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
