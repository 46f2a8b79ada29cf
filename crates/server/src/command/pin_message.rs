//! Pins a message to its room, or takes the pin out.

use model::{Actor, PinMessage, Refusal, Scopes, Seq, Stream, limits::PINS_MAX, rules};
use store::{Lane, Tx, members, messages};

use super::{Scene, Verb, head, hold_room, reach};
use crate::Failure;

impl Verb for PinMessage {
    type Outcome = Seq;
    const NEEDS: Scopes = Scopes::POST;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Seq, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        reach(tx, session, room.as_ref()).await?;
        let permit = rules::may_post(session, room, membership)?;
        let message = messages::find(tx, self.room, self.message).await?.filter(|message| !message.deleted);
        if message.ok_or(Refusal::NotFound)?.pinned == self.on {
            return Ok(head(tx, self.room).await?);
        }
        if self.on && messages::count_pins(tx, self.room).await? >= PINS_MAX {
            return Err(Refusal::TooManyPins.into());
        }
        let by = members::find_person(tx, self.room, permit.user()).await?.ok_or(Refusal::NotAMember)?;
        messages::pin(tx, &permit, by, (self.message, self.on), scene.now).await?;
        Ok(head(tx, self.room).await?)
    }
}
