//! Posting, whichever door it comes through, and what is done to messages that stand: the pace, the parsing, the command.

use std::collections::BTreeSet;

use model::{
    Actor, BadEmoji, Body, ClientKey, DeleteMessage, EditMessage, Emoji, FileId, MarkUnread, PinMessage, PostMessage,
    Posted, React, Refusal, RoomId, SaveMessage, Seq, Session, Source, limits::FILES_PER_MESSAGE_MAX,
};
use protocol::Amendment;

use crate::{Failure, House};

/// What a client wants to say.
pub(crate) struct Wish<'a> {
    /// The client's name for this write.
    pub(crate) key: &'a str,
    /// The text.
    pub(crate) text: &'a str,
    /// The files that go with it.
    pub(crate) files: &'a [FileId],
    /// The message that it answers.
    pub(crate) reply: Option<Seq>,
    /// The message that it passes on.
    pub(crate) forward: Option<Source>,
}

/// Says something in a room, once for each key.
pub(crate) async fn post(house: &House, session: &Session, room: RoomId, wish: Wish<'_>) -> Result<Posted, Failure> {
    let Wish { key, text, files, reply, forward } = wish;
    let key = ClientKey::parse(key).map_err(Refusal::from)?;
    if forward.is_some() && !(text.is_empty() && files.is_empty() && reply.is_none()) {
        return Err(Failure::malformed("what is passed on comes without a text, without files and without an answer"));
    }
    let body = if files.is_empty() && forward.is_none() { Body::parse(text) } else { Body::caption(text) }
        .map_err(Refusal::from)?;
    if files.len() > FILES_PER_MESSAGE_MAX {
        return Err(Refusal::TooManyFiles.into());
    }
    if files.iter().collect::<BTreeSet<_>>().len() < files.len() {
        return Err(Refusal::FileNotReady.into());
    }
    house.paces.post(session.person.id)?;
    let files = files.to_vec();
    house.execute(Actor::SignedIn(session.clone()), PostMessage { room, key, body, files, reply, forward }).await
}

/// Does something to a message that stands. Gives the head at that moment of the stream that tells of it: the room's, or the person's own.
pub(crate) async fn amend(
    house: &House,
    session: &Session,
    (room, message): (RoomId, Seq),
    what: &Amendment,
) -> Result<Seq, Failure> {
    let actor = Actor::SignedIn(session.clone());
    house.paces.post(session.person.id)?;
    match what {
        Amendment::Edit { edits, text } => {
            let body = Body::caption(text).map_err(Refusal::from)?;
            house.execute(actor, EditMessage { room, message, edits: *edits, body }).await
        }
        Amendment::Delete {} => {
            let head = house.execute(actor, DeleteMessage { room, message }).await?;
            // Its files are gone at once, and not a while later.
            if let Some(files) = &house.settings.files {
                files.sweep_soon();
            }
            Ok(head)
        }
        Amendment::React { emoji, on } => {
            // The table has one form of each: what is written with or without a variation selector is one emoji. What is not in it
            // may be a custom one.
            let custom = || Emoji::parse(emoji).ok().filter(|emoji| emoji.custom().is_some());
            let known = emojis::get(emoji).and_then(|known| Emoji::parse(known.as_str()).ok()).or_else(custom);
            let emoji = known.ok_or(Refusal::BadEmoji(BadEmoji))?;
            house.execute(actor, React { room, message, emoji, on: *on }).await
        }
        Amendment::Pin { on } => house.execute(actor, PinMessage { room, message, on: *on }).await,
        Amendment::Save { on } => house.execute(actor, SaveMessage { room, message, on: *on }).await,
        Amendment::Unread { on } => house.execute(actor, MarkUnread { room, message, on: *on }).await,
    }
}
