//! Takes away a message that was to be said later.

use model::{Actor, CancelScheduled, Refusal, Stream, rules};
use store::{Lane, Tx, scheduled};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for CancelScheduled {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let was = scheduled::remove(tx, session.person.id, &self.key).await?;
        if was { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
