//! Enters a public room; and, by name, makes it when nobody has.

use model::{Actor, CreateRoom, JoinRoom, Refusal, Room, RoomName, Scopes, Stream, UserId, Visibility, limits, rules};
use store::{Lane, Tx, members, rooms};

use super::{Scene, Verb, hold_room};
use crate::{Failure, House};

impl Verb for JoinRoom {
    type Outcome = Room;
    const NEEDS: Scopes = Scopes::JOIN;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Room, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        let room = rules::may_see(room, membership)?;
        check_room_count(tx, session.person.id).await?;
        members::join(tx, &room, &session.person, scene.now).await?;
        Ok(room)
    }
}

/// Refuses one room too many.
pub(super) async fn check_room_count(tx: &mut Tx, user: UserId) -> Result<(), Failure> {
    let full = members::count_rooms(tx, user).await? >= limits::ROOMS_PER_USER_MAX;
    if full { Err(Refusal::TooManyRooms.into()) } else { Ok(()) }
}

/// Enters the public room of this name, and makes it when nobody has.
pub(crate) async fn join_by_name(house: &House, actor: Actor, name: RoomName) -> Result<Room, Failure> {
    rules::signed_in(&actor)?;
    if let Some(room) = find_by_name(house, name.clone()).await? {
        return house.execute(actor, JoinRoom { room: room.id }).await;
    }
    let create = CreateRoom { name: name.clone(), visibility: Visibility::Public };
    match house.execute(actor.clone(), create).await {
        // Somebody else made it in between.
        Err(Failure::Refused(Refusal::RoomNameTaken)) => match find_by_name(house, name).await? {
            Some(room) => house.execute(actor, JoinRoom { room: room.id }).await,
            None => Err(Refusal::RoomNameTaken.into()),
        },
        made => made,
    }
}

/// The public room of this name.
pub(crate) async fn find_by_name(house: &House, name: RoomName) -> Result<Option<Room>, Failure> {
    house.store.read(|conn| Box::pin(async move { Ok(rooms::find_by_name(conn, &name).await?) })).await
}
