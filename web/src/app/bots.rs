//! Bots of one's own, their tokens and their hooks, by request.

use model::{HookId, Person, SessionId, UserId};
use protocol::{
    Code,
    http::{Bot, BotBody, Bots, HookBody, HookMade, TokenBody, TokenMade},
};

use super::App;
use crate::driver::fetch::{self, Trouble};

const BOTS: &str = "/api/v1/bots";

impl App {
    /// The person's bots, by their age.
    pub(crate) async fn bots(self) -> Result<Vec<Bot>, Trouble> {
        self.heed(fetch::get::<Bots>(&self.window(), BOTS).await).map(|all| all.bots)
    }

    pub(crate) async fn make_bot(self, username: String) -> Result<Person, Trouble> {
        self.heed(fetch::post(&self.window(), BOTS, &BotBody { username }).await)
    }

    pub(crate) async fn retire_bot(self, bot: UserId) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{BOTS}/{bot}")).await)
    }

    /// The secret of a new token.
    pub(crate) async fn make_token(self, bot: UserId, body: &TokenBody) -> Result<String, Trouble> {
        let made = self.heed(fetch::post::<TokenMade>(&self.window(), &format!("{BOTS}/{bot}/tokens"), body).await);
        made.map(|made| made.token)
    }

    pub(crate) async fn revoke_token(self, bot: UserId, token: SessionId) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{BOTS}/{bot}/tokens/{token}")).await)
    }

    /// The secret of a new hook: the address of an incoming one, what an outgoing one signs with. A bot that is not in the room is
    /// brought there first.
    pub(crate) async fn make_hook(self, bot: &Person, body: &HookBody) -> Result<String, Trouble> {
        let path = format!("{BOTS}/{}/hooks", bot.id);
        let mut made = self.heed(fetch::post::<HookMade>(&self.window(), &path, body).await);
        // A private room is not to be known to whoever is not in it.
        if let Err(Trouble::Refused(Code::NotAMember | Code::NotFound, _)) = &made {
            let (HookBody::Incoming { room } | HookBody::Outgoing { room, .. }) = body;
            self.add_member(*room, bot.name.as_str().to_owned()).await?;
            made = self.heed(fetch::post::<HookMade>(&self.window(), &path, body).await);
        }
        let HookMade { url, secret, .. } = made?;
        let origin = self.window().location().origin().unwrap_or_default();
        let url = url.map(|url| if url.starts_with('/') { origin + &url } else { url });
        Ok(url.or(secret).unwrap_or_default())
    }

    pub(crate) async fn remove_hook(self, bot: UserId, hook: HookId) -> Result<(), Trouble> {
        self.heed(fetch::delete(&self.window(), &format!("{BOTS}/{bot}/hooks/{hook}")).await)
    }
}
