//! Signs in a person whose password was found right.

use model::{Actor, OpenSession, SessionId};
use store::{Lane, Tx, sessions};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for OpenSession {
    type Outcome = SessionId;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<SessionId, Failure> {
        Ok(sessions::open(tx, self.user, self.token, scene.now).await?)
    }
}
