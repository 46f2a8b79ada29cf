//! How does the asker stand in a room?

use model::{Membership, Room, RoomId, Seq, Session, Stream, rules};
use store::streams;

use crate::{Failure, House, command::look_at_room};

/// How somebody stands in a room that they can see.
pub(crate) struct Standing {
    pub(crate) room: Room,
    pub(crate) member: bool,
    /// The head of its stream.
    pub(crate) head: Seq,
}

/// How the asker stands in a room that they can see.
pub(crate) async fn standing(house: &House, session: Session, id: RoomId) -> Result<Standing, Failure> {
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, id).await?;
            let room = rules::may_see(found, membership)?;
            let head = streams::head(conn, Stream::Room(id)).await?.unwrap_or(Seq::ZERO);
            Ok(Standing { room, member: membership == Membership::Member, head })
        })
    });
    read.await
}
