//! Opens the direct chat with some people, and makes it the first time.

use std::collections::BTreeSet;

use model::{Actor, OpenDirect, Refusal, Room, Stream, limits::DIRECT_PEOPLE_MAX, rules};
use store::{Lane, Tx, directs, regards, users};

use super::{Scene, Verb, join_room::check_room_count};
use crate::Failure;

impl Verb for OpenDirect {
    type Outcome = Room;

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::Many(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Room, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        // In order, and each once: it is by this order that the chat is known, and that streams are taken.
        let ids: BTreeSet<_> = self.people.into_iter().chain([session.person.id]).collect();
        if ids.len() > DIRECT_PEOPLE_MAX {
            return Err(Refusal::TooManyPeople.into());
        }
        let mut people = Vec::with_capacity(ids.len());
        for id in ids {
            people.push(users::find_by_id(tx, id).await?.ok_or(Refusal::NotFound)?);
        }
        if let Some(room) = directs::find(tx, &people).await? {
            return Ok(room);
        }
        for person in &people {
            rules::may_reach(regards::part(tx, session.person.id, person.id).await?)?;
            check_room_count(tx, person.id).await?;
        }
        Ok(directs::open(tx, people, scene.now).await?)
    }
}
