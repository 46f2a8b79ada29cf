//! What did a message say before it was changed?

use model::{RoomId, Seq, Session, rules};
use protocol::http::{Edits, Former};
use store::edits as store_edits;

use crate::{Failure, House, command::look_at_room};

/// What a message said before, oldest first. One that was never changed, was taken back or does not exist has none.
pub(crate) async fn edits(house: &House, session: Session, room: RoomId, message: Seq) -> Result<Edits, Failure> {
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            let permit = rules::may_read(&session, found, membership)?;
            let texts = store_edits::of_message(conn, &permit, message).await?;
            Ok(Edits { texts: texts.into_iter().map(|(until, text)| Former { until, text }).collect() })
        })
    });
    read.await
}
