//! Makes an administrator, asked at the server's own terminal.

use model::{Actor, CreateAdmin, Person, Refusal};
use store::{Lane, Tx, users};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for CreateAdmin {
    type Outcome = Person;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Person, Failure> {
        match scene.actor {
            Actor::Operator => {}
            Actor::Stranger | Actor::SignedIn(_) => return Err(Refusal::NotAllowed.into()),
        }
        let user = users::NewUser { username: self.username, password: self.password, admin: true };
        Ok(users::insert(tx, &user, scene.now).await?.ok_or(Refusal::UsernameTaken)?)
    }
}
