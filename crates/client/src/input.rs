//! What a client is told: by its person, by the network, by the clock.

use std::collections::BTreeSet;

use model::{Body, ClientKey, File, Quote, RoomId, Seq, Timestamp, UserId};
use protocol::http::{History, Members, RoomMarks};

use crate::{Deed, Happening, Memory, Question};

/// One thing that happened outside.
#[derive(Clone, Debug)]
pub enum Input {
    /// What the last start left on the device: to be given first.
    Remember(Memory),
    /// Connect: at the start, or because there is reason to hope (the device is back online, the person asks).
    Connect,
    /// A text frame came in. What is not understood is passed over.
    Frame(String),
    /// The socket that was opened last closed, or could not be opened. A driver tells nothing of older sockets.
    SocketClosed {
        /// The number in the close frame; 1006 if there was none.
        code: u16,
    },
    /// A request was answered with 401.
    SignedOut,
    /// The time that [`Client::wake_at`](crate::Client::wake_at) named has come.
    Tick,
    /// The person looks at this room now, or at none.
    Open(Option<RoomId>),
    /// The person has come to the top of what is loaded.
    LoadOlder(RoomId),
    /// The person has come to the end of what is loaded, where that is not the room's.
    LoadNewer(RoomId),
    /// The person wants to see this message of the room that they look at, in its place.
    GoTo {
        /// The room. If it is not there yet, this is done as soon as it is.
        room: RoomId,
        /// The message's place; where none stands, the last one before it is shown.
        seq: Seq,
    },
    /// The person wants to see the newest messages again.
    ToEnd(RoomId),
    /// A page of history came.
    HistoryArrived {
        /// The question.
        question: Question,
        /// The answer.
        page: History,
    },
    /// A page of history did not come.
    HistoryFailed(Question),
    /// The person wants to know who is in a room.
    WantMembers(RoomId),
    /// A page of members came.
    MembersArrived {
        /// The room.
        room: RoomId,
        /// Where the page starts; none for the first.
        after: Option<UserId>,
        /// The answer.
        page: Members,
    },
    /// A page of members did not come.
    MembersFailed(RoomId),
    /// The marks of a room's members came.
    MarksArrived(RoomMarks),
    /// They did not come.
    MarksFailed(RoomId),
    /// The window is in front of the person, or not.
    Focus(bool),
    /// In a room, everything up to this place was on a visible screen while the window was in front of the person.
    Saw {
        /// Where.
        room: RoomId,
        /// The place of the last message seen.
        seq: Seq,
    },
    /// The person wants to go to the first message that they have not read.
    SeekUnread(RoomId),
    /// The person steps away from the device, or comes back.
    Away(bool),
    /// The person looks at a list of these people, and wants to know who is there. Nobody: no more.
    ShowPeople(BTreeSet<UserId>),
    /// Something happened to a file that was chosen.
    Upload {
        /// The driver's name for it, random and never used twice.
        key: ClientKey,
        /// What.
        what: Happening,
    },
    /// The person says something, and what lies in the room's tray goes with it. Only a [`Body`] can be said: `Body::parse` has the words for what cannot, and
    /// `Body::caption` reads what stands beside files.
    Post {
        /// Where.
        room: RoomId,
        /// What.
        text: Body,
        /// Files that go with it besides: uploaded for this room, finished, with those in the tray at most
        /// [`model::limits::FILES_PER_MESSAGE_MAX`].
        files: Vec<File>,
        /// What it answers.
        reply: Option<Quote>,
        /// The wall clock's time, shown until the server's is known.
        at: Timestamp,
    },
    /// The person wants a failed message sent again.
    Retry {
        /// Where.
        room: RoomId,
        /// Which.
        key: ClientKey,
    },
    /// The person gives a failed message up.
    Discard {
        /// Where.
        room: RoomId,
        /// Which.
        key: ClientKey,
    },
    /// The person does something to a message that stands.
    Amend {
        /// Where.
        room: RoomId,
        /// Its place.
        message: Seq,
        /// What.
        deed: Deed,
    },
    /// The person has typed.
    Draft {
        /// Where.
        room: RoomId,
        /// What stands in the composer now.
        text: String,
    },
}
