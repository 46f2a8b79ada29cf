//! Takes some of what was said before into the index of words. The server itself asks for it.

use model::{Actor, Refusal, limits::INDEXED_AT_ONCE};
use store::{Lane, Tx, search};

use super::{Scene, Verb};
use crate::Failure;

/// Takes in some more; says whether something may be left.
pub(crate) struct FillIndex;

impl Verb for FillIndex {
    type Outcome = bool;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<bool, Failure> {
        match scene.actor {
            Actor::Operator => Ok(search::fill(tx, INDEXED_AT_ONCE).await?),
            Actor::Stranger | Actor::SignedIn(_) => Err(Refusal::NotAllowed.into()),
        }
    }
}
