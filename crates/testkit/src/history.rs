//! What clients asked, what they were told and what they saw; and whether all of it can be true at once.
//!
//! A test gives every client a [`History`] and writes down each thing as it happens. At the end [`violations`], which is a
//! pure function, takes all histories and what the server holds then ([`Kept`]), and lists whatever contradicts a promise. It knows
//! nothing of sockets, of clocks or of how a message travels. What a client sees besides (marks of what was delivered and
//! read, say) gets a list of its own in the history and a function of its own beside those in `check.rs`.

mod check;
mod violation;

#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use model::{Event, Message, Person, Posted, RoomId, Seq, Stream};
use protocol::{Code, Retry};

pub use check::violations;
pub use violation::Violation;

/// Every message that each room holds at the end, oldest first.
pub type Kept = BTreeMap<RoomId, Vec<Message>>;

/// Numbers for what happens, shared by all clients of a test: what has the smaller number happened first.
#[derive(Clone, Debug, Default)]
pub struct Ticks(Arc<AtomicU64>);

/// When something happened, among all that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

/// One client's story.
#[derive(Clone, Debug)]
pub struct History {
    /// Whose.
    pub who: Person,
    /// What they asked to be kept, in the order of the asking.
    pub writes: Vec<Write>,
    /// What they heard, in the order of the hearing.
    pub heard: Vec<Hearing>,
    /// What they read of the history of rooms.
    pub pages: Vec<Page>,
    line: u32,
    ticks: Ticks,
}

/// A message as its author wants it: the same for each time that it is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wish {
    /// Where.
    pub room: RoomId,
    /// The author's name for it.
    pub key: String,
    /// What.
    pub text: String,
}

/// One asking.
#[derive(Clone, Debug)]
pub struct Write {
    /// What was asked.
    pub wish: Wish,
    /// The connection that it was asked on; the first is 0.
    pub line: u32,
    /// When.
    pub asked: Moment,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No answer came, or one that does not say: it may have been kept, or not.
    Unknown,
    /// It was acknowledged.
    Kept(Posted, Moment),
    /// It was refused.
    Refused(Code, Moment),
}

/// One thing that was heard.
#[derive(Clone, Debug)]
pub enum Hearing {
    /// Listening begins: the next event of this stream is the one after this place.
    Begins(Stream, Seq),
    /// The server said that all before this place is void: the next event is the one after it.
    Reset(Stream, Seq),
    /// An event.
    Event(Box<Event>),
}

/// A page of a room's history.
#[derive(Clone, Debug)]
pub struct Page {
    /// The room.
    pub room: RoomId,
    /// Its messages, oldest first.
    pub messages: Vec<Message>,
}

/// The name of an asking in its history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking(usize);

impl Ticks {
    /// A moment of its own: now.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.next()
    }

    fn next(&self) -> Moment {
        Moment(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

impl Wish {
    /// A wish.
    #[must_use]
    pub fn new(room: RoomId, key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { room, key: key.into(), text: text.into() }
    }
}

impl History {
    /// An empty history.
    #[must_use]
    pub fn new(who: Person, ticks: &Ticks) -> Self {
        let (writes, heard, pages) = (Vec::new(), Vec::new(), Vec::new());
        Self { who, writes, heard, pages, line: 0, ticks: ticks.clone() }
    }

    /// A new connection is used from now on; what was asked on an earlier one is answered no more.
    pub fn connects(&mut self) {
        self.line += 1;
    }

    /// Something is about to be asked. Say it before it is sent.
    pub fn asks(&mut self, wish: Wish) -> Asking {
        let asked = self.ticks.next();
        self.writes.push(Write { wish, line: self.line, asked, outcome: Outcome::Unknown });
        Asking(self.writes.len() - 1)
    }

    /// It was acknowledged.
    pub fn was_kept(&mut self, asking: Asking, posted: Posted) {
        self.writes[asking.0].outcome = Outcome::Kept(posted, self.ticks.next());
    }

    /// It was refused.
    pub fn was_refused(&mut self, asking: Asking, code: Code) {
        self.writes[asking.0].outcome = Outcome::Refused(code, self.ticks.next());
    }

    /// Listening begins after this place.
    pub fn begins(&mut self, stream: Stream, after: Seq) {
        self.heard.push(Hearing::Begins(stream, after));
    }

    /// The server said that all before this place is void.
    pub fn was_reset(&mut self, stream: Stream, head: Seq) {
        self.heard.push(Hearing::Reset(stream, head));
    }

    /// An event came.
    pub fn hears(&mut self, event: Event) {
        self.heard.push(Hearing::Event(Box::new(event)));
    }

    /// A page was read.
    pub fn reads(&mut self, room: RoomId, messages: Vec<Message>) {
        self.pages.push(Page { room, messages });
    }

    /// What was asked, and has neither been acknowledged nor surely been refused: it can be asked again.
    #[must_use]
    pub fn in_doubt(&self) -> Vec<Wish> {
        let mut open: BTreeMap<&Wish, bool> = BTreeMap::new();
        for write in &self.writes {
            *open.entry(&write.wish).or_insert(true) &= write.outcome.may_be_retried();
        }
        open.into_iter().filter(|(_, open)| *open).map(|(wish, _)| wish.clone()).collect()
    }

    /// What was acknowledged, in the order of the asking; once for each time.
    #[must_use]
    pub fn acknowledged(&self) -> impl DoubleEndedIterator<Item = &Wish> {
        self.writes.iter().filter(|write| matches!(write.outcome, Outcome::Kept(..))).map(|write| &write.wish)
    }
}

impl Outcome {
    /// Whether asking again may lead to an acknowledgement.
    fn may_be_retried(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Kept(..) => false,
            Self::Refused(code, _) => code.retry() == Retry::Later,
        }
    }

    /// Whether it is certain that this asking kept nothing.
    fn kept_nothing(&self) -> bool {
        match self {
            // After a fault nobody knows, and a request that took too long may still be under way.
            Self::Refused(code, _) => !matches!(code, Code::Fault | Code::TimedOut),
            Self::Unknown | Self::Kept(..) => false,
        }
    }
}
