//! Notes that a person was there until now. The server itself asks for it, when their last socket has closed.

use model::{Actor, NoteSeen, Refusal};
use store::{Lane, Tx, users};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for NoteSeen {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        match scene.actor {
            Actor::Operator => Ok(users::note_seen(tx, self.person, scene.now).await?),
            Actor::Stranger | Actor::SignedIn(_) => Err(Refusal::NotAllowed.into()),
        }
    }
}
