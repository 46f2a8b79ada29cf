//! What was said in a room?

use model::{Permit, Read, RoomId, Seq, Session, Stream, Timestamp, limits::HISTORY_PAGE_MAX, rules};
use protocol::http::History;
use store::{
    Conn,
    messages::{self, Page},
    streams,
};

use crate::{Failure, House, command::look_at_room};

/// Where a page of history lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// At the end.
    Newest,
    /// Right before this place.
    Before(Seq),
    /// Right after this place.
    After(Seq),
    /// Around the first message that is not older than this moment.
    At(Timestamp),
}

/// A page of a room's history, of at most `limit` messages and never more than [`HISTORY_PAGE_MAX`].
pub(crate) async fn history(
    house: &House,
    session: Session,
    room: RoomId,
    from: From,
    limit: usize,
) -> Result<History, Failure> {
    let limit = limit.clamp(1, HISTORY_PAGE_MAX);
    let epoch = house.store.epoch().clone();
    let read = house.store.read(move |conn| {
        Box::pin(async move {
            let (found, membership) = look_at_room(conn, &session, room).await?;
            let permit = rules::may_read(&session, found, membership)?;
            let head = streams::head(conn, Stream::Room(room)).await?.unwrap_or(Seq::ZERO);
            // One more than wanted tells whether there are others beyond.
            let (page, older, newer) = match from {
                From::Newest => {
                    let mut page = messages::before(conn, &permit, head.next(), limit + 1).await?;
                    let older = trim_front(&mut page.messages, limit);
                    (page, older, false)
                }
                From::Before(seq) => {
                    let mut page = messages::before(conn, &permit, seq, limit + 1).await?;
                    let older = trim_front(&mut page.messages, limit);
                    let newer = !messages::after(conn, &permit, Seq::new(seq.number().saturating_sub(1)), 1)
                        .await?
                        .messages
                        .is_empty();
                    (page, older, newer)
                }
                From::After(seq) => {
                    let mut page = messages::after(conn, &permit, seq, limit + 1).await?;
                    let newer = page.messages.len() > limit;
                    page.messages.truncate(limit);
                    let older = !messages::before(conn, &permit, seq.next(), 1).await?.messages.is_empty();
                    (page, older, newer)
                }
                From::At(at) => {
                    let place = messages::first_at(conn, &permit, at, head.next()).await?;
                    around(conn, &permit, place, limit).await?
                }
            };
            let Page { messages, people } = page;
            Ok(History { room, epoch, head, messages, older, newer, people })
        })
    });
    read.await
}

/// A page of which one half is before a place, as far as there is so much; and whether there are others before it and after it.
async fn around(
    conn: &mut Conn,
    permit: &Permit<Read>,
    place: Seq,
    limit: usize,
) -> Result<(Page, bool, bool), store::Fault> {
    let mut page = messages::before(conn, permit, place, limit / 2 + 1).await?;
    let older = page.messages.len() > limit / 2;
    if older {
        page.messages.remove(0);
    }
    let rest = limit - page.messages.len();
    let last = Seq::new(place.number().saturating_sub(1));
    let Page { messages, people } = messages::after(conn, permit, last, rest + 1).await?;
    let newer = messages.len() > rest;
    page.messages.extend(messages.into_iter().take(rest));
    page.people.extend(people);
    page.people.sort_by_key(|person| person.id);
    page.people.dedup_by_key(|person| person.id);
    Ok((page, older, newer))
}

/// Drops the first of a page that is one too long; says whether it was.
fn trim_front<T>(page: &mut Vec<T>, limit: usize) -> bool {
    let more = page.len() > limit;
    if more {
        page.remove(0);
    }
    more
}
