//! Whose session is this?

use model::{Actor, RenewSession, Session, TokenHash};
use store::sessions;

use crate::{Failure, House};

/// How old the note of a session's last use may get before it is renewed, in milliseconds. A write each hour, not each request.
const RENEW_AFTER_MS: i64 = 60 * 60 * 1_000;

/// The session of this token, if it is alive.
pub(crate) async fn whose_session(house: &House, token: TokenHash) -> Result<Option<Session>, Failure> {
    let now = (house.clock)();
    let read = house
        .store
        .read(move |conn| Box::pin(async move { Ok::<_, Failure>(sessions::find(conn, token, now).await?) }));
    let Some(found) = read.await? else { return Ok(None) };
    if found.session.person.bot && !house.settings.bots {
        return Ok(None);
    }
    if found.used_at.plus_ms(RENEW_AFTER_MS) < now {
        house.execute(Actor::SignedIn(found.session.clone()), RenewSession).await?;
    }
    Ok(Some(found.session))
}
