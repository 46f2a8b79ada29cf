//! Says something in a room, once.

use model::{Actor, Membership, PostMessage, Posted, Refusal, Stream, rules};
use store::{
    Lane, Tx, files, members,
    messages::{self, Draft},
    rooms, streams,
};

use super::{Scene, Verb};
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
        let draft = Draft { text: self.body, files: self.files, reply: self.reply };
        // A repeat gets the first answer, also after the author has left the room.
        if let Some(earlier) = messages::find_by_key(tx, session.person.id, &self.key).await? {
            // Of what was taken back nothing is left to compare with.
            let same = earlier.said.is_none_or(|said| said == draft);
            let same = same && earlier.posted.room == self.room;
            return if same { Ok(earlier.posted) } else { Err(Refusal::KeyReused.into()) };
        }
        let permit = rules::may_post(session, room, membership)?;
        let author = author.ok_or(Refusal::NotAMember)?;
        let answered = match draft.reply {
            // What was taken back meanwhile is answered all the same.
            Some(seq) => Some(messages::find(tx, self.room, seq).await?.ok_or(Refusal::NotFound)?),
            None => None,
        };
        let mentions = named(tx, session, self.room, draft.text.as_str()).await?;
        let files = files::ready(tx, session.person.id, self.room, &draft.files).await?;
        let files = files.ok_or(Refusal::FileNotReady)?;
        let draft = Draft { text: draft.text, files, reply: draft.reply };
        let posted = messages::append(tx, permit, (author, self.key), (draft, mentions, answered), scene.now).await?;
        Ok(posted.ok_or(Refusal::KeyReused)?)
    }
}
