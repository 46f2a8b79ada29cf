//! Which messages of all rooms did somebody save, and which name them?

use std::collections::BTreeMap;

use model::{
    Message, Permit, Read, Room, RoomId, Seq, Session,
    limits::{GATHERED_PAGE, GATHERED_PAGE_MAX},
    rules,
};
use protocol::http::{Gathered, Placed};
use store::{
    Conn,
    mentions::{self, Naming},
    messages, saved,
};

use crate::{Failure, House, command::look_at_room};

/// What the asker saved before a turn, the last first.
pub(crate) async fn saved(
    house: &House,
    session: Session,
    before: Option<Seq>,
    limit: Option<usize>,
) -> Result<Gathered, Failure> {
    let (limit, before) = (page(limit), before.unwrap_or(Seq::new(u64::MAX)));
    let epoch = house.store.epoch().clone();
    let read = house.store.read::<_, Failure, _>(move |conn| {
        Box::pin(async move {
            // One more than wanted tells whether there are others beyond.
            let mut kept = saved::page(conn, session.person.id, before, limit + 1).await?;
            let more = kept.len() > limit;
            kept.truncate(limit);
            let next = kept.last().filter(|_| more).map(|last| last.turn.to_string());
            let places = kept.iter().map(|one| (one.room, one.message));
            let (rooms, messages) = placed(conn, &session, places).await?;
            Ok(Gathered { epoch, rooms, messages: messages.into_iter().map(Placed::from).collect(), next })
        })
    });
    read.await
}

/// Messages of others that name the asker, or everybody, before one of them, newest first.
pub(crate) async fn mentions(
    house: &House,
    session: Session,
    before: Option<Naming>,
    limit: Option<usize>,
) -> Result<Gathered, Failure> {
    let limit = page(limit);
    let epoch = house.store.epoch().clone();
    let read = house.store.read::<_, Failure, _>(move |conn| {
        Box::pin(async move {
            let mut naming = mentions::naming(conn, session.person.id, before, limit + 1).await?;
            let more = naming.len() > limit;
            naming.truncate(limit);
            let cursor = |last: &Naming| format!("{}.{}.{}", last.at.as_ms(), last.room, last.message);
            let next = naming.last().filter(|_| more).map(cursor);
            let places = naming.iter().map(|one| (one.room, one.message));
            let (rooms, messages) = placed(conn, &session, places).await?;
            Ok(Gathered { epoch, rooms, messages: messages.into_iter().map(Placed::from).collect(), next })
        })
    });
    read.await
}

/// Reads the cursor of a page of mentions.
pub(crate) fn naming(cursor: &str) -> Option<Naming> {
    let mut parts = cursor.splitn(3, '.');
    let at = model::Timestamp::from_ms(parts.next()?.parse().ok()?);
    Some(Naming { at, room: parts.next()?.parse().ok()?, message: Seq::new(parts.next()?.parse().ok()?) })
}

fn page(limit: Option<usize>) -> usize {
    limit.unwrap_or(GATHERED_PAGE).clamp(1, GATHERED_PAGE_MAX)
}

/// The messages at these places, in their order, and their rooms. The rules are asked for each room.
pub(super) async fn placed(
    conn: &mut Conn,
    session: &Session,
    places: impl Iterator<Item = (RoomId, Seq)>,
) -> Result<(Vec<Room>, Vec<(RoomId, Message)>), Failure> {
    let mut rooms: BTreeMap<RoomId, (Room, Permit<Read>)> = BTreeMap::new();
    let mut found = Vec::new();
    for (id, seq) in places {
        if !rooms.contains_key(&id) {
            let (room, membership) = look_at_room(conn, session, id).await?;
            let permit = rules::may_read(session, room.clone(), membership)?;
            rooms.extend(room.map(|room| (room.id, (room, permit))));
        }
        let Some((_, permit)) = rooms.get(&id) else { continue };
        found.extend(messages::at(conn, permit, seq).await?.messages.into_iter().map(|message| (id, message)));
    }
    Ok((rooms.into_values().map(|(room, _)| room).collect(), found))
}
