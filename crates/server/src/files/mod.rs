//! Files: from the first announced byte to a blob that is kept for good.
//!
//! What arrives is written to the spool, a folder on this machine, which is empty after every start: an upload that a restart cut
//! begins anew. When the last byte has come, the file is looked into, a picture is made anew, blobs are named in the database,
//! written for good, and only then the file counts as finished and can go with a message.

mod arrival;
mod emoji;
mod finish;
mod portrait;
mod sniff;
mod worker;

pub(crate) use arrival::{Progress, progress, receive};
pub(crate) use emoji::add_emoji;
pub(crate) use portrait::portray;
pub(crate) use worker::{Places, Wanted};

use std::{
    collections::HashMap,
    fmt, fs, io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use model::FileId;
use tokio::sync::Notify;

use self::{arrival::Arrival, worker::Worker};
use crate::blobs::{BlobTrouble, Folder, Objects, S3, S3Settings};

/// What an operator decides about files.
#[derive(Clone, Debug)]
pub struct FileSettings {
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// The most bytes of all files of one person.
    pub quota_bytes: u64,
    /// The folder of the spool, and of the blobs unless they are kept elsewhere.
    pub folder: PathBuf,
    /// The store that keeps the blobs, if it is not the folder.
    pub s3: Option<S3Settings>,
    /// The program that makes pictures when it is run with `picture-worker`: this one.
    pub worker: PathBuf,
}

/// Where files are. Cheap to clone.
#[derive(Clone)]
pub struct Files {
    inner: Arc<Inner>,
}

struct Inner {
    max_bytes: u64,
    quota_bytes: u64,
    spool: PathBuf,
    objects: Objects,
    worker: Worker,
    /// Uploads to which somebody is adding just now.
    arriving: Mutex<HashMap<FileId, Arc<Arrival>>>,
    sweep: Notify,
    /// Held as long as this server lives.
    _lock: fs::File,
}

impl Files {
    /// Opens the place of files: makes its folders, and empties the spool. One server at a time has a folder; another is told
    /// [`io::ErrorKind::WouldBlock`].
    pub fn open(settings: FileSettings) -> Result<Self, BlobTrouble> {
        fs::create_dir_all(&settings.folder)?;
        let lock = fs::File::create(settings.folder.join("lock"))?;
        lock.try_lock().map_err(io::Error::from)?;
        let spool = settings.folder.join("spool");
        if fs::exists(&spool)? {
            fs::remove_dir_all(&spool)?;
        }
        fs::create_dir_all(&spool)?;
        let objects = match settings.s3 {
            Some(s3) => Objects::S3(S3::open(&s3)?),
            None => Objects::Folder(Folder::open(settings.folder.join("blobs"))?),
        };
        let FileSettings { max_bytes, quota_bytes, worker, .. } = settings;
        let inner = Inner {
            max_bytes,
            quota_bytes,
            spool,
            objects,
            worker: Worker::new(worker),
            arriving: Mutex::default(),
            sweep: Notify::new(),
            _lock: lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(crate) fn max_bytes(&self) -> u64 {
        self.inner.max_bytes
    }

    pub(crate) fn quota_bytes(&self) -> u64 {
        self.inner.quota_bytes
    }

    pub(crate) fn objects(&self) -> &Objects {
        &self.inner.objects
    }

    pub(crate) fn worker(&self) -> &Worker {
        &self.inner.worker
    }

    /// Something may be doomed: the sweep need not wait for its time.
    pub(crate) fn sweep_soon(&self) {
        self.inner.sweep.notify_one();
    }

    /// Waits until somebody said so.
    pub(crate) async fn swept_soon(&self) {
        self.inner.sweep.notified().await;
    }

    /// Where an upload's bytes are while it is not finished.
    pub(crate) fn spooled(&self, id: FileId) -> PathBuf {
        self.inner.spool.join(id.to_string())
    }

    /// Where what is made of a picture is, before it is kept.
    pub(crate) fn places(&self, id: FileId) -> Places {
        let place = |what| self.inner.spool.join(format!("{id}.{what}"));
        Places { whole: place("whole"), preview: place("preview") }
    }

    /// Forgets what was spooled of a file.
    pub(crate) fn unspool(&self, id: FileId) {
        let Places { whole, preview } = self.places(id);
        for path in [self.spooled(id), whole, preview] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(%error, "a spooled file could not be removed");
                }
                Ok(()) | Err(_) => {}
            }
        }
    }

    /// The one place where bytes of this upload are added.
    fn arrival(&self, id: FileId) -> Arc<Arrival> {
        let mut arriving = self.inner.arriving.lock().unwrap_or_else(PoisonError::into_inner);
        // Those whose last holder is gone are of no use.
        arriving.retain(|_, arrival| Arc::strong_count(arrival) > 1);
        Arc::clone(arriving.entry(id).or_default())
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("spool", &self.inner.spool).finish_non_exhaustive()
    }
}
