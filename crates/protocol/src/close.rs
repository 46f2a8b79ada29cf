//! Why a socket closes (RFC 6455, section 7.4; 4000 to 4999 are ours).

/// A numbered reason for closing a socket, and what a client should do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The server is stopping or restarting.
    GoingAway,
    /// A frame broke the rules of WebSocket.
    BadFraming,
    /// A binary frame came; this protocol is text.
    NotText,
    /// A text frame was not UTF-8.
    NotUtf8,
    /// A frame was larger than is taken.
    TooLarge,
    /// The server's own mistake.
    Fault,
    /// The session has ended: logged out, or closed elsewhere.
    SessionEnded,
    /// The client took nothing, or did not answer a ping, for too long.
    TooSlow,
    /// The server lost the thread of the person's own stream: a new connection's `hello` has it all.
    LostThread,
    /// The person has too many sockets.
    TooManySockets,
    /// A text frame came; what is said here is bytes.
    NotBinary,
    /// No more fits into the server just now.
    Full,
    /// As many people as fit are in this instant room.
    RoomFull,
    /// The network address has as many instant rooms open as it may.
    TooManyRooms,
    /// What came is no envelope, or not the next one of this sender.
    BadEnvelope,
    /// The client kept sending too much after being told.
    Flood,
}

impl Close {
    /// Every reason, in the order of the list in PROTOCOL.md.
    pub const ALL: [Self; 16] = [
        Self::GoingAway,
        Self::BadFraming,
        Self::NotText,
        Self::NotUtf8,
        Self::TooLarge,
        Self::Fault,
        Self::SessionEnded,
        Self::TooSlow,
        Self::LostThread,
        Self::TooManySockets,
        Self::NotBinary,
        Self::Full,
        Self::RoomFull,
        Self::TooManyRooms,
        Self::BadEnvelope,
        Self::Flood,
    ];

    /// The number in the close frame.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::BadFraming => 1002,
            Self::NotText | Self::NotBinary => 1003,
            Self::NotUtf8 => 1007,
            Self::TooLarge => 1009,
            Self::Fault => 1011,
            Self::Full => 1013,
            Self::SessionEnded => 4001,
            Self::TooSlow => 4008,
            Self::LostThread => 4010,
            Self::TooManySockets => 4013,
            Self::RoomFull => 4014,
            Self::TooManyRooms => 4015,
            Self::BadEnvelope => 4022,
            Self::Flood => 4029,
        }
    }

    /// The words in the close frame, at most 123 bytes.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::GoingAway => "the server is stopping; come back soon",
            Self::BadFraming => "a frame broke the rules of WebSocket",
            Self::NotText => "text frames only",
            Self::NotUtf8 => "a text frame was not UTF-8",
            Self::TooLarge => "the frame is too large",
            Self::Fault => "the server made a mistake",
            Self::SessionEnded => "the session has ended",
            Self::TooSlow => "nothing was taken or answered in time",
            Self::LostThread => "the server lost the thread; connect again",
            Self::TooManySockets => "too many connections of one person",
            Self::NotBinary => "binary frames only",
            Self::Full => "no more fits into the server just now; come back later",
            Self::RoomFull => "the room is full",
            Self::TooManyRooms => "too many instant rooms of one address; leave one first",
            Self::BadEnvelope => "not an envelope, or not the next one of its sender",
            Self::Flood => "too much at once",
        }
    }

    /// Whether a client should connect again by itself, with back-off. What is not in this list (a lost connection, 1006)
    /// is worth another try too.
    #[must_use]
    pub const fn reconnect(number: u16) -> bool {
        !matches!(number, 1002 | 1003 | 1007 | 1009 | 4001 | 4013 | 4014 | 4015 | 4022)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_close_frame_fits() {
        for close in Close::ALL {
            assert!(close.reason().len() <= 123, "{close:?}");
        }
    }
}
