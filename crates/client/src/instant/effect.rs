//! What a guest wants done.

use protocol::instant::Head;

use super::{Format, RowId};

/// One thing for the driver to do, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket to the room, and forget the one before. For each one a new sender is drawn: see `Input::Up`.
    Dial,
    /// Close the socket when all before this is sent, and tell nothing more of it.
    HangUp,
    /// Seal this and send it. It is padded already.
    Seal {
        /// The head, from which the nonce comes.
        head: Head,
        /// What to encrypt.
        inside: Vec<u8>,
    },
    /// Send this as it is: the room is plain.
    Send(String),
    /// Have this picture ready for showing, until [`Effect::Forget`] names its row.
    Show {
        /// The row that shows it.
        row: RowId,
        /// What it is, by its own bytes.
        format: Format,
        /// The file.
        bytes: Vec<u8>,
    },
    /// The picture of this row is not shown any more.
    Forget(RowId),
    /// Something to be seen may have changed. A driver gathers these and draws once per frame.
    Changed,
}
