//! Says something in a room, once.

use model::{
    Actor, BadBody, Forwarded, Membership, Message, PostMessage, Posted, Refusal, Said, Session, Source, Stream, rules,
};
use store::{Lane, Tx, files, members, messages, rooms, streams};

use super::{Scene, Verb, look_at_room, reach};
use crate::{Failure, mention::named};

impl Verb for PostMessage {
    type Outcome = Posted;

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
            return Ok(posted);
        }
        let mentions = named(tx, session, self.room, text.as_str()).await?;
        let files = files::ready(tx, session.person.id, self.room, &files).await?;
        let files = files.ok_or(Refusal::FileNotReady)?;
        let said = Said { files, mentions, ..Said::new(author, self.key, text) };
        let posted = messages::append(tx, permit, said, answers, scene.now).await?;
        Ok(posted.ok_or(Refusal::KeyReused)?)
    }
}

/// A message with the text of another, which the asker may read, and with whose words they are. Of words that were passed on before, it
/// is who said them first. Whom they name was named there, and not here.
async fn passed_on(tx: &mut Tx, session: &Session, source: Source, said: Said) -> Result<Said, Failure> {
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
