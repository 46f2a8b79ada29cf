//! Says how far a person has come in a room. Who posts does not thereby say that they have read.

use model::{Actor, MoveMarks, Refusal, Scopes, Stream, Visibility, limits::MARKS_TOLD_MEMBERS_MAX, rules};
use store::{
    Lane, Tx,
    marks::{self, Step},
    members, streams, users,
};

use super::{Scene, Verb, look_at_room};
use crate::Failure;

impl Verb for MoveMarks {
    type Outcome = ();
    const NEEDS: Scopes = Scopes::READ;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let head = streams::lock(tx, Stream::Room(self.room)).await?.ok_or(Refusal::NotFound)?;
        let (room, membership) = look_at_room(tx, session, self.room).await?;
        let direct = room.as_ref().is_some_and(|room| room.visibility == Visibility::Direct);
        let permit = rules::may_read(session, room, membership)?;
        let from = marks::find(tx, &permit).await?;
        let to = from.merge(self.marks.up_to(head));
        if to == from {
            return Ok(());
        }
        // What was merely delivered is news to two people who talk, and noise to a room.
        let told = (direct || to.read != from.read)
            && users::gives_receipts(tx, session.person.id).await?
            && rules::tells_marks(members::count(tx, self.room, MARKS_TOLD_MEMBERS_MAX + 1).await?);
        Ok(marks::advance(tx, &permit, Step { from, to, told }, scene.now).await?)
    }
}
