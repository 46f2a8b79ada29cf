//! Says something in a room, once.

use model::{Actor, PostMessage, Posted, Refusal, Stream, rules};
use store::{Lane, Tx, files, messages};

use super::{Scene, Verb, hold_room};
use crate::Failure;

impl Verb for PostMessage {
    type Outcome = Posted;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Posted, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        // A repeat gets the first answer, also after the author has left the room.
        if let Some(earlier) = messages::find_by_key(tx, session.person.id, &self.key).await? {
            // Of what was taken back nothing is left to compare with.
            let same = earlier.said.is_none_or(|said| said == (self.body, self.files));
            let same = same && earlier.posted.room == self.room;
            return if same { Ok(earlier.posted) } else { Err(Refusal::KeyReused.into()) };
        }
        let permit = rules::may_post(session, room, membership)?;
        let files = files::ready(tx, session.person.id, self.room, &self.files).await?;
        let message = (self.key, self.body, files.ok_or(Refusal::FileNotReady)?);
        let posted = messages::append(tx, permit, session.person.clone(), message, scene.now).await?;
        Ok(posted.ok_or(Refusal::KeyReused)?)
    }
}
