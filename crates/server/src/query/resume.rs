//! What does a reader of a room lack?

use model::{Cursor, Event, Permit, Read, RoomId, Seq, Session, Stream, limits::RESUME_EVENTS_MAX, rules};
use store::{Conn, streams};

use crate::{Failure, House, command::look_at_room};

/// Events read at once. More come in the next page, when these are written.
const PAGE: usize = 100;

/// What a reader lacks.
pub(crate) enum Resumed {
    /// These events; the head was `head`.
    Events {
        /// The head when they were read.
        head: Seq,
        /// Oldest first, and without a gap to the cursor.
        events: Vec<Event>,
    },
    /// The cursor means nothing here: start from the head.
    Reset {
        /// The head.
        head: Seq,
    },
}

/// Whether a session may listen to a room. Asked before listening begins; [`resume`] asks again afterwards.
pub(crate) async fn may_listen(house: &House, session: Session, room: RoomId) -> Result<Permit<Read>, Failure> {
    house.store.read(move |conn| Box::pin(async move { permit(conn, &session, room).await })).await
}

/// What a reader of a room at `cursor` lacks: the next page of it. Without a cursor: nothing.
///
/// Membership is read in the same state as the events: whoever was removed before gets none, and whoever is removed later is
/// removed by the hub, to which they already listen.
pub(crate) async fn resume(
    house: &House,
    session: Session,
    room: RoomId,
    cursor: Option<Cursor>,
) -> Result<Resumed, Failure> {
    let epoch = house.store.epoch().clone();
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            permit(conn, &session, room).await?;
            let stream = Stream::Room(room);
            let head = streams::head(conn, stream).await?.unwrap_or(Seq::ZERO);
            let Some(cursor) = cursor else { return Ok(Resumed::Events { head, events: Vec::new() }) };
            let behind = head.number().checked_sub(cursor.seq.number());
            match behind.map(usize::try_from) {
                Some(Ok(behind)) if cursor.epoch == epoch && behind <= RESUME_EVENTS_MAX => {
                    let events = streams::events_since(conn, stream, cursor.seq, PAGE).await?;
                    Ok(Resumed::Events { head, events })
                }
                Some(_) | None => Ok(Resumed::Reset { head }),
            }
        })
    });
    read.await
}

async fn permit(conn: &mut Conn, session: &Session, room: RoomId) -> Result<Permit<Read>, Failure> {
    let (found, membership) = look_at_room(conn, session, room).await?;
    Ok(rules::may_read(session, found, membership)?)
}
