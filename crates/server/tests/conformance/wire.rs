//! Frames as bytes: those that a client sends, masked and as wrong as a case wants them, and those that come back.

use std::io::{self, Read};

/// The mask of every frame. Any will do; this one is the example of RFC 6455, section 5.7.
const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
/// The longest frame that is read back: more than the largest case sends.
const FRAME_BYTES_MAX: u64 = 32 * 1024 * 1024;

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

/// A frame that a client sends.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    opcode: u8,
    last: bool,
    reserved: u8,
    payload: Vec<u8>,
}

impl Frame {
    /// A whole frame with any opcode.
    pub(crate) fn of(opcode: u8, payload: impl Into<Vec<u8>>) -> Self {
        Self { opcode, last: true, reserved: 0, payload: payload.into() }
    }

    pub(crate) fn text(payload: impl Into<Vec<u8>>) -> Self {
        Self::of(TEXT, payload)
    }

    pub(crate) fn binary(payload: impl Into<Vec<u8>>) -> Self {
        Self::of(BINARY, payload)
    }

    /// The next fragment of a message.
    pub(crate) fn continuation(payload: impl Into<Vec<u8>>) -> Self {
        Self::of(CONTINUATION, payload)
    }

    pub(crate) fn ping(payload: impl Into<Vec<u8>>) -> Self {
        Self::of(PING, payload)
    }

    pub(crate) fn pong(payload: impl Into<Vec<u8>>) -> Self {
        Self::of(PONG, payload)
    }

    /// A good-bye with a number and a reason, which need not be text.
    pub(crate) fn close(code: u16, reason: &[u8]) -> Self {
        Self::of(CLOSE, [&code.to_be_bytes()[..], reason].concat())
    }

    /// A good-bye whose payload may be too short for a number.
    pub(crate) fn close_of(payload: &[u8]) -> Self {
        Self::of(CLOSE, payload)
    }

    /// The same, but not the last of its message.
    pub(crate) fn unfinished(mut self) -> Self {
        self.last = false;
        self
    }

    /// The same with reserved bits, 4 being the first of them.
    pub(crate) fn reserving(mut self, bits: u8) -> Self {
        self.reserved = bits;
        self
    }

    /// The frame on the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.payload.len() + 14);
        bytes.push(u8::from(self.last) << 7 | self.reserved << 4 | self.opcode);
        match self.payload.len() {
            short @ 0..=125 => bytes.push(0x80 | u8::try_from(short).unwrap()),
            middling @ 126..=0xFFFF => {
                bytes.push(0x80 | 0x7E);
                bytes.extend_from_slice(&u16::try_from(middling).unwrap().to_be_bytes());
            }
            long => {
                bytes.push(0x80 | 0x7F);
                bytes.extend_from_slice(&u64::try_from(long).unwrap().to_be_bytes());
            }
        }
        bytes.extend_from_slice(&MASK);
        let start = bytes.len();
        bytes.extend_from_slice(&self.payload);
        mask(&mut bytes[start..]);
        bytes
    }
}

/// Sixteen bytes at a time: the largest payloads have as many megabytes, and tests are not optimised.
fn mask(payload: &mut [u8]) {
    let wide = u128::from_ne_bytes([MASK; 4].concat().try_into().unwrap());
    let (blocks, rest) = payload.as_chunks_mut::<16>();
    for block in blocks {
        *block = (u128::from_ne_bytes(*block) ^ wide).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip([MASK; 4].as_flattened()) {
        *byte ^= mask;
    }
}

/// The frames one after the other.
pub(crate) fn joined(frames: &[Frame]) -> Vec<u8> {
    frames.iter().flat_map(Frame::bytes).collect()
}

/// A message cut into fragments of this many bytes.
pub(crate) fn fragments(whole: &Frame, bytes: usize) -> Vec<Frame> {
    let mut frames: Vec<_> = whole.payload.chunks(bytes).map(|part| Frame::continuation(part).unfinished()).collect();
    if let Some(first) = frames.first_mut() {
        first.opcode = whole.opcode;
    }
    if let Some(last) = frames.last_mut() {
        last.last = true;
    }
    frames
}

/// What a server said.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Heard {
    Text(Vec<u8>),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
    Close(Vec<u8>),
    /// Nothing, for a moment in which something could have come.
    Silence,
}

impl std::fmt::Debug for Heard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, payload) = match self {
            Self::Text(payload) => ("text", payload),
            Self::Binary(payload) => ("binary", payload),
            Self::Ping(payload) => ("ping", payload),
            Self::Pong(payload) => ("pong", payload),
            Self::Close(payload) => ("close", payload),
            Self::Silence => return f.write_str("silence"),
        };
        let head = &payload[..payload.len().min(32)];
        write!(f, "{name} of {} bytes, \"{}\"", payload.len(), head.escape_ascii())
    }
}

/// Reads one frame from a server, which sends them whole, unmasked and without reserved bits.
pub(crate) fn hear(stream: &mut impl Read) -> io::Result<Heard> {
    let mut head = [0; 2];
    stream.read_exact(&mut head)?;
    let length = match head[1] {
        0x7E => {
            let mut length = [0; 2];
            stream.read_exact(&mut length)?;
            u64::from(u16::from_be_bytes(length))
        }
        0x7F => {
            let mut length = [0; 8];
            stream.read_exact(&mut length)?;
            u64::from_be_bytes(length)
        }
        short => u64::from(short),
    };
    if length > FRAME_BYTES_MAX || head[1] & 0x80 != 0 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("a frame began with {head:02x?}")));
    }
    let mut payload = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut payload)?;
    match head[0] {
        0x81 => Ok(Heard::Text(payload)),
        0x82 => Ok(Heard::Binary(payload)),
        0x88 => Ok(Heard::Close(payload)),
        0x89 => Ok(Heard::Ping(payload)),
        0x8A => Ok(Heard::Pong(payload)),
        other => Err(io::Error::new(io::ErrorKind::InvalidData, format!("a frame began with {other:02x}"))),
    }
}
