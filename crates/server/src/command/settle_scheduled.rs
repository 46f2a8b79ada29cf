//! A message that was to be said later has been said, or could not be. The server itself asks for it.

use model::{Actor, ClientKey, Posted, Refusal, Stream, UserId};
use store::{Lane, Tx, scheduled};

use super::{Scene, Verb};
use crate::Failure;

/// What became of a message that was to be said later.
pub(crate) struct SettleScheduled {
    /// Its author.
    pub(crate) user: UserId,
    /// Its key.
    pub(crate) key: ClientKey,
    /// The receipt, or why it could not be said.
    pub(crate) outcome: Result<Posted, String>,
    /// Whether its author is to be told that it was said.
    pub(crate) remind: bool,
}

impl Verb for SettleScheduled {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.user))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        match scene.actor {
            Actor::Operator => {}
            Actor::Stranger | Actor::SignedIn(_) => return Err(Refusal::NotAllowed.into()),
        }
        match self.outcome {
            // Of two servers that said it at once, one tells of it.
            Ok(posted) => {
                if scheduled::remove(tx, self.user, &self.key).await? && self.remind {
                    scheduled::remind(tx, self.user, &posted, scene.now).await?;
                }
                Ok(())
            }
            Err(why) => Ok(scheduled::fail(tx, self.user, &self.key, &why).await?),
        }
    }
}
