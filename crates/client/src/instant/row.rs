//! What a guest sees of the talk: bounded, the oldest goes first.

use std::{collections::VecDeque, sync::Arc};

use model::limits::{INSTANT_PICTURES_BYTES_MAX, INSTANT_ROWS_MAX};

use super::Effect;

/// A row's number, which no other row of this guest ever has.
pub type RowId = u64;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub id: RowId,
    /// How often it has changed.
    pub turn: u32,
    /// When it came, by the driver's clock.
    pub at_ms: u64,
    /// Who said it.
    pub author: Author,
    /// What was said.
    pub saying: Saying,
}

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// The guest, and how far it has come.
    Own(Sent),
    /// Somebody else.
    Other {
        /// The nickname, fit to be shown; it proves nothing.
        name: String,
        /// The beginning of the sender, which tells two of one name apart.
        tag: String,
    },
    /// Nobody: it is a notice.
    Nobody,
}

/// How far something of the guest's own has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Waiting,
    /// It has gone out. That somebody got it is not known.
    Out,
    /// The line broke: perhaps it went out, perhaps not.
    Perhaps,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saying {
    /// A text, never markup.
    Text(String),
    /// A picture.
    Photo(Photo),
    /// Something that happened.
    Notice(Notice),
}

/// How far a picture has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Photo {
    /// On its way here.
    Coming {
        /// How much is here, in hundredths.
        percent: u32,
    },
    /// Here. The driver has it.
    Here,
    /// It did not come in whole, or is no picture that is shown.
    Broken,
    /// It was here, and made room for newer ones.
    Gone,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Somebody came.
    Came {
        /// Their nickname.
        name: String,
    },
    /// Somebody said good-bye.
    Went {
        /// Their nickname.
        name: String,
    },
    /// Somebody's connection ended.
    Lost {
        /// Their nickname.
        name: String,
    },
    /// The guest's own line was broken, and is back: what was said meanwhile cannot be had.
    Back,
}

/// The rows.
#[derive(Debug, Default)]
pub(super) struct Rows {
    shown: VecDeque<Arc<Row>>,
    next: RowId,
    /// The pictures that the driver holds, with their sizes in bytes, oldest first.
    pictures: VecDeque<(RowId, usize)>,
}

impl Rows {
    pub(super) fn all(&self) -> Vec<Arc<Row>> {
        self.shown.iter().cloned().collect()
    }

    pub(super) fn push(&mut self, at_ms: u64, author: Author, saying: Saying) -> RowId {
        self.next += 1;
        self.shown.push_back(Arc::new(Row { id: self.next, turn: 0, at_ms, author, saying }));
        self.next
    }

    pub(super) fn notice(&mut self, at_ms: u64, notice: Notice) {
        self.push(at_ms, Author::Nobody, Saying::Notice(notice));
    }

    /// Changes how far something of the guest's own has come.
    pub(super) fn sent(&mut self, id: RowId, sent: Sent) {
        self.change(id, |row| row.author = Author::Own(sent));
    }

    /// Changes how far a picture has come.
    pub(super) fn photo(&mut self, id: RowId, photo: Photo) {
        self.change(id, |row| row.saying = Saying::Photo(photo));
    }

    /// The driver holds a picture of this size for this row from now on.
    pub(super) fn holds(&mut self, id: RowId, bytes: usize) {
        self.pictures.push_back((id, bytes));
    }

    /// Keeps to the bounds.
    pub(super) fn drop_old(&mut self, out: &mut Vec<Effect>) {
        while self.shown.len() > INSTANT_ROWS_MAX {
            self.shown.pop_front();
        }
        let first = self.shown.front().map_or(0, |row| row.id);
        let mut bytes: usize = self.pictures.iter().map(|(_, bytes)| bytes).sum();
        while let Some((id, size)) = self.pictures.front().copied() {
            if id >= first && bytes <= INSTANT_PICTURES_BYTES_MAX {
                break;
            }
            self.pictures.pop_front();
            bytes -= size;
            self.photo(id, Photo::Gone);
            out.push(Effect::Forget(id));
        }
    }

    fn change(&mut self, id: RowId, change: impl FnOnce(&mut Row)) {
        let Ok(place) = self.shown.binary_search_by_key(&id, |row| row.id) else { return };
        if let Some(row) = self.shown.get_mut(place).map(Arc::make_mut) {
            row.turn += 1;
            change(row);
        }
    }
}
