//! How far have the others come in a room?

use model::{RoomId, Seq, Session, Stream, limits::MARKS_PAGE_MAX, rules};
use protocol::http::RoomMarks;
use store::{marks as kept, streams, users};

use crate::{Failure, House, command::look_at_room};

/// The marks of the others in a room who give receipts; none for an asker who gives none.
pub(crate) async fn marks(house: &House, session: Session, room: RoomId) -> Result<RoomMarks, Failure> {
    let epoch = house.store.epoch().clone();
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            let permit = rules::may_read(&session, found, membership)?;
            let head = streams::head(conn, Stream::Room(room)).await?.unwrap_or(Seq::ZERO);
            let marks = if users::gives_receipts(conn, session.person.id).await? {
                kept::others(conn, &permit, MARKS_PAGE_MAX).await?
            } else {
                Vec::new()
            };
            Ok(RoomMarks { room, epoch, head, marks })
        })
    });
    read.await
}
