//! Saves a message for the person who asks, or lets go of it.

use model::{Actor, Refusal, SaveMessage, Seq, Stream, limits::SAVED_MAX, rules};
use store::{Lane, Tx, messages, saved};

use super::{Scene, Verb, hold_room, own_head};
use crate::Failure;

impl Verb for SaveMessage {
    type Outcome = Seq;

    /// The room is held, so that nobody deletes the message meanwhile.
    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Seq, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        let permit = rules::may_read(session, room, membership)?;
        let message = messages::find(tx, self.room, self.message).await?;
        if self.on && message.is_none_or(|message| message.deleted) {
            return Err(Refusal::NotFound.into());
        }
        if saved::stands(tx, &permit, self.message).await? == self.on {
            return Ok(own_head(tx, session).await?);
        }
        if self.on && saved::count(tx, permit.user()).await? >= SAVED_MAX {
            return Err(Refusal::TooManySaved.into());
        }
        saved::set(tx, &permit, (self.message, self.on), scene.now).await?;
        Ok(own_head(tx, session).await?)
    }
}
