//! The frames of WebSocket by hand: thousands of sockets in one process have neither the memory nor the time for more.
//!
//! Only what a client of this server meets: whole frames both ways, no extensions.

/// A frame that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came<'a> {
    /// A text.
    Text(&'a [u8]),
    /// A good-bye with its number.
    Close(u16),
    /// Anything else.
    Other,
}

/// Cuts what comes into frames.
#[derive(Debug, Default)]
pub struct Cutter {
    /// The beginning of a frame whose end has not come.
    begun: Vec<u8>,
}

impl Cutter {
    /// A cutter that has these bytes already.
    #[must_use]
    pub fn begun(bytes: Vec<u8>) -> Self {
        Self { begun: bytes }
    }

    /// How many bytes wait for the rest of their frame.
    #[must_use]
    pub fn holds(&self) -> usize {
        self.begun.len()
    }

    /// Takes bytes, and gives out the frames that they complete.
    pub fn take(&mut self, bytes: &[u8], mut each: impl FnMut(Came<'_>)) {
        if self.begun.is_empty() {
            let rest = cut(bytes, &mut each);
            self.begun.extend_from_slice(rest);
        } else {
            self.begun.extend_from_slice(bytes);
            let rest = cut(&self.begun, &mut each).len();
            let done = self.begun.len() - rest;
            self.begun.drain(..done);
        }
    }
}

/// Gives out whole frames, and returns what is left.
fn cut<'a>(mut bytes: &'a [u8], each: &mut impl FnMut(Came<'_>)) -> &'a [u8] {
    while let Some((head, length)) = head(bytes) {
        let Some((frame, rest)) = bytes.split_at_checked(head + length) else { break };
        let payload = &frame[head..];
        each(match frame[0] & 0x0F {
            0x1 => Came::Text(payload),
            0x8 => Came::Close(payload.first_chunk().map_or(1005, |number| u16::from_be_bytes(*number))),
            _ => Came::Other,
        });
        bytes = rest;
    }
    bytes
}

/// The lengths of a frame's head and of its payload, once the head is there. A server's frames have no mask.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    match *bytes.get(1)? & 0x7F {
        126 => Some((4, u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?).into())),
        127 => Some((10, usize::try_from(u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)).ok()?)),
        short => Some((2, short.into())),
    }
}

/// A text frame as a client sends it. The mask is there, as it has to be, and all zeros.
#[must_use]
pub fn text_frame(text: &str) -> Vec<u8> {
    const MASKED: u8 = 0x80;
    // What says that the length follows in two bytes, and in eight.
    const TWO: u8 = 0x7E;
    const EIGHT: u8 = 0x7F;
    let length = text.len();
    let mut frame = Vec::with_capacity(length + 14);
    frame.push(0x81);
    if let Ok(short @ 0..126) = u8::try_from(length) {
        frame.push(MASKED | short);
    } else if let Ok(medium) = u16::try_from(length) {
        frame.push(MASKED | TWO);
        frame.extend(medium.to_be_bytes());
    } else {
        frame.push(MASKED | EIGHT);
        frame.extend((length as u64).to_be_bytes());
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a server would send: the same without the mask.
    fn served(text: &str) -> Vec<u8> {
        let mut frame = text_frame(text);
        frame[1] &= 0x7F;
        let head = frame.len() - text.len() - 4;
        frame.drain(head..head + 4);
        frame
    }

    #[test]
    fn frames_of_every_size_come_out_whole_however_they_are_cut() {
        let texts = [0, 1, 125, 126, 65_535, 65_536].map(|length| "x".repeat(length));
        let mut stream: Vec<u8> = texts.iter().flat_map(|text| served(text)).collect();
        stream.extend([0x88, 2, 0x0F, 0xA8]);
        for piece in [1, 2, 3, 1_000, 70_000, stream.len()] {
            let (mut cutter, mut lengths) = (Cutter::default(), Vec::new());
            for bytes in stream.chunks(piece) {
                cutter.take(bytes, |came| match came {
                    Came::Text(text) => lengths.push(text.len()),
                    Came::Close(number) => lengths.push(number.into()),
                    Came::Other => panic!("nothing else was sent"),
                });
            }
            assert_eq!(lengths, [0, 1, 125, 126, 65_535, 65_536, 4008], "in pieces of {piece}");
        }
    }
}
