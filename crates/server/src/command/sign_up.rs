//! Makes an account and signs it in.

use model::{Actor, Person, Refusal, Scopes, Session, SignUp, rules};
use store::{Lane, Tx, invitations, sessions, users};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for SignUp {
    type Outcome = Session;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Session, Failure> {
        let invited = match self.invitation {
            Some(token) => Some(invitations::is_good(tx, token, scene.now).await?),
            None => None,
        };
        rules::may_sign_up(scene.policy, invited)?;
        let user = users::NewUser { username: self.username, password: self.password, admin: false };
        let person: Person = users::insert(tx, &user, scene.now).await?.ok_or(Refusal::UsernameTaken)?;
        if let Some(token) = self.invitation
            && !invitations::take(tx, token, person.id, scene.now).await?
        {
            return Err(Refusal::InvitationInvalid.into());
        }
        let id = sessions::open(tx, person.id, self.session, scene.now).await?;
        Ok(Session { id, person, admin: false, scopes: Scopes::ALL })
    }
}
