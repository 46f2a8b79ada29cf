//! Gives up a file that goes with no message.

use model::{Actor, DropFile, Refusal, Scopes, Stream, rules};
use store::{Lane, Tx, files};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for DropFile {
    type Outcome = ();
    const NEEDS: Scopes = Scopes::POST;

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let found = files::find(tx, self.id).await?.filter(|kept| kept.announced.owner == session.person.id);
        if found.ok_or(Refusal::NotFound)?.message.is_some() || !files::remove(tx, self.id).await? {
            return Err(Refusal::NotAllowed.into());
        }
        Ok(())
    }
}
