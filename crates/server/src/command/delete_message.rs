//! Takes a message of one's own back.

use model::{Actor, DeleteMessage, Stream, rules};
use store::{Lane, Tx, messages};

use super::{Scene, Verb, hold_room};
use crate::Failure;

impl Verb for DeleteMessage {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        let author = messages::author(tx, self.room, self.message).await?;
        let permit = rules::may_delete(session, room, membership, author)?;
        Ok(messages::delete(tx, permit, self.message, scene.now).await?)
    }
}
