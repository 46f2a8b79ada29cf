//! Says what a room is about.

use model::{Actor, Refusal, Seq, SetTopic, Stream, rules};
use store::{Lane, Tx, members, rooms};

use super::{Scene, Verb, head, hold_room};
use crate::Failure;

impl Verb for SetTopic {
    type Outcome = Seq;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Seq, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        let before = room.as_ref().and_then(|room| room.topic.clone());
        let permit = rules::may_set_topic(session, room, membership)?;
        if before != self.topic {
            let by = members::find_person(tx, self.room, permit.user()).await?.ok_or(Refusal::NotAMember)?;
            rooms::set_topic(tx, &permit, (by, self.topic), scene.now).await?;
        }
        Ok(head(tx, self.room).await?)
    }
}
