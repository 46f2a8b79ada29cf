//! Brings somebody into a room.

use model::{Actor, AddMember, Person, Refusal, Stream, rules};
use store::{Lane, Tx, members, regards, users};

use super::{Scene, Verb, hold_room, join_room::check_room_count};
use crate::Failure;

impl Verb for AddMember {
    type Outcome = Person;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::Room(self.room))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Person, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let (room, membership) = hold_room(tx, session, self.room).await?;
        let room = rules::may_add_member(room, membership)?;
        let person = users::find(tx, &self.username).await?.ok_or(Refusal::NotFound)?;
        rules::may_reach(regards::part(tx, session.person.id, person.id).await?)?;
        check_room_count(tx, person.id).await?;
        members::join(tx, &room, &person, scene.now).await?;
        Ok(person)
    }
}
