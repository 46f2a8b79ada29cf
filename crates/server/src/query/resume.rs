//! What does a reader of a room lack?

use model::{Cursor, Event, Line, Marks, Permit, Read, RoomId, Seq, Session, Stream, limits::RESUME_EVENTS_MAX, rules};
use store::{Conn, marks, regards, streams};

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
        /// How far the reader has come.
        marks: Marks,
        /// Messages of others after what they read.
        unread: u32,
        /// What the room is about.
        topic: Option<Line>,
    },
}

/// Whether a session may listen to a room. Asked before listening begins; [`resume`] asks again afterwards.
pub(crate) async fn may_listen(house: &House, session: Session, room: RoomId) -> Result<Permit<Read>, Failure> {
    house.store.read(move |conn| Box::pin(async move { Ok(permit(conn, &session, room).await?.0) })).await
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
            let (permit, topic) = permit(conn, &session, room).await?;
            let stream = Stream::Room(room);
            let head = streams::head(conn, stream).await?.unwrap_or(Seq::ZERO);
            let Some(cursor) = cursor else { return Ok(Resumed::Events { head, events: Vec::new() }) };
            if cursor.epoch == epoch && in_reach(cursor.seq, head) {
                let events = streams::events_since(conn, stream, cursor.seq, PAGE).await?;
                if follow(cursor.seq, head, &events) {
                    let sight = regards::sight(conn, session.person.id).await?;
                    let events = events.into_iter().map(|event| sight.of(event)).collect();
                    return Ok(Resumed::Events { head, events });
                }
            }
            let marks = marks::find(conn, &permit).await?;
            let unread = marks::unread(conn, &permit, marks.read).await?;
            Ok(Resumed::Reset { head, marks, unread, topic })
        })
    });
    read.await
}

/// Whether a cursor is in the past, and not too far.
fn in_reach(cursor: Seq, head: Seq) -> bool {
    let behind = head.number().checked_sub(cursor.number());
    behind.is_some_and(|behind| usize::try_from(behind).is_ok_and(|behind| behind <= RESUME_EVENTS_MAX))
}

/// Whether these events are those right after the cursor. The log drops old ones: what is missing is never passed over.
fn follow(cursor: Seq, head: Seq, events: &[Event]) -> bool {
    match events.first() {
        Some(first) => first.seq == cursor.next(),
        None => cursor == head,
    }
}

async fn permit(conn: &mut Conn, session: &Session, room: RoomId) -> Result<(Permit<Read>, Option<Line>), Failure> {
    let (found, membership) = look_at_room(conn, session, room).await?;
    let topic = found.as_ref().and_then(|room| room.topic.clone());
    Ok((rules::may_read(session, found, membership)?, topic))
}

#[cfg(test)]
mod tests {
    use model::{Change, Timestamp};

    use super::*;

    fn events(seqs: std::ops::Range<u64>) -> Vec<Event> {
        let event = |seq| Event {
            stream: Stream::Room(RoomId::new(5)),
            seq: Seq::new(seq),
            at: Timestamp::from_ms(0),
            change: Change::Withheld {},
        };
        seqs.map(event).collect()
    }

    #[test]
    fn what_the_log_has_dropped_is_a_reset_and_not_silence() {
        let follows = |cursor, head, events: &[Event]| follow(Seq::new(cursor), Seq::new(head), events);
        assert!(follows(5, 9, &events(6..10)));
        assert!(follows(9, 9, &[]));
        assert!(!follows(5, 9, &events(7..10)), "the next one was dropped");
        assert!(!follows(5, 9, &[]), "all were dropped");
    }

    #[test]
    fn a_cursor_reaches_back_a_bounded_way_and_never_ahead() {
        let most = RESUME_EVENTS_MAX as u64;
        let reach = |cursor, head| in_reach(Seq::new(cursor), Seq::new(head));
        assert!(reach(3, 3) && reach(3, 3 + most));
        assert!(!reach(3, 4 + most) && !reach(4, 3));
    }
}
