//! What happens to a guest.

use protocol::instant::{Head, Sender};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The person chose a nickname and wants to come in.
    Enter {
        /// As typed.
        name: String,
    },
    /// The person, or the network, says that it may work now.
    Dial,
    /// The person leaves.
    Leave,
    /// The device has no network any more.
    Lost,
    /// The socket is open.
    Up {
        /// Drawn at random for this socket, and never used before: a nonce begins with it.
        sender: Sender,
    },
    /// The socket closed, or could not be opened.
    Down {
        /// The number that it closed with.
        code: u16,
    },
    /// A text frame came.
    Frame(String),
    /// An envelope came, and was opened with the room's key.
    Opened {
        /// Its head, which was authenticated.
        head: Head,
        /// What was inside.
        inside: Vec<u8>,
    },
    /// An envelope came that the key does not open, or something that is no envelope.
    Unopened,
    /// The person says something.
    Say(String),
    /// The person is writing.
    Typing,
    /// The person sends a picture: a file that was made anew, with nothing in it but the picture.
    Picture(Vec<u8>),
    /// Time has passed.
    Tick,
}
