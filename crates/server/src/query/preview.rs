//! What is behind the link of a message?

use std::sync::Arc;

use model::{Refusal, RoomId, Seq, Session, rules};
use store::messages;

use crate::{Failure, House, command::look_at_room, preview::Preview};

/// What is behind a link, which is the first one of a message that the asker may read, as it stands now. Whatever else is asked for,
/// this server does not look for it.
pub(crate) async fn preview(
    house: &House,
    session: Session,
    (room, seq): (RoomId, Seq),
    link: String,
) -> Result<Option<Arc<Preview>>, Failure> {
    let Some(previews) = &house.previews else { return Ok(None) };
    let (asker, wanted) = (session.person.id, link.clone());
    let read = house.store.read::<_, Failure, _>(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            let permit = rules::may_read(&session, found, membership)?;
            let mut message = messages::at(conn, &permit, seq).await?.messages;
            let message = message.pop().ok_or(Refusal::NotFound)?;
            let first = markup::links(message.said.text.as_str(), 1).pop();
            if first == Some(wanted) { Ok(()) } else { Err(Refusal::NotFound.into()) }
        })
    });
    read.await?;
    previews.of(house, asker, &link).await
}
