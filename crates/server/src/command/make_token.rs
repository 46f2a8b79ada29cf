//! Makes a token for a bot, and makes one void.

use model::{Actor, MakeToken, Refusal, RevokeToken, SessionId, Stream, limits::BOT_TOKENS_MAX, rules};
use store::{Lane, Tx, sessions, streams};

use super::{Scene, Verb, make_bot::own_bot};
use crate::Failure;

impl Verb for MakeToken {
    type Outcome = SessionId;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.bot))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<SessionId, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        streams::lock(tx, Stream::User(self.bot)).await?;
        let bot = own_bot(tx, session, self.bot).await?;
        if sessions::tokens(tx, bot.id).await?.len() >= BOT_TOKENS_MAX {
            return Err(Refusal::TooManyBots.into());
        }
        Ok(sessions::open_token(tx, bot.id, self.token, (&self.label, self.scopes), scene.now).await?)
    }
}

impl Verb for RevokeToken {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.bot))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        streams::lock(tx, Stream::User(self.bot)).await?;
        let bot = own_bot(tx, session, self.bot).await?;
        let its_own = sessions::tokens(tx, bot.id).await?.iter().any(|token| token.id == self.id);
        if !its_own {
            return Err(Refusal::NotFound.into());
        }
        Ok(sessions::close(tx, bot.id, self.id, scene.now).await?)
    }
}
