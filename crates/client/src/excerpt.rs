//! A window onto messages far from a room's end: a message that was found, and what was said around it.
//!
//! It grows both ways by pages of history. The live window stays behind it and hears what happens; when the two meet they become one,
//! so nothing is ever shown between which there is a hole. What happens to messages is done to both.

use std::collections::{VecDeque, vec_deque::Iter};

use model::{Epoch, Event, Message, RoomId, Seq};
use protocol::http::History;

use crate::{
    recent::Recent,
    timeline::{OPEN_MAX, Past, Question, Side, Timeline},
};

/// A window of messages without holes, away from the room's end.
#[derive(Debug)]
pub struct Excerpt {
    messages: VecDeque<Message>,
    /// Every message after this place, and up to `to`, is here.
    from: Seq,
    to: Seq,
    older: Past,
    newer: Past,
    /// The message that the person wants to see, until it is here.
    wanted: Option<Seq>,
}

impl Excerpt {
    /// A window onto this message, and the questions that fill it.
    pub(crate) fn around(room: RoomId, seq: Seq) -> (Self, [Question; 2]) {
        let (messages, older, newer) = (VecDeque::new(), Past::Unknown, Past::Unknown);
        let mut excerpt = Self { messages, from: seq, to: seq, older, newer, wanted: Some(seq) };
        let before = Question { room, side: excerpt.ask(true) };
        let after = Question { room, side: excerpt.ask(false) };
        (excerpt, [before, after])
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> Iter<'_, Message> {
        self.messages.iter()
    }

    /// Every message after this place, up to the last that is here, is here.
    #[must_use]
    pub fn from(&self) -> Seq {
        self.from
    }

    /// Whether there may be messages before these.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.older != Past::Nothing
    }

    /// Whether a page before these is on its way.
    #[must_use]
    pub fn is_loading(&self) -> bool {
        self.older == Past::Loading
    }

    /// Whether the last page before these did not come; asking again may help.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.older == Past::Failed
    }

    /// Whether a page after these is on its way.
    #[must_use]
    pub fn is_loading_after(&self) -> bool {
        self.newer == Past::Loading
    }

    /// Whether the last page after these did not come; asking again may help.
    #[must_use]
    pub fn has_failed_after(&self) -> bool {
        self.newer == Past::Failed
    }

    /// Whether this message is here, or would be if it were one.
    pub(crate) fn spans(&self, seq: Seq) -> bool {
        self.from < seq && seq <= self.to
    }

    /// The message to show the person now, once.
    pub(crate) fn take_wanted(&mut self) -> Option<Seq> {
        let wanted = self.wanted.filter(|wanted| self.spans(*wanted) || !self.has_older())?;
        self.wanted = None;
        nearest(self.messages(), wanted)
    }

    /// The page before these, unless there is none or it was asked for already.
    pub(crate) fn ask_older(&mut self) -> Option<Side> {
        matches!(self.older, Past::Unknown | Past::More | Past::Failed).then(|| self.ask(true))
    }

    /// The page after these, unless it was asked for already.
    pub(crate) fn ask_newer(&mut self) -> Option<Side> {
        matches!(self.newer, Past::Unknown | Past::More | Past::Failed).then(|| self.ask(false))
    }

    fn ask(&mut self, older: bool) -> Side {
        if older {
            self.older = Past::Loading;
            Side::Before(self.from.next())
        } else {
            self.newer = Past::Loading;
            Side::After(self.to)
        }
    }

    /// Something happened to messages. Returns whether one of these is among them.
    pub(crate) fn undergo(&mut self, event: &Event) -> bool {
        self.messages.iter_mut().fold(false, |any, message| message.undergo(event) | any)
    }

    /// The end of the window that the answer to this question belongs at; none if nobody waits for it.
    fn edge(&mut self, side: Side) -> Option<&mut Past> {
        let edge = match side {
            Side::Before(seq) if seq == self.from.next() => &mut self.older,
            Side::After(seq) if seq == self.to => &mut self.newer,
            Side::Before(_) | Side::After(_) => return None,
        };
        (*edge == Past::Loading).then_some(edge)
    }

    /// Whether the page that answers this is on its way, and wanted.
    pub(crate) fn waits_for(&mut self, side: Side) -> bool {
        self.edge(side).is_some()
    }

    pub(crate) fn fail(&mut self, side: Side) {
        if let Some(edge) = self.edge(side) {
            *edge = Past::Failed;
        }
    }

    /// Puts a page before or after these, and on it what happened since it was read.
    pub(crate) fn extend(&mut self, side: Side, page: History, (recent, life): (&Recent, Option<&Epoch>)) {
        let History { epoch, head, mut messages, older, newer, .. } = page;
        let (from, to) = (self.from, self.to);
        let Some(edge) = self.edge(side) else { return };
        // A read of another life of the database, or of a copy that lags behind what was heard live, has a hole.
        if Some(&epoch) != life || head < to || !recent.renew(&mut messages, head) {
            *edge = Past::Failed;
            return;
        }
        *edge = Past::More;
        match side {
            Side::Before(_) => {
                messages.retain(|message| message.seq <= from);
                (self.from, self.older) = match messages.first() {
                    Some(first) if older => (Seq::new(first.seq.number().saturating_sub(1)), Past::More),
                    Some(_) | None => (Seq::ZERO, Past::Nothing),
                };
                messages.into_iter().rev().for_each(|message| self.messages.push_front(message));
                while self.messages.len() > OPEN_MAX {
                    let Some(gone) = self.messages.pop_back() else { break };
                    (self.to, self.newer) = (Seq::new(gone.seq.number().saturating_sub(1)), Past::More);
                }
            }
            Side::After(_) => {
                messages.retain(|message| message.seq > to);
                self.to = messages.last().filter(|_| newer).map_or(head, |last| last.seq);
                self.messages.extend(messages);
                while self.messages.len() > OPEN_MAX {
                    let Some(gone) = self.messages.pop_front() else { break };
                    (self.from, self.older) = (gone.seq, Past::More);
                }
            }
        }
    }

    /// Whether there is no hole between this and the live window.
    pub(crate) fn meets(&self, live: &Timeline) -> bool {
        self.to >= live.from() && self.wanted.is_none()
    }

    /// Becomes one with the live window, which it meets.
    pub(crate) fn join(self, live: &mut Timeline) {
        if self.from < live.from() {
            live.join(self.messages, self.from, self.older);
        }
    }
}

/// The last message up to this place.
pub(crate) fn nearest(messages: Iter<'_, Message>, seq: Seq) -> Option<Seq> {
    messages.map(|message| message.seq).take_while(|place| *place <= seq).last()
}

#[cfg(test)]
mod tests;
