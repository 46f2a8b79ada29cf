//! Posting, whichever door it comes through: the pace, the parsing, the command.

use model::{Actor, Body, ClientKey, PostMessage, Posted, Refusal, RoomId, Session};

use crate::{Failure, House};

/// Says something in a room, once for each key.
pub(crate) async fn post(
    house: &House,
    session: &Session,
    room: RoomId,
    key: &str,
    text: &str,
) -> Result<Posted, Failure> {
    let key = ClientKey::parse(key).map_err(Refusal::from)?;
    let body = Body::parse(text).map_err(Refusal::from)?;
    house.paces.post(session.person.id)?;
    house.execute(Actor::SignedIn(session.clone()), PostMessage { room, key, body }).await
}
