//! What stands in a timeline on the screen: kept messages, then one's own that are not kept yet.

use model::{Body, ClientKey, Person, Seq, Timestamp};

use crate::{Delivery, Room};

/// A row's name, the same from the first keystroke of "send" on: a row on the screen is never made twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowId {
    /// A message of one's own: its key.
    Own(ClientKey),
    /// Somebody else's: its place.
    Other(Seq),
}

/// How far a row has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Not accepted yet.
    Sending,
    /// The server has it.
    Kept,
    /// The server refused it, in these words.
    Failed(String),
}

/// One message as it is shown.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Its name.
    pub id: RowId,
    /// Who said it.
    pub author: &'a Person,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: &'a Body,
    /// How far it has come.
    pub state: RowState,
}

/// A room's rows, oldest first, as `me` sees them.
pub(crate) fn rows<'a>(room: &'a Room, me: &'a Person) -> impl Iterator<Item = Row<'a>> {
    let kept = room.timeline().messages().map(|message| Row {
        id: if message.author.id == me.id { RowId::Own(message.key.clone()) } else { RowId::Other(message.seq) },
        author: &message.author,
        at: message.at,
        text: &message.text,
        state: RowState::Kept,
    });
    let pending = room.pending().map(|pending| Row {
        id: RowId::Own(pending.key.clone()),
        author: me,
        at: pending.at,
        text: &pending.text,
        state: match &pending.delivery {
            Delivery::Waiting | Delivery::UnderWay { .. } | Delivery::Delayed { .. } => RowState::Sending,
            Delivery::Kept { .. } => RowState::Kept,
            Delivery::Failed { message, .. } => RowState::Failed(message.clone()),
        },
    });
    kept.chain(pending)
}
