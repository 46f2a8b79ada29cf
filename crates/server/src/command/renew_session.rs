//! Notes that a session is in use.

use model::{Actor, RenewSession, Scopes, rules};
use store::{Lane, Tx, sessions};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for RenewSession {
    type Outcome = ();
    const NEEDS: Scopes = Scopes::NONE;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        Ok(sessions::touch(tx, session.id, scene.now).await?)
    }
}
