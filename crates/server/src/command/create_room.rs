//! Makes a room.

use model::{Actor, CreateRoom, Refusal, Room, rules};
use store::{Lane, Tx, members, rooms};

use super::{Scene, Verb, join_room::check_room_count};
use crate::Failure;

impl Verb for CreateRoom {
    type Outcome = Room;

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::Many(model::Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Room, Failure> {
        let first_member = match &scene.actor {
            // The rooms of the first start belong to nobody.
            Actor::Operator => None,
            Actor::SignedIn(_) | Actor::Stranger => Some(rules::signed_in(&scene.actor)?),
        };
        if let Some(session) = first_member {
            check_room_count(tx, session.person.id).await?;
        }
        rules::may_create(self.visibility)?;
        let made = rooms::insert(tx, &self.name, self.visibility, scene.now).await?;
        let room = made.ok_or(Refusal::RoomNameTaken)?;
        if let Some(session) = first_member {
            members::join(tx, &room, &session.person, scene.now).await?;
        }
        Ok(room)
    }
}
