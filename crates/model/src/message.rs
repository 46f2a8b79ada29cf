//! A message in a room's history.

use serde::{Deserialize, Serialize};

use crate::{Body, Change, Emoji, Event, Quote, Said, Seq, Timestamp, UserId};

/// A message that was kept, as it stands now. Within its room its seq is its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its place in the room's stream.
    pub seq: Seq,
    /// When it was kept, by the server's clock.
    pub at: Timestamp,
    /// What it says.
    #[serde(flatten)]
    pub said: Said,
    /// How often its text was changed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub edits: u32,
    /// Whether its author took it back: then text, files and reactions are gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// What people think of it, in the order in which they said so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// Whether it is pinned to its room.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Messages in the thread that begins here.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub replies: u32,
}

/// What somebody thinks of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// Who.
    pub by: UserId,
    /// What.
    pub emoji: Emoji,
}

impl Message {
    /// A message as it is when it was just said.
    #[must_use]
    pub fn new(seq: Seq, at: Timestamp, said: Said) -> Self {
        let (edits, deleted, reactions, pinned, replies) = (0, false, Vec::new(), false, 0);
        Self { seq, at, said, edits, deleted, reactions, pinned, replies }
    }

    /// Takes over what an event of the same room says of this message, or of one that it answers. Returns whether it says
    /// anything of it.
    ///
    /// Events may be older than this state of the message, as long as all up to the newest follow: what comes out in the end
    /// is the same.
    pub fn undergo(&mut self, event: &Event) -> bool {
        match &event.change {
            Change::MessagePosted(said) => match &said.reply {
                Some(reply) if reply.thread == self.seq => {
                    self.replies = self.replies.max(reply.replies);
                    true
                }
                Some(_) | None => false,
            },
            Change::MessageEdited(edit) if edit.message == self.seq => {
                if edit.edits > self.edits && !self.deleted {
                    self.said.text.clone_from(&edit.text);
                    self.said.mentions.clone_from(&edit.mentions);
                    self.edits = edit.edits;
                }
                true
            }
            Change::MessageEdited(edit) => self.quotes(edit.message, |quote| {
                quote.text = if quote.deleted { String::new() } else { Quote::beginning(edit.text.as_str()) };
            }),
            Change::MessageDeleted { message } if *message == self.seq => {
                self.clear();
                true
            }
            Change::MessageDeleted { message } => self.quotes(*message, |quote| {
                quote.text.clear();
                quote.deleted = true;
            }),
            Change::ReactionSet { message, by, emoji, on } if *message == self.seq => {
                // The last word of each counts, and stands last: so an older word that comes again changes nothing in the end.
                self.reactions.retain(|reaction| reaction.by != by.id || reaction.emoji != *emoji);
                if *on && !self.deleted {
                    self.reactions.push(Reaction { by: by.id, emoji: emoji.clone() });
                }
                true
            }
            Change::PinSet { message, on, .. } if *message == self.seq => {
                self.pinned = *on && !self.deleted;
                true
            }
            Change::ReactionSet { .. }
            | Change::PinSet { .. }
            | Change::TopicSet { .. }
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
            | Change::RegardSet(_)
            | Change::SavedSet { .. }
            | Change::NoticePrefsSet(_)
            | Change::ReceiptsSet { .. }
            | Change::SessionClosed { .. } => false,
        }
    }

    /// Leaves a trace.
    fn clear(&mut self) {
        self.said.text = Body::default();
        self.said.files.clear();
        self.said.mentions.clear();
        self.said.forward = None;
        self.reactions.clear();
        self.edits = 0;
        self.pinned = false;
        self.deleted = true;
    }

    fn quotes(&mut self, seq: Seq, change: impl FnOnce(&mut Quote)) -> bool {
        match &mut self.said.reply {
            Some(reply) if reply.to.seq == seq => {
                change(&mut reply.to);
                true
            }
            Some(_) | None => false,
        }
    }
}

/// A serializer's question, which comes by reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
