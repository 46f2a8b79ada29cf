//! Ends the session that asks.

use model::{Actor, CloseSession, Stream, rules};
use store::{Lane, Tx, sessions};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for CloseSession {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        Ok(sessions::close(tx, session, scene.now).await?)
    }
}
