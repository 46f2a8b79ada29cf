//! What a client wants done.

use model::{RoomId, UserId};
use protocol::FromClient;

use crate::Before;

/// One thing for the driver to do, in the order given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Open a socket, and forget the one before.
    Connect,
    /// Close the socket, and tell nothing more of it.
    Disconnect,
    /// Send a frame.
    Send(FromClient),
    /// Ask whether the session lives: a browser does not say why a socket could not be opened. A 401 is `Input::SignedOut`,
    /// any other answer is none of the client's business.
    CheckSession,
    /// `GET /api/v1/rooms/{room}/messages?before=…`
    FetchHistory(Before),
    /// `GET /api/v1/rooms/{room}/members`
    FetchMembers {
        /// The room.
        room: RoomId,
        /// Where the page starts; none for the first.
        after: Option<UserId>,
    },
    /// The session is over: show the log-in page.
    SignedOut,
    /// Something to be seen has changed. A driver gathers these and draws once per frame.
    Changed(What),
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The connection's state.
    Connection,
    /// Who is signed in.
    Me,
    /// The list of rooms, or what is shown beside one.
    Rooms,
    /// A room's rows.
    Timeline(RoomId),
    /// A room's members.
    Members(RoomId),
}
