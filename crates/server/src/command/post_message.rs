//! Says something in a room, once.

use model::{Actor, Membership, PostMessage, Posted, Refusal, Said, Stream, rules};
use store::{Lane, Tx, files, members, messages, rooms, streams};

use super::{Scene, Verb, reach};
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
            let same = earlier.said.is_none_or(|said| said == draft);
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
        let mentions = named(tx, session, self.room, text.as_str()).await?;
        let files = files::ready(tx, session.person.id, self.room, &files).await?;
        let files = files.ok_or(Refusal::FileNotReady)?;
        let said = Said { files, mentions, ..Said::new(author, self.key, text) };
        let posted = messages::append(tx, permit, said, answers, scene.now).await?;
        Ok(posted.ok_or(Refusal::KeyReused)?)
    }
}
