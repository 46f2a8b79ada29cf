//! Sets whether a person gives and gets receipts.

use model::{Actor, SetReceipts, Stream, rules};
use store::{Lane, Tx, users};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for SetReceipts {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        Ok(users::set_receipts(tx, session.person.id, self.on, scene.now).await?)
    }
}
