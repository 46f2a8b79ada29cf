//! Says how a person regards another.

use model::{Actor, Refusal, Regarded, SetRegard, Stream, rules};
use store::{Lane, Tx, regards, streams, users};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for SetRegard {
    type Outcome = ();

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let user = session.person.id;
        if user == self.person {
            return Err(Refusal::NotAllowed.into());
        }
        // Taken first, so that of two devices at once the later word counts, and they are counted right.
        streams::lock(tx, Stream::User(user)).await?;
        let person = users::find_by_id(tx, self.person).await?.ok_or(Refusal::NotFound)?;
        let set = regards::set(tx, user, Regarded { person, regard: self.regard }, scene.now).await?;
        if set { Ok(()) } else { Err(Refusal::TooManyRegarded.into()) }
    }
}
