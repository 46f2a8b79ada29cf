//! Blobs in a folder: `blobs/ab/abcd…`.
//!
//! A file is written elsewhere in the same folder, made durable, and then moved to its name, which is made durable too. So under
//! its name a blob is whole or not there at all, whenever the power fails.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

use axum::body::Bytes;
use futures_util::{StreamExt, stream};
use store::blobs::BlobHash;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::{BlobTrouble, Content};

/// Bytes read at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Blobs in a folder.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder, made if it is missing.
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&root)?;
        Ok(Self { root })
    }

    pub(super) async fn put(&self, hash: &BlobHash, path: &Path) -> Result<(), BlobTrouble> {
        let (from, to, root) = (path.to_owned(), self.path(hash), self.root.clone());
        let moved = tokio::task::spawn_blocking(move || keep(&from, &to, &root));
        Ok(moved.await.map_err(io::Error::other)??)
    }

    pub(super) async fn open_file(&self, hash: &BlobHash) -> Result<Option<tokio::fs::File>, BlobTrouble> {
        match tokio::fs::File::open(self.path(hash)).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn open_blob(&self, hash: &BlobHash, range: Range<u64>) -> Result<Option<Content>, BlobTrouble> {
        let Some(mut file) = self.open_file(hash).await? else { return Ok(None) };
        file.seek(SeekFrom::Start(range.start)).await?;
        Ok(Some(content(file, range.end - range.start)))
    }

    pub(super) async fn size(&self, hash: &BlobHash) -> Result<Option<u64>, BlobTrouble> {
        match tokio::fs::metadata(self.path(hash)).await {
            Ok(about) => Ok(Some(about.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn remove(&self, hash: &BlobHash) -> Result<(), BlobTrouble> {
        match tokio::fs::remove_file(self.path(hash)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn path(&self, hash: &BlobHash) -> PathBuf {
        let name = hash.as_str();
        self.root.join(name.get(..2).unwrap_or("00")).join(name)
    }
}

/// The next `rest` bytes of a file, piece by piece.
pub(super) fn content(file: tokio::fs::File, rest: u64) -> Content {
    let pieces = stream::try_unfold((file, rest), async |(mut file, rest)| {
        if rest == 0 {
            return Ok(None);
        }
        let mut piece = vec![0; usize::try_from(rest).unwrap_or(PIECE_BYTES).min(PIECE_BYTES)];
        let read = file.read(&mut piece).await?;
        if read == 0 {
            return Err(io::Error::from(ErrorKind::UnexpectedEof));
        }
        piece.truncate(read);
        Ok(Some((Bytes::from(piece), (file, rest - read as u64))))
    });
    pieces.boxed()
}

fn keep(from: &Path, to: &Path, root: &Path) -> io::Result<()> {
    let folder = to.parent().unwrap_or(root);
    if fs::exists(to)? {
        // The same content was here before: perhaps only just, and its name is not durable yet.
        return File::open(folder)?.sync_all();
    }
    File::open(from)?.sync_all()?;
    match fs::create_dir(folder) {
        Ok(()) => File::open(root)?.sync_all()?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    fs::rename(from, to)?;
    File::open(folder)?.sync_all()
}
