//! Takes a message of one's own back.

use model::{Actor, DeleteMessage, Scopes, Seq, Stream, rules};
use store::{Lane, Tx, messages};

use super::{Scene, Verb, head, hold_room};
use crate::Failure;

impl Verb for DeleteMessage {
    type Outcome = Seq;
    const NEEDS: Scopes = Scopes::POST;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Seq, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        let message = messages::find(tx, self.room, self.message).await?;
        let author = message.map(|message| message.said.author.id);
        let permit = rules::may_amend(session, room, membership, author)?;
        messages::delete(tx, permit, self.message, scene.now).await?;
        Ok(head(tx, self.room).await?)
    }
}
