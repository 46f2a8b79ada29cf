//! Whom a text names.

use std::collections::BTreeSet;

use model::{
    Membership, Mention, Regard, RoomId, Session, Username,
    limits::{MENTION_ROOM_MEMBERS_MAX, MENTIONS_MAX},
    rules,
};
use store::{Fault, Tx, members, regards, users};

/// The word that names everybody in the room.
const ROOM: &str = "room";

/// Whom a text names in a room: members of it who do not block the author, each word once. Other words after an `@` are text, so that nobody learns who has an account.
pub(crate) async fn named(tx: &mut Tx, session: &Session, room: RoomId, text: &str) -> Result<Vec<Mention>, Fault> {
    let mut seen = BTreeSet::new();
    let mut named = Vec::new();
    for word in markup::mentions(text).into_iter().take(2 * MENTIONS_MAX) {
        let Ok(name) = Username::parse(&word) else { continue };
        let word = name.key();
        if named.len() == MENTIONS_MAX || !seen.insert(word.clone()) {
            continue;
        }
        if word == ROOM {
            let members = members::count(tx, room, MENTION_ROOM_MEMBERS_MAX + 1).await?;
            if rules::may_mention_room(session, members) {
                named.push(Mention { word, person: None });
            }
        } else if let Some(person) = users::find(tx, &name).await?
            && members::find(tx, room, person.id).await? == Membership::Member
            && regards::find(tx, person.id, session.person.id).await? != Regard::Blocked
        {
            named.push(Mention { word, person: Some(person) });
        }
    }
    Ok(named)
}
