//! Announces a file, once for each key. Everything that stands against it is said here, before a byte of it comes.

use model::{Actor, AnnounceFile, Refusal, Scopes, Stream, limits::UPLOADS_UNFINISHED_MAX, rules};
use store::{
    Lane, Tx,
    files::{self, Announced, Kept},
    streams,
};

use super::{Scene, Verb, look_at_room};
use crate::Failure;

impl Verb for AnnounceFile {
    type Outcome = Kept;
    const NEEDS: Scopes = Scopes::POST;

    fn lane(&self, actor: &Actor) -> Lane {
        actor.user().map_or(Lane::Any, |user| Lane::One(Stream::User(user)))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Kept, Failure> {
        let session = rules::signed_in(&scene.actor)?;
        let owner = session.person.id;
        // Who announces several at once is asked one after the other: so the quota holds.
        streams::lock(tx, Stream::User(owner)).await?;
        let announced = Announced {
            id: self.id,
            owner,
            room: self.room,
            name: self.name,
            sent: self.size,
            claimed_type: self.claimed_type,
        };
        if let Some(earlier) = files::find_by_key(tx, owner, &self.key).await? {
            let same = Announced { id: earlier.announced.id, ..announced } == earlier.announced;
            return if same { Ok(earlier) } else { Err(Refusal::KeyReused.into()) };
        }
        let (room, membership) = look_at_room(tx, session, self.room).await?;
        rules::may_post(session, room, membership)?;
        let (bytes, unfinished) = files::usage(tx, owner).await?;
        if unfinished >= UPLOADS_UNFINISHED_MAX {
            return Err(Refusal::TooManyUploads.into());
        }
        if bytes.saturating_add(self.size) > self.quota_bytes {
            return Err(Refusal::QuotaFull { quota_bytes: self.quota_bytes }.into());
        }
        files::announce(tx, &announced, &self.key, scene.now).await?;
        Ok(Kept { announced, message: None, finished: None })
    }
}
