//! What is pinned to a room?

use model::{RoomId, Session, limits::PINS_MAX, rules};
use protocol::http::Pins;
use store::messages;

use crate::{Failure, House, command::look_at_room};

/// The messages pinned to a room, those pinned last first.
pub(crate) async fn pins(house: &House, session: Session, room: RoomId) -> Result<Pins, Failure> {
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            let permit = rules::may_read(&session, found, membership)?;
            Ok(Pins { messages: messages::pinned(conn, &permit, PINS_MAX).await? })
        })
    });
    read.await
}
