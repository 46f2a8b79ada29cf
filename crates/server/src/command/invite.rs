//! Makes an invitation to this server.

use model::{Actor, Invite, rules};
use store::{Lane, Tx, invitations};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for Invite {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        rules::may_invite(session, scene.policy)?;
        Ok(invitations::insert(tx, self.token, session.person.id, scene.now).await?)
    }
}
