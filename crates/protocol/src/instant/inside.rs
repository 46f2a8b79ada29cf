//! What is inside an envelope of an instant room, once it is opened: a length of two bytes, what is said, and zeros up to a
//! multiple of [`STEP_BYTES`], so that the size of an envelope says little.
//!
//! What is said is JSON, or, if it begins with the byte 1, a piece of a picture.

use serde::{Deserialize, Serialize};

/// What an envelope's inside is filled up to a multiple of.
pub const STEP_BYTES: usize = 256;
/// The largest inside: with head and tag it is still a frame.
pub const INSIDE_BYTES_MAX: usize = 65_280;
/// How much of a picture one envelope carries at most.
pub const PIECE_BYTES_MAX: usize = INSIDE_BYTES_MAX - LENGTH_BYTES - PIECE_HEAD_BYTES;

const LENGTH_BYTES: usize = 2;
/// The byte that begins a piece of a picture. JSON never begins with it.
const PIECE: u8 = 1;
const PIECE_HEAD_BYTES: usize = 9;

/// What is inside an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside {
    /// Something said.
    Said(Said),
    /// A piece of a picture.
    Piece(Piece),
}

/// Something said, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    /// Who is here. Said first by whoever comes, and again by the others when somebody does.
    Hello {
        /// A nickname, chosen freely: it proves nothing.
        name: String,
        /// Whether the sender has come just now and knows nobody yet.
        #[serde(default)]
        new: bool,
    },
    /// A message.
    Text {
        /// What it says.
        text: String,
    },
    /// The sender is writing.
    Typing {},
    /// A picture comes next, in pieces.
    Picture {
        /// The sender's number for it.
        picture: u32,
        /// Its size, in bytes.
        bytes: u32,
    },
    /// The sender leaves.
    Bye {},
}

/// A piece of a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Piece {
    /// Which picture.
    pub picture: u32,
    /// Where in it, in bytes from its start. Pieces come in order.
    pub place: u32,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Piece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { picture, place, bytes } = self;
        write!(f, "Piece({} bytes at {place} of {picture})", bytes.len())
    }
}

impl Inside {
    /// The bytes to encrypt. `None`: it is too much for one envelope.
    #[must_use]
    pub fn pack(&self) -> Option<Vec<u8>> {
        let body = match self {
            Self::Said(said) => crate::encode(said).into_bytes(),
            Self::Piece(Piece { picture, place, bytes }) => {
                [&[PIECE], picture.to_be_bytes().as_slice(), &place.to_be_bytes(), bytes].concat()
            }
        };
        let length = u16::try_from(body.len()).ok()?.to_be_bytes();
        let mut packed = [length.as_slice(), &body].concat();
        packed.resize(packed.len().next_multiple_of(STEP_BYTES), 0);
        (packed.len() <= INSIDE_BYTES_MAX).then_some(packed)
    }

    /// Reads what was decrypted. `None`: it is none of what is known here.
    #[must_use]
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        let (length, rest) = packed.split_first_chunk::<LENGTH_BYTES>()?;
        let body = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
        let Some((&PIECE, piece)) = body.split_first() else {
            return crate::decode(std::str::from_utf8(body).ok()?).ok().map(Self::Said);
        };
        let (picture, piece) = piece.split_first_chunk()?;
        let (place, bytes) = piece.split_first_chunk()?;
        let (picture, place) = (u32::from_be_bytes(*picture), u32::from_be_bytes(*place));
        Some(Self::Piece(Piece { picture, place, bytes: bytes.to_vec() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_its_size_goes_in_steps() {
        let text = |length: usize| Inside::Said(Said::Text { text: "x".repeat(length) });
        let cases = [
            (Inside::Said(Said::Hello { name: "Ada".into(), new: true }), 256),
            (Inside::Said(Said::Typing {}), 256),
            (Inside::Said(Said::Picture { picture: 7, bytes: 5_242_880 }), 256),
            (Inside::Said(Said::Bye {}), 256),
            (text(0), 256),
            (text(229), 256),
            (text(230), 512),
            (Inside::Piece(Piece { picture: 1, place: 2, bytes: vec![3; PIECE_BYTES_MAX] }), INSIDE_BYTES_MAX),
            (Inside::Piece(Piece { picture: 1, place: 2, bytes: Vec::new() }), 256),
        ];
        for (inside, bytes) in cases {
            let packed = inside.pack().unwrap();
            assert_eq!(packed.len(), bytes, "{inside:?}");
            assert_eq!(Inside::unpack(&packed), Some(inside));
        }
        assert_eq!(text(65_300).pack(), None);
        assert_eq!(Inside::Piece(Piece { picture: 1, place: 2, bytes: vec![3; PIECE_BYTES_MAX + 1] }).pack(), None);
    }

    #[test]
    fn it_is_written_as_the_protocol_tells() {
        let packed = Inside::Said(Said::Hello { name: "Ada".into(), new: true }).pack().unwrap();
        let said = br#"{"type":"hello","name":"Ada","new":true}"#;
        assert_eq!(packed[..2], [0, 40]);
        assert_eq!(packed[2..42], *said);
        assert!(packed[42..].iter().all(|byte| *byte == 0));
        let piece = Inside::Piece(Piece { picture: 0x0102_0304, place: 5, bytes: vec![6, 7] }).pack().unwrap();
        assert_eq!(piece[..13], [0, 11, 1, 1, 2, 3, 4, 0, 0, 0, 5, 6, 7]);
    }

    #[test]
    fn what_is_none_of_this_is_passed_over() {
        let hostile: [&[u8]; 10] = [
            b"",
            b"\0",
            b"\0\0",
            b"\xff\xff{}",
            b"\0\x02{}",
            b"\0\x04\x01\0\0\0",
            b"\0\x01\x02",
            b"\0\x02\xff\xfe",
            br#" {"type":"shutdown"}"#,
            b"\0\x17{\"type\":\"text\",\"text\":1}",
        ];
        for packed in hostile {
            assert_eq!(Inside::unpack(packed), None, "{packed:?}");
        }
    }
}
