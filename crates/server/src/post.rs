//! Posting, whichever door it comes through, and taking back: the pace, the parsing, the command.

use std::collections::BTreeSet;

use model::{
    Actor, Body, ClientKey, DeleteMessage, FileId, PostMessage, Posted, Refusal, RoomId, Seq, Session,
    limits::FILES_PER_MESSAGE_MAX,
};

use crate::{Failure, House};

/// Says something in a room, once for each key.
pub(crate) async fn post(
    house: &House,
    session: &Session,
    room: RoomId,
    (key, text, files): (&str, &str, &[FileId]),
) -> Result<Posted, Failure> {
    let key = ClientKey::parse(key).map_err(Refusal::from)?;
    let body = if files.is_empty() { Body::parse(text) } else { Body::caption(text) }.map_err(Refusal::from)?;
    if files.len() > FILES_PER_MESSAGE_MAX {
        return Err(Refusal::TooManyFiles.into());
    }
    if files.iter().collect::<BTreeSet<_>>().len() < files.len() {
        return Err(Refusal::FileNotReady.into());
    }
    house.paces.post(session.person.id)?;
    house.execute(Actor::SignedIn(session.clone()), PostMessage { room, key, body, files: files.to_vec() }).await
}

/// Takes a message back, with its files.
pub(crate) async fn delete(house: &House, session: &Session, room: RoomId, message: Seq) -> Result<(), Failure> {
    house.paces.act(session.person.id)?;
    house.execute(Actor::SignedIn(session.clone()), DeleteMessage { room, message }).await?;
    // Its files are gone at once, and not a while later.
    if let Some(files) = &house.settings.files {
        files.sweep_soon();
    }
    Ok(())
}
