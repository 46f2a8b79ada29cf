//! Sets what a person tells of themselves.

use model::{Actor, Line, Refusal, SetProfile, Status, Stream, rules};
use store::{Lane, Tx, profiles};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for SetProfile {
    type Outcome = ();

    // The rooms' streams are written by this lane, too; whoever hears that out of order listens again.
    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::Many(Stream::User(user)))
    }

    async fn perform(mut self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let name = self.username.as_ref().unwrap_or(&session.person.name).as_str();
        // Whoever is called by their username needs no other name.
        self.display.take_if(|display| Line::as_str(display) == name);
        self.profile.status.take_if(|status| !Status::stands(status, scene.now));
        match profiles::set(tx, session.person.id, self, scene.now).await? {
            profiles::Telling::Told => Ok(()),
            profiles::Telling::Taken => Err(Refusal::UsernameTaken.into()),
        }
    }
}
