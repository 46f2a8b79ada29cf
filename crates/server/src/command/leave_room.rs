//! Leaves a room.

use model::{Actor, LeaveRoom, Scopes, Stream, rules};
use store::{Lane, Tx, members};

use super::{Scene, Verb, hold_room};
use crate::Failure;

impl Verb for LeaveRoom {
    type Outcome = ();
    const NEEDS: Scopes = Scopes::JOIN;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        let room = rules::may_leave(room, membership)?;
        members::leave(tx, room.id, &session.person, scene.now).await?;
        Ok(())
    }
}
