//! Makes the first administrator, by the link printed at the start.

use model::{Actor, Refusal, Scopes, Session, SetUp};
use store::{Lane, Tx, identity, sessions, users};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for SetUp {
    type Outcome = Session;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Session, Failure> {
        // The token's row is taken before anything is read: of many who try at once, the others find it gone.
        let taken = identity::take_setup(tx, self.token, scene.now).await?;
        if !taken || users::any_admin(tx).await? {
            return Err(Refusal::NotFound.into());
        }
        let user = users::NewUser { username: self.username, password: self.password, admin: true };
        let person = users::insert(tx, &user, scene.now).await?.ok_or(Refusal::UsernameTaken)?;
        let id = sessions::open(tx, person.id, self.session, scene.now).await?;
        Ok(Session { id, person, admin: true, scopes: Scopes::ALL })
    }
}
