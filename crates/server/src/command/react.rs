//! Reacts to a message, or takes that back.

use model::{Actor, BadEmoji, React, Refusal, Scopes, Seq, Stream, limits::REACTIONS_MAX, rules};
use store::{Lane, Tx, custom_emoji, members, messages, reactions};

use super::{Scene, Verb, head, hold_room, reach};
use crate::Failure;

impl Verb for React {
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
        let message = message.ok_or(Refusal::NotFound)?;
        let place = (self.room, self.message);
        if reactions::stands(tx, place, permit.user(), &self.emoji).await? == self.on {
            return Ok(head(tx, self.room).await?);
        }
        // One that was removed can be taken back, and not be given.
        if let Some(name) = self.emoji.custom().filter(|_| self.on)
            && custom_emoji::find(tx, &name).await?.is_none()
        {
            return Err(Refusal::BadEmoji(BadEmoji).into());
        }
        if self.on && message.reactions.len() >= REACTIONS_MAX {
            return Err(Refusal::TooManyReactions.into());
        }
        // As they are called now.
        let by = members::find_person(tx, self.room, permit.user()).await?.ok_or(Refusal::NotAMember)?;
        reactions::set(tx, &permit, by, (self.message, self.emoji, self.on), scene.now).await?;
        Ok(head(tx, self.room).await?)
    }
}
