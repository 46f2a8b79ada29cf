//! Makes a bot of whoever asks, and retires one.

use model::{Actor, MakeBot, Person, Refusal, RetireBot, Session, Stream, UserId, limits::BOTS_MAX, rules};
use store::{Lane, Tx, bots, streams, users};

use super::{Scene, Verb};
use crate::Failure;

impl Verb for MakeBot {
    type Outcome = Person;

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::Many(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Person, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let owner = session.person.id;
        streams::lock(tx, Stream::User(owner)).await?;
        if bots::of(tx, owner).await?.len() >= BOTS_MAX {
            return Err(Refusal::TooManyBots.into());
        }
        let made = users::insert_bot(tx, &self.username, owner, scene.now).await?;
        Ok(made.ok_or(Refusal::UsernameTaken)?)
    }
}

impl Verb for RetireBot {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::User(self.bot))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let bot = own_bot(tx, session, self.bot).await?;
        Ok(bots::retire(tx, &bot, scene.now).await?)
    }
}

/// A bot of whoever asks, held until the end of this transaction.
pub(super) async fn own_bot(tx: &mut Tx, session: &Session, bot: UserId) -> Result<Person, Failure> {
    let found = bots::of(tx, session.person.id).await?.into_iter().find(|one| one.id == bot);
    Ok(found.ok_or(Refusal::NotFound)?)
}
