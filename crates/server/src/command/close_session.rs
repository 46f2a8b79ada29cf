//! Ends the session that asks.

use model::{Actor, CloseSession, Scopes, Stream, rules};
use store::{Lane, Tx, sessions};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for CloseSession {
    type Outcome = ();
    const NEEDS: Scopes = Scopes::NONE;

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        Ok(sessions::close(tx, session.person.id, session.id, scene.now).await?)
    }
}
