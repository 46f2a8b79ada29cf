//! What the person did to messages of one room that stand, and the server has not shown yet, in order.
//!
//! One deed is under way at a time. Each may be sent twice without harm: so one that was not answered is sent again.

use std::collections::VecDeque;

use model::{Body, ClientKey, Emoji, RoomId, Seq};
use protocol::{Amendment, FromClient, Refused};

use crate::{Client, Connection, Effect, What};

/// Deeds that may wait in one room. One more is not done.
const WAITING_MAX: usize = 100;
/// A deed that was not answered for this long is sent again.
const ANSWER_TIMEOUT_MS: u64 = 15_000;
/// How long to wait when the server says "later" without saying when.
const LATER_MS: u64 = 1_000;

/// Something to do to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Change the text of a message of one's own.
    Edit {
        /// How often it had been changed when the person looked at it.
        edits: u32,
        /// What it is to say.
        text: Body,
    },
    /// Take a message of one's own back.
    Delete,
    /// React to it, or take that back.
    React {
        /// With what.
        emoji: Emoji,
        /// Whether it is to stand.
        on: bool,
    },
    /// Pin it, or take the pin out.
    Pin {
        /// Whether it is to be pinned.
        on: bool,
    },
    /// Save it for oneself, or let go of it.
    Save {
        /// Whether it is to be saved.
        on: bool,
    },
    /// See the room as unread from here on, or no more.
    Unread {
        /// Whether it is to be seen so.
        on: bool,
    },
}

impl Deed {
    fn amendment(&self) -> Amendment {
        match self {
            Self::Edit { edits, text } => Amendment::Edit { edits: *edits, text: text.as_str().to_owned() },
            Self::Delete => Amendment::Delete {},
            Self::React { emoji, on } => Amendment::React { emoji: emoji.as_str().to_owned(), on: *on },
            Self::Pin { on } => Amendment::Pin { on: *on },
            Self::Save { on } => Amendment::Save { on: *on },
            Self::Unread { on } => Amendment::Unread { on: *on },
        }
    }

    /// Which stream tells of it: the person's own, or the room's.
    fn is_own(&self) -> bool {
        match self {
            Self::Save { .. } | Self::Unread { .. } => true,
            Self::Edit { .. } | Self::Delete | Self::React { .. } | Self::Pin { .. } => false,
        }
    }

    /// Whether this one makes another void that was not sent yet.
    fn overtakes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Edit { edits: mine, .. }, Self::Edit { edits, .. }) => mine == edits,
            (Self::React { emoji: mine, .. }, Self::React { emoji, .. }) => mine == emoji,
            (Self::Pin { .. }, Self::Pin { .. })
            | (Self::Save { .. }, Self::Save { .. })
            | (Self::Unread { .. }, Self::Unread { .. }) => true,
            (
                Self::Edit { .. }
                | Self::Delete
                | Self::React { .. }
                | Self::Pin { .. }
                | Self::Save { .. }
                | Self::Unread { .. },
                _,
            ) => false,
        }
    }
}

/// How far a deed has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It waits for its turn, or for a connection.
    Waiting,
    /// It was sent, and not answered.
    UnderWay { since_ms: u64 },
    /// The server asked to wait.
    Delayed { until_ms: u64 },
    /// It is so, and events up to this place tell of it.
    Done { seq: Seq },
}

#[derive(Clone, Debug)]
struct Doing {
    key: ClientKey,
    message: Seq,
    deed: Deed,
    state: State,
}

impl Doing {
    fn is_done(&self, cursor: Seq) -> bool {
        matches!(self.state, State::Done { seq } if seq <= cursor)
    }
}

/// The deeds of one room.
#[derive(Debug, Default)]
pub(crate) struct Deeds {
    doing: VecDeque<Doing>,
}

impl Deeds {
    /// What is being done to a message, oldest first.
    pub(crate) fn of(&self, message: Seq) -> impl Iterator<Item = &Deed> {
        self.doing.iter().filter(move |doing| doing.message == message).map(|doing| &doing.deed)
    }

    /// One more. Returns whether there was room for it.
    fn push(&mut self, key: ClientKey, message: Seq, deed: Deed) -> bool {
        self.doing
            .retain(|doing| doing.message != message || doing.state != State::Waiting || !deed.overtakes(&doing.deed));
        let room = self.doing.len() < WAITING_MAX;
        if room {
            self.doing.push_back(Doing { key, message, deed, state: State::Waiting });
        }
        room
    }

    /// The deed to send now, if there is one; it counts as sent.
    fn next(&mut self, now_ms: u64) -> Option<(&ClientKey, Seq, &Deed)> {
        let first = self.doing.iter_mut().find(|doing| !matches!(doing.state, State::Done { .. }))?;
        let due_ms = first.state.due_ms();
        if due_ms.is_some_and(|due_ms| now_ms < due_ms) {
            return None;
        }
        first.state = State::UnderWay { since_ms: now_ms };
        Some((&first.key, first.message, &first.deed))
    }

