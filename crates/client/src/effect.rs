//! What a client wants done.

use model::{ClientKey, Person, RoomId, Seq, UserId};
use protocol::FromClient;

use crate::{Errand, Home, Question, Unsent};

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
    /// `GET /api/v1/rooms/{room}/messages?before=…`, or `after=…`
    FetchHistory(Question),
    /// `GET /api/v1/rooms/{room}/members`
    FetchMembers {
        /// The room.
        room: RoomId,
        /// Where the page starts; none for the first.
        after: Option<UserId>,
    },
    /// `GET /api/v1/rooms/{room}/marks`
    FetchMarks(RoomId),
    /// Keep this on the device until [`Effect::Forget`] names its key; in the place of what was kept under that key.
    Keep(Unsent),
    /// What was kept under this key is the server's now, or given up.
    Forget(ClientKey),
    /// Keep what stands in a room's composer; an empty text: keep nothing.
    KeepDraft {
        /// The room.
        room: RoomId,
        /// What stands there.
        text: String,
    },
    /// Keep who is signed in and which rooms there are, in the place of what was kept.
    KeepHome(Box<Home>),
    /// Forget everything that is kept on the device: it is another person's.
    Wipe,
    /// Do this for a file that was chosen.
    Upload {
        /// Which.
        key: ClientKey,
        /// What.
        errand: Errand,
    },
    /// A message of another came that the person wants to be told of at once: show it, in the place of what was shown of the
    /// same room before.
    Notify {
        /// Where.
        room: RoomId,
        /// Its place.
        seq: Seq,
        /// Who said it.
        author: Person,
        /// One line of it.
        text: String,
    },
    /// What was shown by [`Effect::Notify`] of this room is read, here or elsewhere, or gone: take it away.
    Withdraw(RoomId),
    /// The session is over: show the log-in page.
    SignedOut,
    /// Bring this message before the person's eyes: it is among the rows.
    Reveal {
        /// The room.
        room: RoomId,
        /// Its place.
        seq: Seq,
    },
    /// Tell the person this.
    Tell(String),
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
    /// A room's rows, or the marks beside them.
    Timeline(RoomId),
    /// The files that lie beside what stands in a room's composer.
    Tray(RoomId),
    /// A room's members.
    Members(RoomId),
    /// Who is writing in a room.
    Typists(RoomId),
    /// Who is there.
    People,
}
