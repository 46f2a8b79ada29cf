//! Makes a hook between a room and another program, and removes one.

use model::{
    Actor, HookId, MakeHook, Refusal, RemoveHook, Scopes, Session, SessionId, Stream, limits::BOT_HOOKS_MAX, rules,
};
use store::{Lane, Tx, hooks, streams};

use super::{Scene, Verb, head, look_at_room, make_bot::own_bot};
use crate::Failure;

impl Verb for MakeHook {
    type Outcome = HookId;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.bot))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<HookId, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        streams::lock(tx, Stream::User(self.bot)).await?;
        let bot = own_bot(tx, session, self.bot).await?;
        // As the bot would be answered that says something, or reads, there by itself.
        let bot = Session { id: SessionId::new(0), person: bot, admin: false, scopes: Scopes::READ };
        let (room, membership) = look_at_room(tx, &bot, self.room).await?;
        rules::may_read(&bot, room, membership)?;
        if hooks::of(tx, bot.person.id).await?.len() >= BOT_HOOKS_MAX {
            return Err(Refusal::TooManyBots.into());
        }
        // What was said before is not told.
        let cursor = head(tx, self.room).await?;
        Ok(hooks::insert(tx, (bot.person.id, self.room), (self.wish, self.token), cursor, scene.now).await?)
    }
}

impl Verb for RemoveHook {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.bot))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let bot = own_bot(tx, session, self.bot).await?;
        if hooks::remove(tx, bot.id, self.id).await? { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }
}