    /// When the first deed should be sent, if waiting alone can bring that about.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.doing.iter().find(|doing| !matches!(doing.state, State::Done { .. }))?.state.due_ms()
    }

    /// The line was lost: what was under way will be sent again.
    pub(crate) fn interrupt(&mut self) {
        for doing in &mut self.doing {
            if let State::UnderWay { .. } = doing.state {
                doing.state = State::Waiting;
            }
        }
    }

    /// The message from which on the room will be seen as unread, if it is so from `kept` on now.
    pub(crate) fn unread_from(&self, kept: Option<Seq>) -> Option<Seq> {
        self.doing.iter().fold(kept, |from, doing| match doing.deed {
            Deed::Unread { on: true } => Some(doing.message),
            Deed::Unread { on: false } => from.filter(|from| *from != doing.message),
            Deed::Edit { .. } | Deed::Delete | Deed::React { .. } | Deed::Pin { .. } | Deed::Save { .. } => from,
        })
    }

    /// Events of the room up to here have come: they tell what was done.
    pub(crate) fn settle(&mut self, cursor: Seq) {
        self.doing.retain(|doing| doing.deed.is_own() || !doing.is_done(cursor));
    }

    /// The same for the person's own stream.
    pub(crate) fn settle_own(&mut self, cursor: Seq) {
        self.doing.retain(|doing| !doing.deed.is_own() || !doing.is_done(cursor));
    }

    /// In another life of the database nothing of it is known to be there: the person sees what stands, and does it again.
    pub(crate) fn forget(&mut self) {
        self.doing.clear();
    }

    fn done(&mut self, key: &str, seq: Seq) {
        if let Some(doing) = self.doing.iter_mut().find(|doing| doing.key.as_str() == key) {
            doing.state = State::Done { seq };
        }
    }

    /// Says why a deed was refused for good, if it was.
    fn refuse(&mut self, refused: &Refused, key: &str, now_ms: u64) -> bool {
        let Some(place) = self.doing.iter().position(|doing| doing.key.as_str() == key) else { return false };
        if refused.code.retry() == protocol::Retry::Later {
            let until_ms = now_ms + refused.retry_after_ms.unwrap_or(LATER_MS);
            if let Some(doing) = self.doing.get_mut(place) {
                doing.state = State::Delayed { until_ms };
            }
            return false;
        }
        self.doing.remove(place);
        true
    }
}

impl State {
    fn due_ms(self) -> Option<u64> {
        match self {
            Self::Waiting | Self::Done { .. } => None,
            Self::UnderWay { since_ms } => Some(since_ms + ANSWER_TIMEOUT_MS),
            Self::Delayed { until_ms } => Some(until_ms),
        }
    }
}

impl Client {
    /// The person does something to a message. It shows at once, and is done as soon as there is a connection.
    pub(crate) fn amend(&mut self, now_ms: u64, id: RoomId, (message, deed): (Seq, Deed), out: &mut Vec<Effect>) {
        let key = self.dice.key();
        let Some(room) = self.rooms.get_mut(&id) else { return };
        // What is marked is new again on this screen, too, from there on.
        if deed == (Deed::Unread { on: true }) {
            room.line = Some(Seq::new(message.number().saturating_sub(1)));
        }
        if !room.deeds.push(key, message, deed) {
            out.push(Effect::Tell("Too much is waiting here already.".into()));
        }
        out.extend([Effect::Changed(What::Timeline(id)), Effect::Changed(What::Rooms)]);
        self.amend_next(now_ms, id, out);
    }

    /// Sends the room's next deed, if it is its turn.
    pub(crate) fn amend_next(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        if self.line.state != Connection::Online {
            return;
        }
        if let Some((key, message, deed)) = self.rooms.get_mut(&id).and_then(|room| room.deeds.next(now_ms)) {
            let (key, what) = (key.as_str().to_owned(), deed.amendment());
            out.push(Effect::Send(FromClient::Amend { room: id, message, key, what }));
        }
    }

    /// What was asked is so.
    pub(crate) fn amended(&mut self, now_ms: u64, id: RoomId, (key, seq): (&str, Seq), out: &mut Vec<Effect>) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.deeds.done(key, seq);
            room.deeds.settle(room.cursor);
            room.deeds.settle_own(self.own);
            out.push(Effect::Changed(What::Rooms));
            out.push(Effect::Changed(What::Timeline(id)));
            self.amend_next(now_ms, id, out);
        }
    }

    pub(crate) fn amend_refused(&mut self, now_ms: u64, id: RoomId, refused: &Refused, out: &mut Vec<Effect>) {
        let (Some(room), Some(key)) = (self.rooms.get_mut(&id), &refused.key) else { return };
        if room.deeds.refuse(refused, key, now_ms) {
            out.extend([
                Effect::Tell(refused.message.clone()),
                Effect::Changed(What::Timeline(id)),
                Effect::Changed(What::Rooms),
            ]);
        }
        self.amend_next(now_ms, id, out);
    }
}
