//! A person's picture: named, shown, taken away.

use model::{Actor, Refusal, Stream, UserId};
use store::{
    Lane, Tx,
    portraits::{self, Portrait},
    streams,
};

use super::{Scene, Verb};
use crate::Failure;

/// Names the blobs of a picture before they are written.
pub(crate) struct ClaimPortrait {
    pub(crate) user: UserId,
    pub(crate) portrait: Portrait,
}

/// The blobs are kept for good: shows the picture.
pub(crate) struct ShowPortrait {
    pub(crate) user: UserId,
    pub(crate) portrait: Portrait,
}

/// Shows a person's picture no more.
pub(crate) struct RemovePortrait {
    pub(crate) user: UserId,
}

impl Verb for ClaimPortrait {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.user))
    }

    async fn perform(self, tx: &mut Tx, _: Scene) -> Result<(), Failure> {
        streams::lock(tx, Stream::User(self.user)).await?;
        // Not while one of them is being removed: in a moment it is gone, and can be written anew.
        if portraits::claim(tx, self.user, &self.portrait).await? { Ok(()) } else { Err(Refusal::Busy.into()) }
    }
}

impl Verb for ShowPortrait {
    type Outcome = ();

    // The rooms' streams are written by this lane, too; whoever hears that out of order listens again.
    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::User(self.user))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        // Of two that come at once the later is shown, and the other is told so.
        let shown = portraits::set(tx, self.user, &self.portrait, scene.now).await?;
        if shown { Ok(()) } else { Err(Refusal::Busy.into()) }
    }
}

impl Verb for RemovePortrait {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Many(Stream::User(self.user))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        Ok(portraits::remove(tx, self.user, scene.now).await?)
    }
}
