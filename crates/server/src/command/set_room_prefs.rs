//! Says what a person wants of a room.

use model::{Actor, SetRoomPrefs, Stream, rules};
use store::{Lane, Tx, room_prefs};

use super::{Scene, Verb, look_at_room};
use crate::Failure;

impl Verb for SetRoomPrefs {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = look_at_room(tx, session, self.room).await?;
        let permit = rules::may_read(session, room, membership)?;
        Ok(room_prefs::set(tx, &permit, self.wish, scene.now).await?)
    }
}
