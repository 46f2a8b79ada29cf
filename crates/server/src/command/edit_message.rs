//! Changes the text of a message of one's own.

use model::{Actor, EditMessage, Refusal, Scopes, Seq, Stream, limits::EDITS_MAX, rules};
use store::{Lane, Tx, messages};

use super::{Scene, Verb, head, hold_room, reach};
use crate::{Failure, mention::named};

impl Verb for EditMessage {
    type Outcome = Seq;
    const NEEDS: Scopes = Scopes::POST;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Seq, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        reach(tx, session, room.as_ref()).await?;
        let message = messages::find(tx, self.room, self.message).await?.filter(|message| !message.deleted);
        let author = message.as_ref().map(|message| message.said.author.id);
        let permit = rules::may_amend(session, room, membership, author)?;
        let message = message.ok_or(Refusal::NotFound)?;
        // These are another's words.
        if message.said.forward.is_some() {
            return Err(Refusal::NotAllowed.into());
        }
        // What is so already was perhaps asked before, and the answer lost.
        if message.said.text == self.body {
            return Ok(head(tx, self.room).await?);
        }
        if message.edits != self.edits {
            return Err(Refusal::EditedMeanwhile.into());
        }
        if message.edits >= EDITS_MAX {
            return Err(Refusal::TooManyEdits.into());
        }
        if self.body.is_empty() && message.said.files.is_empty() {
            return Err(Refusal::BadBody(model::BadBody::Blank).into());
        }
        let mentions = named(tx, session, self.room, self.body.as_str()).await?;
        messages::edit(tx, permit, message, (self.body, mentions), scene.now).await?;
        Ok(head(tx, self.room).await?)
    }
}
