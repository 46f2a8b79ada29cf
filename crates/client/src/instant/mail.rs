//! What a guest of an encrypted room has to say, and how fast: slower than the server's pace (`PROTOCOL.md`), so that a few
//! pictures in a row are no flood, and what is written does not wait for them.

use std::collections::VecDeque;

use model::limits::{INSTANT_UNSENT_MAX, INSTANT_UPLOADS_MAX};
use protocol::instant::{
    Head, TAG_BYTES,
    inside::{Inside, PIECE_BYTES_MAX, Piece, Said},
};

use super::RowId;

/// Units that may go at once: of the server's 1,000.
const LEVEL_MAX: u64 = 800;
/// Units for each second, over time: of the server's 100.
const UNITS_PER_SECOND: u64 = 60;
/// Units that pieces of pictures leave to what is written.
const KEPT_FOR_TEXTS: u64 = 100;
/// The server counts one unit for a frame, and one more for each full so many bytes.
const UNIT_BYTES: usize = 8 * 1024;
/// Units are counted in thousandths.
const WHOLE: u64 = 1_000;

/// What waits to be said.
#[derive(Debug, Default)]
pub(super) struct Mail {
    texts: VecDeque<(RowId, String)>,
    uploads: VecDeque<Upload>,
    /// Units that may go, in thousandths, and when they were counted.
    level: u64,
    counted_ms: u64,
    next_picture: u32,
}

/// A picture on its way out.
#[derive(Debug)]
struct Upload {
    row: RowId,
    picture: u32,
    bytes: Vec<u8>,
    /// Where the next piece begins. `None`: it is not announced yet.
    place: Option<usize>,
}

/// What goes next.
pub(super) enum Next {
    Text(RowId, Inside),
    /// A piece of a picture, which may be the last.
    Piece {
        row: RowId,
        inside: Inside,
        last: bool,
    },
}

impl Mail {
    /// A socket is new: its pace begins afresh.
    pub(super) fn begin(&mut self, now_ms: u64) {
        (self.level, self.counted_ms) = (LEVEL_MAX * WHOLE, now_ms);
    }

    pub(super) fn takes_text(&self) -> bool {
        self.texts.len() < INSTANT_UNSENT_MAX
    }

    pub(super) fn takes_picture(&self) -> bool {
        self.uploads.len() < INSTANT_UPLOADS_MAX
    }

    pub(super) fn text(&mut self, row: RowId, text: String) {
        self.texts.push_back((row, text));
    }

    pub(super) fn picture(&mut self, row: RowId, bytes: Vec<u8>) {
        self.next_picture = self.next_picture.wrapping_add(1);
        self.uploads.push_back(Upload { row, picture: self.next_picture, bytes, place: None });
    }

    /// The line broke: the rows of the pictures that did not go out.
    pub(super) fn drop_pictures(&mut self) -> impl Iterator<Item = RowId> {
        self.uploads.drain(..).map(|upload| upload.row)
    }

    /// Something that is not queued goes out now.
    pub(super) fn spend(&mut self, inside_bytes: usize) {
        self.level = self.level.saturating_sub(cost(inside_bytes));
    }

    /// What may go now. The caller sends it.
    pub(super) fn next(&mut self, now_ms: u64) -> Option<Next> {
        let risen = now_ms.saturating_sub(self.counted_ms).saturating_mul(UNITS_PER_SECOND);
        (self.level, self.counted_ms) = ((self.level + risen).min(LEVEL_MAX * WHOLE), now_ms);
        if self.level < cost(PIECE_BYTES_MAX) {
            return None;
        }
        if let Some((row, text)) = self.texts.pop_front() {
            return Some(Next::Text(row, Inside::Said(Said::Text { text })));
        }
        if self.level < KEPT_FOR_TEXTS * WHOLE {
            return None;
        }
        let upload = self.uploads.front_mut()?;
        let (row, inside) = (upload.row, upload.next());
        let last = upload.place == Some(upload.bytes.len());
        if last {
            self.uploads.pop_front();
        }
        Some(Next::Piece { row, inside, last })
    }

    /// When more may go.
    pub(super) fn wake_at(&self) -> Option<u64> {
        let waits = !self.texts.is_empty() || !self.uploads.is_empty();
        let missing = (KEPT_FOR_TEXTS * WHOLE).saturating_sub(self.level);
        waits.then(|| self.counted_ms + missing.div_ceil(UNITS_PER_SECOND).max(1))
    }
}

impl Upload {
    fn next(&mut self) -> Inside {
        let picture = self.picture;
        let Some(place) = self.place else {
            self.place = Some(0);
            return Inside::Said(Said::Picture { picture, bytes: number(self.bytes.len()) });
        };
        let bytes: Vec<u8> = self.bytes.iter().skip(place).take(PIECE_BYTES_MAX).copied().collect();
        self.place = Some(place + bytes.len());
        Inside::Piece(Piece { picture, place: number(place), bytes })
    }
}

/// Units of an envelope, in thousandths.
fn cost(inside_bytes: usize) -> u64 {
    let units = 1 + (Head::BYTES + inside_bytes + TAG_BYTES) / UNIT_BYTES;
    WHOLE * u64::try_from(units).unwrap_or(LEVEL_MAX)
}

/// A place in a picture, which has less than 2^32 bytes.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
