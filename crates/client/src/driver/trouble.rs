//! Why something did not come about.

use model::BadBody;
use protocol::Code;

/// Why something did not come about, in words for whoever runs the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The server's address is none.
    #[error("{0}")]
    Address(&'static str),
    /// The machine's list of certificates cannot be read, so no server can be told from another.
    #[error("The certificates of this machine cannot be read: {0}. On Debian they are in the package ca-certificates.")]
    Certificates(String),
    /// The server did not answer, or not in time. Asking again may help.
    #[error("The server cannot be reached: {0}.")]
    Unreachable(String),
    /// Something answered that does not speak this protocol.
    #[error("What answers there is not a Stonechat server that this program understands: {0}.")]
    Foreign(String),
    /// The server said no.
    #[error("{message}")]
    Refused {
        /// Why, for programs.
        code: Code,
        /// Why, in words.
        message: String,
    },
    /// There is no session, or it is over.
    #[error("The session is over. Log in again.")]
    SignedOut,
    /// The server closed the socket with this number, and said not to come back by oneself; PROTOCOL.md says why.
    #[error("The server closed the connection for good, with the number {0}.")]
    Stopped(u16),
    /// The account is not in this room.
    #[error("You are not in this room.")]
    NotThere,
    /// The text is no message.
    #[error("{0}")]
    Text(#[from] BadBody),
    /// The connection was closed from this side.
    #[error("This connection was closed.")]
    Closed,
}
