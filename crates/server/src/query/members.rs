//! Who is in a room, and which room is it?

use model::{Room, RoomId, Session, UserId, limits::MEMBERS_PAGE_MAX, rules};
use protocol::http::Members;
use store::members as kept;

use crate::{Failure, House, command::look_at_room};

/// The people in a room with an id above `after`, a page of them.
pub(crate) async fn members(house: &House, session: Session, room: RoomId, after: UserId) -> Result<Members, Failure> {
    let epoch = house.store.epoch().clone();
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            rules::may_read(&session, found, membership)?;
            let mut members = kept::page(conn, room, after, MEMBERS_PAGE_MAX + 1).await?;
            let more = members.len() > MEMBERS_PAGE_MAX;
            members.truncate(MEMBERS_PAGE_MAX);
            let next = if more { members.last().map(|person| person.id) } else { None };
            Ok(Members { epoch, members, next })
        })
    });
    read.await
}

/// A room that the asker can see.
pub(crate) async fn room(house: &House, session: Session, room: RoomId) -> Result<Room, Failure> {
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            Ok(rules::may_see(found, membership)?)
        })
    });
    read.await
}
