//! Has a room seen as unread from a message on, by the person who asks.

use model::{Actor, MarkUnread, Refusal, Seq, Stream, rules};
use store::{Lane, Tx, messages, room_prefs};

use super::{Scene, Verb, look_at_room, own_head};
use crate::Failure;

impl Verb for MarkUnread {
    type Outcome = Seq;

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Seq, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = look_at_room(tx, session, self.room).await?;
        let permit = rules::may_read(session, room, membership)?;
        if self.on && messages::find(tx, self.room, self.message).await?.is_none() {
            return Err(Refusal::NotFound.into());
        }
        room_prefs::set_unread(tx, &permit, (self.message, self.on), scene.now).await?;
        Ok(own_head(tx, session).await?)
    }
}
