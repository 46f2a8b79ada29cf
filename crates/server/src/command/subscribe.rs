//! Begins, ends and confirms pushing to a device.

use model::{Actor, NoteArrival, PushId, Refusal, Stream, Subscribe, Unsubscribe, rules};
use store::{Lane, Tx, push};

use super::{Scene, Verb};
use crate::Failure;

fn own(actor: &Actor) -> Lane {
    actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
}

impl Verb for Subscribe {
    type Outcome = PushId;

    fn lane(&self, actor: &Actor) -> Lane {
        own(actor)
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<PushId, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        Ok(push::subscribe(tx, session, self.subscription, scene.now).await?)
    }
}

impl Verb for Unsubscribe {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        own(actor)
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let ended = push::unsubscribe(tx, session.person.id, self.id).await?;
        if ended { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}

impl Verb for NoteArrival {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        own(actor)
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let noted = push::note_arrived(tx, session.id, self.id, scene.now).await?;
        if noted { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
