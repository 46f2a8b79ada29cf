//! Keeps a message that is to be said later.

use model::{
    Actor, Refusal, ScheduleMessage, Stream,
    limits::{SCHEDULED_AHEAD_MS, SCHEDULED_MAX},
    rules,
};
use store::{Lane, Tx, scheduled, streams};

use super::{Scene, Verb, look_at_room, reach};
use crate::Failure;

impl Verb for ScheduleMessage {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let user = session.person.id;
        // Taken first, so that of two at once both are counted.
        streams::lock(tx, Stream::User(user)).await?;
        let (room, membership) = look_at_room(tx, session, self.what.room).await?;
        reach(tx, session, room.as_ref()).await?;
        rules::may_post(session, room, membership)?;
        let ahead_ms = self.what.at.as_ms().saturating_sub(scene.now.as_ms());
        if !(0..=SCHEDULED_AHEAD_MS).contains(&ahead_ms) {
            return Err(Refusal::BadMoment.into());
        }
        // A repeat of the last for which there was room adds nothing, and is not refused.
        scheduled::insert(tx, user, &self.what).await?;
        if scheduled::count(tx, user).await? > SCHEDULED_MAX {
            return Err(Refusal::TooManyScheduled.into());
        }
        Ok(())
    }
}
