//! What the house does with a file whose last byte has come: names its blobs, and, when they are kept for good, finishes it.

use model::{Actor, File, FileId, Refusal, Stream, UserId};
use store::{
    Lane, Tx,
    files::{self, Blobs},
};

use super::{Scene, Verb};
use crate::Failure;

/// Names the blobs of a file before they are written.
pub(crate) struct ClaimBlobs {
    pub(crate) owner: UserId,
    pub(crate) id: FileId,
    pub(crate) blobs: Blobs,
}

/// The blobs are kept for good.
pub(crate) struct FinishFile {
    pub(crate) owner: UserId,
    pub(crate) file: File,
    pub(crate) blobs: Blobs,
}

impl Verb for ClaimBlobs {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.owner))
    }

    async fn perform(self, tx: &mut Tx, _: Scene) -> Result<(), Failure> {
        // Not while one of them is being removed: in a moment it is gone, and can be written anew.
        if files::claim(tx, self.id, &self.blobs).await? { Ok(()) } else { Err(Refusal::Busy.into()) }
    }
}

impl Verb for FinishFile {
    /// Whether the file was still there.
    type Outcome = bool;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.owner))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<bool, Failure> {
        Ok(files::finish(tx, &self.file, &self.blobs, scene.now).await?)
    }
}
