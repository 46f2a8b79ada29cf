//! The two kinds of stream.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{RoomId, UserId};

/// An ordered list of events: one for each room, one for each person. Written `room:5` and `user:7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Stream {
    /// What changed in a room; its members may listen.
    Room(RoomId),
    /// What changed for one person; only that person's own sockets listen.
    User(UserId),
}

/// A stream's name is `room:` or `user:` and a number.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stream is written room:<number> or user:<number>")]
pub struct BadStream;

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Room(id) => write!(f, "room:{id}"),
            Self::User(id) => write!(f, "user:{id}"),
        }
    }
}

impl FromStr for Stream {
    type Err = BadStream;

    fn from_str(text: &str) -> Result<Self, BadStream> {
        let (kind, number) = text.split_once(':').ok_or(BadStream)?;
        match kind {
            "room" => number.parse().map(Self::Room).map_err(|_| BadStream),
            "user" => number.parse().map(Self::User).map_err(|_| BadStream),
            _ => Err(BadStream),
        }
    }
}

impl From<Stream> for String {
    fn from(stream: Stream) -> Self {
        stream.to_string()
    }
}

impl TryFrom<String> for Stream {
    type Error = BadStream;

    fn try_from(text: String) -> Result<Self, BadStream> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_back_as_it_was_written() {
        for stream in [Stream::Room(RoomId::new(5)), Stream::User(UserId::new(7))] {
            assert_eq!(stream.to_string().parse(), Ok(stream));
        }
        for wrong in ["", "room", "room:", "room:x", "lobby:1"] {
            assert_eq!(wrong.parse::<Stream>(), Err(BadStream), "{wrong}");
        }
    }
}
