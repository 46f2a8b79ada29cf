//! What stands in a timeline on the screen: kept messages, then one's own that are not kept yet.

use model::{Body, ClientKey, File, Marks, Person, Seq, Timestamp};

use crate::{Delivery, Room};

/// A row's name, the same from the first keystroke of "send" on: a row on the screen is never made twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// A message of one's own: its key.
    Own(ClientKey),
    /// Somebody else's: its place.
    Other(Seq),
}

/// How far a row has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Not accepted yet.
    Sending,
    /// The server has it.
    Kept,
    /// In a direct chat: a device of everybody else has it.
    Delivered,
    /// In a direct chat: everybody else has read it.
    Read,
    /// The server refused it, in these words.
    Failed(String),
}

/// One message as it is shown.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Its name.
    pub id: RowId,
    /// Who said it.
    pub author: &'a Person,
    /// When.
    pub at: Timestamp,
    /// What; nothing if files stand for themselves, or the message was taken back.
    pub text: &'a Body,
    /// The files that go with it.
    pub files: &'a [File],
    /// Files that are still on their way, of a message of one's own.
    pub uploads: &'a [ClientKey],
    /// Whether it was taken back: only a trace is to be shown.
    pub deleted: bool,
    /// How far it has come.
    pub state: RowState,
    /// Its place, once it has one.
    pub seq: Option<Seq>,
    /// How many others are known to have read it, if it is one's own.
    pub readers: usize,
}

/// How far the others have come, for the rows.
struct Ticks {
    /// In a direct chat, how far everybody else has come at least.
    all: Marks,
    /// Where the others read, from the least to the furthest.
    reads: Vec<Seq>,
}

impl Ticks {
    fn of(room: &Room, me: &Person) -> Self {
        let others = room.info().people.iter().filter(|person| person.id != me.id);
        let marks = others.map(|person| room.receipts().of(person.id));
        let least = |a: Marks, b: Marks| Marks { delivered: a.delivered.min(b.delivered), read: a.read.min(b.read) };
        Self { all: marks.reduce(least).unwrap_or_default(), reads: room.receipts().reads() }
    }

    fn state(&self, seq: Seq) -> RowState {
        if seq <= self.all.read {
            RowState::Read
        } else if seq <= self.all.delivered {
            RowState::Delivered
        } else {
            RowState::Kept
        }
    }

    fn readers(&self, seq: Seq) -> usize {
        self.reads.len() - self.reads.partition_point(|read| *read < seq)
    }
}

/// A room's rows, oldest first, as `me` sees them.
pub(crate) fn rows<'a>(room: &'a Room, me: &'a Person) -> impl Iterator<Item = Row<'a>> {
    let ticks = Ticks::of(room, me);
    let kept = room.timeline().messages().map(move |message| {
        let own = message.author.id == me.id;
        Row {
            id: if own { RowId::Own(message.key.clone()) } else { RowId::Other(message.seq) },
            author: &message.author,
            at: message.at,
            text: &message.text,
            files: &message.files,
            uploads: &[],
            deleted: message.deleted,
            state: if own { ticks.state(message.seq) } else { RowState::Kept },
            seq: Some(message.seq),
            readers: if own { ticks.readers(message.seq) } else { 0 },
        }
    });
    let pending = room.pending().map(|pending| Row {
        id: RowId::Own(pending.key.clone()),
        author: me,
        at: pending.at,
        text: &pending.text,
        files: &pending.files,
        uploads: &pending.uploads,
        deleted: false,
        state: match &pending.delivery {
            Delivery::Waiting | Delivery::UnderWay { .. } | Delivery::Delayed { .. } => RowState::Sending,
            Delivery::Kept { .. } => RowState::Kept,
            Delivery::Failed { message, .. } => RowState::Failed(message.clone()),
        },
        seq: None,
        readers: 0,
    });
    kept.chain(pending)
}
