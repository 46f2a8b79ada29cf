//! The messages of a room that the client has: a window without holes that ends at the room's cursor.
//!
//! What is after the place where listening began comes live; what is up to it comes by pages of history, each asked for as
//! "before the window". So a page and a live event never compete for one message, whichever arrives first.

use std::{
    collections::{VecDeque, vec_deque::Iter},
    fmt::{self, Display, Formatter},
};

use model::{Epoch, Event, Message, RoomId, Seq};
use protocol::http::History;

use crate::recent::Recent;

/// Messages kept of a room that is not looked at; more are a page away.
const ASIDE_MAX: usize = 200;
/// Messages kept of the room that is looked at.
pub(crate) const OPEN_MAX: usize = 5_000;

/// The question for a page of history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The room.
    pub room: RoomId,
    /// Which of its messages.
    pub side: Side,
}

/// On which side of a place the messages are that are asked for; the place itself is never among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The last ones before it.
    Before(Seq),
    /// The first ones after it.
    After(Seq),
}

impl Question {
    /// The messages of a room before a place.
    #[must_use]
    pub const fn before(room: RoomId, seq: Seq) -> Self {
        Self { room, side: Side::Before(seq) }
    }
}

/// As it stands in a request: `before=7`.
impl Display for Side {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before(seq) => write!(f, "before={seq}"),
            Self::After(seq) => write!(f, "after={seq}"),
        }
    }
}

/// What is known of the messages beyond an end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Past {
    /// Nothing was asked yet.
    Unknown,
    /// A page is on its way.
    Loading,
    /// There are more.
    More,
    /// The room has none there.
    Nothing,
    /// The last page did not come.
    Failed,
}

/// A window of messages without holes.
#[derive(Debug)]
pub struct Timeline {
    messages: VecDeque<Message>,
    /// Every message after this place, up to the room's cursor, is in the window.
    from: Seq,
    past: Past,
}

impl Timeline {
    pub(crate) fn at(head: Seq) -> Self {
        let past = if head == Seq::ZERO { Past::Nothing } else { Past::Unknown };
        Self { messages: VecDeque::new(), from: head, past }
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> Iter<'_, Message> {
        self.messages.iter()
    }

    /// Every message after this place, up to the room's cursor, is here.
    #[must_use]
    pub fn from(&self) -> Seq {
        self.from
    }

    /// Whether there are as many messages as are kept of a room that nobody looks at.
    pub(crate) fn is_long(&self) -> bool {
        self.messages.len() >= ASIDE_MAX
    }

    /// Whether there may be messages before these.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.past != Past::Nothing
    }

    /// Whether a page is on its way.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.past == Past::Loading
    }

    /// Whether the last page did not come; asking again may help.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.past == Past::Failed
    }

    /// Whether no page was ever read: the room was not looked at yet.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        matches!(self.past, Past::Unknown)
    }

    /// The room's next message; its place is the one after the cursor.
    pub(crate) fn append(&mut self, message: Message, open: bool) {
        self.messages.push_back(message);
        self.trim(if open { OPEN_MAX } else { ASIDE_MAX });
    }

    /// Something happened to messages. Returns whether one of these is among them.
    pub(crate) fn undergo(&mut self, event: &Event) -> bool {
        let mut any = false;
        for message in &mut self.messages {
            any |= message.undergo(event);
        }
        any
    }

    pub(crate) fn put_aside(&mut self) {
        self.trim(ASIDE_MAX);
    }

    /// The question to ask for the page before the window, unless there is none or it was asked already.
    pub(crate) fn ask_older(&mut self, room: RoomId) -> Option<Question> {
        match self.past {
            Past::Unknown | Past::More | Past::Failed => {
                self.past = Past::Loading;
                Some(Question::before(room, self.from.next()))
            }
            Past::Loading | Past::Nothing => None,
        }
    }

    /// Puts a page before the window, and on it what happened since it was read. Returns whether the window grew; a page that
    /// answers an older question is void.
    pub(crate) fn prepend(&mut self, asked: Question, page: History, now: (&Recent, Option<&Epoch>)) -> bool {
        if !self.waits_for(asked) {
            return false;
        }
        let History { epoch, head, mut messages, older, .. } = page;
        let (recent, life) = now;
        // A read of another life of the database, or of a copy that lags behind what was heard live, has a hole.
        if Some(&epoch) != life || head < self.from || !recent.renew(&mut messages, head) {
            self.past = Past::Failed;
            return true;
        }
        let first = messages.first().map(|message| message.seq);
        for message in messages.into_iter().rev() {
            if message.seq <= self.from && self.messages.front().is_none_or(|front| message.seq < front.seq) {
                self.messages.push_front(message);
            }
        }
        (self.from, self.past) = match first {
            Some(first) if older => (Seq::new(first.number().saturating_sub(1)), Past::More),
            Some(_) | None => (Seq::ZERO, Past::Nothing),
        };
        true
    }

    /// Whether the page that answers this is on its way, and wanted.
    pub(crate) fn waits_for(&self, asked: Question) -> bool {
        self.past == Past::Loading && asked.side == Side::Before(self.from.next())
    }

    pub(crate) fn fail(&mut self, asked: Question) {
        if self.waits_for(asked) {
            self.past = Past::Failed;
        }
    }

    /// Puts a window before this one that reaches up to it: every message after `from` and up to where this one began, and what is
    /// before them.
    pub(crate) fn join(&mut self, earlier: VecDeque<Message>, from: Seq, past: Past) {
        for message in earlier.into_iter().rev() {
            if message.seq <= self.from {
                self.messages.push_front(message);
            }
        }
        (self.from, self.past) = (from, past);
    }

    fn trim(&mut self, most: usize) {
        while self.messages.len() > most {
            if let Some(gone) = self.messages.pop_front() {
                self.from = gone.seq;
                self.past = Past::More;
            }
        }
    }
}

#[cfg(test)]
mod tests;
