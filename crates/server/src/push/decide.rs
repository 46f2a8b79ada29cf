//! Whom a message is pushed to: one decision, on the server, from what all devices have said.
//!
//! A device is pushed to if its person wants to be told of the message, has not read it anywhere, does not sit at any of their devices,
//! and has no page open on this one, which would tell them itself.

use std::collections::{BTreeMap, BTreeSet};

use model::{Message, PushId, Refusal, RoomId, Seq, Timestamp, UserId, limits::PUSH_BATCH_MAX};
use store::{
    Fault, messages, notice_prefs,
    push::{self, Addressee},
    regards, rooms,
};

use super::{Letter, Look, hours};
use crate::{Failure, House};

/// What a look has come to.
#[derive(Default)]
pub(super) struct Decided {
    pub(super) letters: Vec<Letter>,
    /// Devices that were left alone because somebody seemed to be there.
    pub(super) held: BTreeSet<PushId>,
}

/// Decides upon the messages of a look.
pub(super) async fn decide(house: &House, look: &Look) -> Result<Decided, Failure> {
    let now = (house.clock)();
    let (id, seqs) = (look.room, look.seqs.clone());
    let (Some(first), Some(last)) = (seqs.iter().min().copied(), seqs.iter().max().copied()) else {
        return Ok(Decided::default());
    };
    let read = house.store.read::<_, Fault, _>(move |conn| {
        Box::pin(async move {
            let audience = push::audience(conn, id, last, now).await?;
            if audience.is_empty() {
                return Ok(None);
            }
            let said = messages::between(conn, id, first, last).await?;
            let said: Vec<Message> = said.into_values().filter(|message| seqs.contains(&message.seq)).collect();
            let mut deaf = BTreeMap::new();
            let authors: BTreeSet<UserId> = said.iter().map(|message| message.said.author.id).collect();
            for author in authors {
                deaf.insert(author, regards::deaf_to(conn, id, author).await?);
            }
            Ok(Some((audience, said, deaf, rooms::find(conn, id).await?)))
        })
    });
    let Some((audience, said, deaf, room)) = read.await? else { return Ok(Decided::default()) };
    debug_assert!(said.len() <= PUSH_BATCH_MAX);
    let room = room.ok_or(Failure::Refused(Refusal::NotFound))?;
    let mut decided = Decided::default();
    for addressee in audience {
        let device = addressee.device.id;
        if look.held.as_ref().is_some_and(|held| !held.contains(&device)) {
            continue;
        }
        let Some(message) = worth_telling((&said, &deaf), &addressee, now) else { continue };
        if is_there(house, &addressee) {
            decided.held.insert(device);
        } else {
            decided.letters.push(Letter::of(message, &room, addressee));
        }
    }
    Ok(decided)
}

/// A reminder, for each of its person's devices. They chose the hour themselves: it is no question whether they want to know now.
pub(super) async fn remind(house: &House, user: UserId, (room, seq): (RoomId, Seq)) -> Result<Vec<Letter>, Failure> {
    if house.hub.is_attended(user) {
        return Ok(Vec::new());
    }
    let now = (house.clock)();
    let read = house.store.read::<_, Fault, _>(move |conn| {
        Box::pin(async move {
            let devices = push::of_user(conn, user, now).await?;
            let hidden = notice_prefs::find(conn, user).await?.hidden;
            Ok((devices, hidden, messages::find(conn, room, seq).await?))
        })
    });
    let (devices, hidden, message) = read.await?;
    let Some(message) = message.filter(|message| !message.deleted) else { return Ok(Vec::new()) };
    let away = devices.into_iter().filter(|told| !house.hub.has_socket(user, told.device.session));
    Ok(away.map(|told| Letter::reminder((room, &message), told.device, hidden)).collect())
}

/// The last of these messages that the person wants to be told of. `deaf`: who ignores or blocks each of the authors.
fn worth_telling<'a>(
    (said, deaf): (&'a [Message], &BTreeMap<UserId, BTreeSet<UserId>>),
    to: &Addressee,
    now: Timestamp,
) -> Option<&'a Message> {
    if to.notices.quiet.as_ref().is_some_and(|quiet| hours::are_now(quiet, now)) {
        return None;
    }
    let user = to.device.user;
    let wanted = |message: &&Message| {
        let said = &message.said;
        let heeded = deaf.get(&said.author.id).is_none_or(|deaf| !deaf.contains(&user));
        heeded
            && message.seq > to.read
            && !message.deleted
            && said.author.id != user
            && to.notify.wants(said.names(user))
    };
    said.iter().rev().find(wanted)
}

/// Whether the person sits at one of their devices, or this one has a page open.
fn is_there(house: &House, to: &Addressee) -> bool {
    let (user, session) = (to.device.user, to.device.session);
    house.hub.is_attended(user) || house.hub.has_socket(user, session)
}
