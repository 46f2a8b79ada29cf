//! Where the bytes of files are kept: a folder, or a store that speaks S3. Each blob is named after its content.
//!
//! What [`Objects::put`] has answered is there after the power fails. What is put twice is there once. Whether somebody may see a
//! blob, and when it may go, is not known here.

mod folder;
mod s3;
#[cfg(test)]
mod tests;

pub use s3::S3Settings;

pub(crate) use self::{folder::Folder, s3::S3};

use std::{io, ops::Range, path::Path};

use axum::body::Bytes;
use futures_util::stream::BoxStream;
use model::Refusal;
use store::blobs::BlobHash;

use crate::Failure;

/// Why a blob was not written, read or removed.
#[derive(Debug, thiserror::Error)]
pub enum BlobTrouble {
    /// There is no space left.
    #[error("no space is left for files")]
    Full,
    /// Where blobs are kept does not answer, or not in time.
    #[error("where files are kept does not answer: {0}")]
    Away(String),
    /// Something else.
    #[error(transparent)]
    Io(io::Error),
}

impl From<io::Error> for BlobTrouble {
    fn from(error: io::Error) -> Self {
        let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        if full { Self::Full } else { Self::Io(error) }
    }
}

/// Both are for the operator, too: nobody else can help.
impl From<BlobTrouble> for Failure {
    fn from(trouble: BlobTrouble) -> Self {
        match trouble {
            BlobTrouble::Full => {
                tracing::error!("no space is left for files");
                Refusal::StorageFull.into()
            }
            BlobTrouble::Away(why) => {
                tracing::error!(why, "where files are kept does not answer");
                Refusal::StorageAway.into()
            }
            BlobTrouble::Io(error) => Self::Fault(Box::new(error)),
        }
    }
}

/// The bytes of a blob, or of a part of one.
pub(crate) type Content = BoxStream<'static, io::Result<Bytes>>;

/// Where blobs are kept.
#[derive(Debug)]
pub(crate) enum Objects {
    /// In a folder.
    Folder(Folder),
    /// In a store that speaks S3.
    S3(S3),
}

impl Objects {
    /// Whether nobody else keeps or removes blobs there.
    pub(crate) fn are_own(&self) -> bool {
        match self {
            Self::Folder(_) => true,
            Self::S3(_) => false,
        }
    }

    /// Keeps the file at `path` under its content's name, for good. The file may be gone afterwards.
    pub(crate) async fn put(&self, hash: &BlobHash, path: &Path) -> Result<(), BlobTrouble> {
        match self {
            Self::Folder(folder) => folder.put(hash, path).await,
            Self::S3(s3) => s3.put(hash, path).await,
        }
    }

    /// The bytes in a range, which lies within the blob; `None` if there is no such blob.
    pub(crate) async fn open(&self, hash: &BlobHash, range: Range<u64>) -> Result<Option<Content>, BlobTrouble> {
        match self {
            Self::Folder(folder) => folder.open_blob(hash, range).await,
            Self::S3(s3) => s3.open_blob(hash, range).await,
        }
    }

    /// How many bytes a blob has; `None` if there is no such blob.
    pub(crate) async fn size(&self, hash: &BlobHash) -> Result<Option<u64>, BlobTrouble> {
        match self {
            Self::Folder(folder) => folder.size(hash).await,
            Self::S3(s3) => s3.size(hash).await,
        }
    }

    /// Removes a blob. One that is not there is as good as removed.
    pub(crate) async fn remove(&self, hash: &BlobHash) -> Result<(), BlobTrouble> {
        match self {
            Self::Folder(folder) => folder.remove(hash).await,
            Self::S3(s3) => s3.remove(hash).await,
        }
    }
}
