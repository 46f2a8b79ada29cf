//! Says something in a room, once.

use model::{
    Actor, BadBody, Forwarded, Membership, Message, PostMessage, Posted, Refusal, RoomId, Said, Scopes, Seq, Session,
    Source, Stream, Timestamp,
    limits::{BOT_HEARD_MS, BOT_HEARD_PLACES},
    rules,
};
use store::{Lane, Tx, files, hooks, members, messages, rooms, streams};

use super::{Scene, Verb, head, look_at_room, reach};
use crate::{Failure, mention::named};

impl Verb for PostMessage {
    type Outcome = Posted;
    const NEEDS: Scopes = Scopes::POST;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Posted, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        streams::lock(tx, Stream::Room(self.room)).await?;
        let room = rooms::find(tx, self.room).await?;
        // As they are called now: a session that has been open for long may know an older name.
        let author = members::find_person(tx, self.room, session.person.id).await?;
        let membership = if author.is_some() { Membership::Member } else { Membership::Outsider };
        let draft = (self.body, self.files, self.reply);
        // A repeat gets the first answer, also after the author has left the room.
        if let Some(earlier) = messages::find_by_key(tx, session.person.id, &self.key).await? {
            // Of what was taken back nothing is left to compare with.
            let same = earlier.said.is_none_or(|said| match (earlier.source, self.forward) {
                (None, None) => said == draft,
                // The text is the server's.
                (before, now) => before == now,
            });
            let same = same && earlier.posted.room == self.room;
            return if same { Ok(earlier.posted) } else { Err(Refusal::KeyReused.into()) };
        }
        reach(tx, session, room.as_ref()).await?;
        let permit = rules::may_post(session, room, membership)?;
        let author = author.ok_or(Refusal::NotAMember)?;
        let hops = if author.bot { Some(may_speak(tx, session, self.room, scene.now).await?) } else { None };
        let (text, files, reply) = draft;
        let answers = match reply {
            // What was taken back meanwhile is answered all the same.
            Some(seq) => Some(messages::find(tx, self.room, seq).await?.ok_or(Refusal::NotFound)?),
            None => None,
        };
        if let Some(source) = self.forward {
            let said = passed_on(tx, session, source, Said::new(author, self.key, text)).await?;
            let posted = messages::append(tx, permit, said, None, scene.now).await?.ok_or(Refusal::KeyReused)?;
            messages::set_source(tx, &posted, source).await?;
            if let Some(hops) = hops {
                messages::set_hops(tx, &posted, hops).await?;
            }
            return Ok(posted);
        }
        let mentions = named(tx, session, self.room, text.as_str()).await?;
        let files = files::ready(tx, session.person.id, self.room, &files).await?;
        let files = files.ok_or(Refusal::FileNotReady)?;
        let said = Said { files, mentions, ..Said::new(author, self.key, text) };
        let posted = messages::append(tx, permit, said, answers, scene.now).await?.ok_or(Refusal::KeyReused)?;
        if let Some(hops) = hops {
            messages::set_hops(tx, &posted, hops).await?;
        }
        Ok(posted)
    }
}

/// How many bots have spoken one after the other when this one has. It can have heard the one before it if its token may read, or if it
/// has a hook that tells it; a hook that only speaks goes on, whatever the others do.
async fn may_speak(tx: &mut Tx, session: &Session, room: RoomId, now: Timestamp) -> Result<u32, Failure> {
    let me = session.person.id;
    if !session.scopes.has(Scopes::READ) && !hooks::listens(tx, me, room).await? {
        return Ok(rules::may_answer(None)?);
    }
    let after = Seq::new(head(tx, room).await?.number().saturating_sub(BOT_HEARD_PLACES));
    let heard = messages::heard(tx, room, after, me).await?;
    let heard = heard.filter(|(_, at)| at.plus_ms(BOT_HEARD_MS) > now).map(|(hops, _)| hops);
    Ok(rules::may_answer(heard)?)
}

/// A message with the text of another, which the asker may read, and with whose words they are. Of words that were passed on before, it
/// is who said them first. Whom they name was named there, and not here.
async fn passed_on(tx: &mut Tx, session: &Session, source: Source, said: Said) -> Result<Said, Failure> {
    rules::may(session, Scopes::READ)?;
    let (room, membership) = look_at_room(tx, session, source.room).await?;
    rules::may_read(session, room, membership)?;
    let message = messages::find(tx, source.room, source.message).await?.filter(|message| !message.deleted);
    let Message { at, said: words, .. } = message.ok_or(Refusal::NotFound)?;
    if words.text.is_empty() {
        return Err(Refusal::BadBody(BadBody::Blank).into());
    }
    let forward = words.forward.unwrap_or_else(|| Box::new(Forwarded { author: words.author, at }));
    Ok(Said { text: words.text, forward: Some(forward), ..said })
}
