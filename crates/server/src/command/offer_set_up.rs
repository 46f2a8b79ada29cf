//! Makes the set-up link good.

use model::{Actor, OfferSetUp, Refusal, limits::SETUP_AGE_MS};
use store::{Lane, Tx, identity};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for OfferSetUp {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        match scene.actor {
            Actor::Operator => Ok(identity::keep_setup(tx, self.token, scene.now.plus_ms(SETUP_AGE_MS)).await?),
            Actor::Stranger | Actor::SignedIn(_) => Err(Refusal::NotAllowed.into()),
        }
    }
}
