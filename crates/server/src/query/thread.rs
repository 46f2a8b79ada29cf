//! What was said in a thread?

use model::{RoomId, Seq, Session, Stream, limits::HISTORY_PAGE_MAX, rules};
use protocol::http::History;
use store::{
    messages::{self, Page},
    streams,
};

use crate::{Failure, House, command::look_at_room};

/// A page of the messages in a thread after a place, oldest first; on the first page, the message that the thread begins with.
pub(crate) async fn thread(
    house: &House,
    session: Session,
    (room, thread): (RoomId, Seq),
    after: Seq,
    limit: usize,
) -> Result<History, Failure> {
    let limit = limit.clamp(1, HISTORY_PAGE_MAX);
    let epoch = house.store.epoch().clone();
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            let permit = rules::may_read(&session, found, membership)?;
            let head = streams::head(conn, Stream::Room(room)).await?.unwrap_or(Seq::ZERO);
            let Page { mut messages, mut people } =
                messages::in_thread(conn, &permit, thread, after, limit + 1).await?;
            let newer = messages.len() > limit;
            messages.truncate(limit);
            if after < thread {
                let Page { messages: first, people: others } = messages::at(conn, &permit, thread).await?;
                messages.splice(..0, first);
                people.extend(others);
                people.sort_by_key(|person| person.id);
                people.dedup_by_key(|person| person.id);
            }
            Ok(History { room, epoch, head, messages, older: after > thread, newer, people })
        })
    });
    read.await
}
