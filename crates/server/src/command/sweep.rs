//! What the house does by itself with files: it notes that one lives, removes what nobody wants any more, and forgets the blobs
//! that are gone.

use model::{Actor, FileId, Stream, Timestamp, UserId, limits::FILE_WAITS_MS};
use store::{
    Lane, Tx,
    blobs::{self, BlobHash},
    files,
};

use super::{Scene, Verb};
use crate::Failure;

/// Files, or blobs, that one transaction deals with. More wait for the next.
const AT_ONCE: usize = 50;

/// Something came of this file.
pub(crate) struct TouchFile {
    pub(crate) owner: UserId,
    pub(crate) id: FileId,
}

/// What came of this file is of no use to anybody.
pub(crate) struct GiveUpFile {
    pub(crate) owner: UserId,
    pub(crate) id: FileId,
}

/// Removes files that have waited for their bytes, or for their message, too long.
pub(crate) struct SweepFiles;

/// Takes doomed blobs on for removal: for a while no other server does the same.
pub(crate) struct LeaseBlobs {
    pub(crate) now: Timestamp,
    pub(crate) until: Timestamp,
}

/// The blob is gone.
pub(crate) struct ForgetBlob {
    pub(crate) hash: BlobHash,
}

/// Blobs were written for a file that is gone.
pub(crate) struct DoomBlobs {
    pub(crate) hashes: Vec<BlobHash>,
}

impl Verb for TouchFile {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.owner))
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<(), Failure> {
        Ok(files::touch(tx, self.id, scene.now).await?)
    }
}

impl Verb for GiveUpFile {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::One(Stream::User(self.owner))
    }

    async fn perform(self, tx: &mut Tx, _: Scene) -> Result<(), Failure> {
        Ok(files::remove(tx, self.id).await.map(drop)?)
    }
}

impl Verb for SweepFiles {
    /// Those that were removed.
    type Outcome = Vec<FileId>;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, scene: Scene) -> Result<Vec<FileId>, Failure> {
        let since = scene.now.plus_ms(-FILE_WAITS_MS);
        let mut removed = Vec::new();
        for id in files::waiting(tx, since, AT_ONCE).await? {
            if files::remove_waiting(tx, id, since).await? {
                removed.push(id);
            }
        }
        Ok(removed)
    }
}

impl Verb for LeaseBlobs {
    type Outcome = Vec<BlobHash>;

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, _: Scene) -> Result<Vec<BlobHash>, Failure> {
        Ok(blobs::lease(tx, self.now, self.until, AT_ONCE).await?)
    }
}

impl Verb for ForgetBlob {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, _: Scene) -> Result<(), Failure> {
        Ok(blobs::forget(tx, &self.hash).await?)
    }
}

impl Verb for DoomBlobs {
    type Outcome = ();

    fn lane(&self, _: &Actor) -> Lane {
        Lane::Any
    }

    async fn perform(self, tx: &mut Tx, _: Scene) -> Result<(), Failure> {
        Ok(blobs::doom(tx, self.hashes).await?)
    }
}
