//! Pictures: put together from pieces, and looked at before they are shown.

use model::limits::{
    INSTANT_PICTURE_BYTES_MAX, INSTANT_PICTURE_PIXELS_MAX, INSTANT_TRANSFER_MS, INSTANT_TRANSFER_SILENCE_MS,
};
use protocol::instant::inside::Piece;

use super::RowId;

/// The formats that are shown. What is drawn from instructions, such as SVG, is none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// What a file is by its own bytes, whatever anybody says of it. `None`: it is no picture, moves, or is larger than
/// [`INSTANT_PICTURE_BYTES_MAX`] or [`INSTANT_PICTURE_PIXELS_MAX`]: a small file can claim a wall.
#[must_use]
pub fn look(bytes: &[u8]) -> Option<Format> {
    if bytes.len() > INSTANT_PICTURE_BYTES_MAX {
        return None;
    }
    let (format, (width, height)) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR") {
        (Format::Png, (long(bytes, 16)?, long(bytes, 20)?))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12)? == b"WEBP" {
        (Format::Webp, webp(bytes)?)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        (Format::Jpeg, jpeg(bytes)?)
    } else {
        return None;
    };
    let fits = |pixels| (1..=INSTANT_PICTURE_PIXELS_MAX).contains(&pixels);
    (fits(width) && fits(height)).then_some(format)
}

/// Width and height, as RFC 9649 writes them.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let low = |place: usize, bits: u32| {
        let three = bytes.get(place..place + 3)?;
        let number = three.iter().rev().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        Some(number & ((1 << bits) - 1))
    };
    match bytes.get(12..16)? {
        // The frame's head begins after three bytes of tag and three of a start code.
        b"VP8 " => Some((low(26, 14)?, low(28, 14)?)),
        b"VP8L" => {
            let packed = u32::from_le_bytes(*bytes.get(21..)?.first_chunk()?);
            Some(((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => {
            const MOVES: u8 = 0x02;
            let still = bytes.get(20)? & MOVES == 0;
            still.then_some((low(24, 24)? + 1, low(27, 24)? + 1))
        }
        _ => None,
    }
}

/// Width and height: they stand in the first segment that begins a frame (ITU T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut place = 2;
    loop {
        let [0xff, marker, high, low] = *bytes.get(place..)?.first_chunk()? else { return None };
        match marker {
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => return Some((short(bytes, place + 7)?, short(bytes, place + 5)?)),
            // The picture begins, or ends, without a size.
            0xd0..=0xda => return None,
            _ => {}
        }
        place += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
}

fn long(bytes: &[u8], place: usize) -> Option<u32> {
    bytes.get(place..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}

fn short(bytes: &[u8], place: usize) -> Option<u32> {
    bytes.get(place..)?.first_chunk().map(|two| u32::from(u16::from_be_bytes(*two)))
}

/// A picture on its way here.
#[derive(Debug)]
pub(super) struct Incoming {
    /// The row that shows it.
    pub(super) row: RowId,
    picture: u32,
    total: usize,
    bytes: Vec<u8>,
    begun_ms: u64,
    heard_ms: u64,
}

/// What a piece did.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// There is more to come; so much is here, in hundredths.
    Coming(u32),
    /// That was the last.
    Whole(Vec<u8>),
    /// It does not fit what came before.
    Broken,
}

impl Incoming {
    /// A picture of this size is announced. `None`: it is too large, or nothing.
    pub(super) fn announced(now_ms: u64, picture: u32, bytes: u32) -> Option<Self> {
        let total = usize::try_from(bytes).ok().filter(|total| (1..=INSTANT_PICTURE_BYTES_MAX).contains(total))?;
        Some(Self { row: 0, picture, total, bytes: Vec::new(), begun_ms: now_ms, heard_ms: now_ms })
    }

    pub(super) fn take(&mut self, now_ms: u64, piece: &Piece) -> Step {
        let Piece { picture, place, bytes } = piece;
        let in_order = *picture == self.picture && usize::try_from(*place) == Ok(self.bytes.len());
        if !in_order || bytes.is_empty() || self.bytes.len() + bytes.len() > self.total {
            return Step::Broken;
        }
        self.heard_ms = now_ms;
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() == self.total {
            return Step::Whole(std::mem::take(&mut self.bytes));
        }
        Step::Coming(u32::try_from(self.bytes.len() * 100 / self.total).unwrap_or(0))
    }

    /// When it is given up.
    pub(super) fn ends_ms(&self) -> u64 {
        (self.heard_ms + INSTANT_TRANSFER_SILENCE_MS).min(self.begun_ms + INSTANT_TRANSFER_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
    }

    fn webp(kind: &[u8], rest: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP", kind, b"\0\0\0\0", rest].concat()
    }

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc2, 0, 17, 8, 0x01, 0x00, 0x02, 0x00, 3];
        let lossy = webp(b"VP8 ", &[0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00, 0]);
        let lossless = webp(b"VP8L", &[0x2f, 0x3f, 0xc1, 0x3b, 0x00]);
        let extended = webp(b"VP8X", &[0x10, 0, 0, 0, 0x3f, 0x01, 0, 0xef, 0, 0]);
        for (bytes, format) in [
            (png(640, 480), Format::Png),
            (jpeg.to_vec(), Format::Jpeg),
            (lossy, Format::Webp),
            (lossless, Format::Webp),
            (extended, Format::Webp),
        ] {
            assert_eq!(look(&bytes), Some(format), "{bytes:?}");
            for cut in 0..bytes.len().min(12) {
                assert_eq!(look(&bytes[..cut]), None);
            }
        }
    }

    #[test]
    fn what_is_no_picture_moves_or_is_a_wall_is_not_shown() {
        let wall = webp(b"VP8X", &[0, 0, 0, 0, 0xff, 0xff, 0, 0xff, 0, 0]);
        let moving = webp(b"VP8X", &[0x02, 0, 0, 0, 0x3f, 0x01, 0, 0xef, 0, 0]);
        let hostile: [&[u8]; 11] = [
            b"",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<html>",
            b"GIF89a\x01\0\x01\0",
            &png(0, 1),
            &png(30_000, 30_000),
            &wall,
            &moving,
            &[0xff, 0xd8, 0xff, 0xd9, 0, 0],
            &[0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff, 0, 0],
            &[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0],
        ];
        for bytes in hostile {
            assert_eq!(look(bytes), None, "{bytes:?}");
        }
        let mut large = png(1, 1);
        large.resize(INSTANT_PICTURE_BYTES_MAX + 1, 0);
        assert_eq!(look(&large), None);
    }
}
