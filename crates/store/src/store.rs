//! The archive: opening it, writing to it, reading from it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use model::{Epoch, Stream, Timestamp};
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};

use crate::{
    DatabaseUrl, Fault, Tx,
    engine::{
        Conn, Engine,
        lane::{self, Job, Lane, Verdict},
        readers::Readers,
    },
    feed::{Feed, feed},
    identity, migrate,
};

/// Why a database was not opened, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It has tables, and they are not ours.
    #[error("this database belongs to another program; give Stonechat an empty one of its own")]
    AnotherProduct,
    /// A later Stonechat has written it.
    #[error(
        "this database has schema {found}, and this program knows {known} at most: it was written by a newer Stonechat; \
         run that version, or restore the backup from before the upgrade"
    )]
    NewerSchema {
        /// The schema found.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// It could not be read.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An open archive. Cheap to clone. After the last clone is dropped, what waits is written and the feed ends.
#[derive(Clone)]
pub struct Store {
    // Dropped before the lanes: the last connection to close is then one that can write, and it tidies up an SQLite file.
    readers: Readers,
    lanes: Arc<[mpsc::Sender<Job>]>,
    epoch: Epoch,
    shared: bool,
}

/// What opening gives.
pub struct Opened {
    /// The archive.
    pub store: Store,
    /// What it commits from now on.
    pub feed: Feed,
    /// Whether it was made just now.
    pub is_new: bool,
}

impl Store {
    /// Opens the archive, making or upgrading it as needed. `fresh` becomes the epoch of a new one.
    pub async fn open(url: &DatabaseUrl, fresh: Epoch, now: Timestamp) -> Result<Opened, OpenError> {
        let (feeder, feed) = feed();
        let engine = Engine::of(url)?;
        let mut conn = engine.connect().await?;
        migrate::migrate(&mut conn, now).await?;
        let (epoch, is_new) = identity::claim(&mut conn, &fresh, now).await?;
        drop(conn);
        let lanes = engine.lanes(&feeder)?.into();
        let shared = matches!(engine, Engine::Postgres(_));
        let readers = Readers::of(engine);
        Ok(Opened { store: Self { readers, lanes, epoch, shared }, feed, is_new })
    }

    /// The life of this database.
    #[must_use]
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Whether other servers may write to it, too: then the feed does not tell everything.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Runs `body` in a transaction of its own and answers after the commit. If it gives an error, nothing of it stands.
    ///
    /// A full queue is a passing fault. What was begun runs to its end even if the caller stops waiting.
    pub async fn write<T, E, F>(&self, lane: Lane, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            lane,
            body: Box::new(move |mut tx| {
                Box::pin(async move {
                    let result = body(&mut tx).await;
                    let kept = result.is_ok();
                    let reply: lane::Reply = Box::new(move |held: Result<(), Fault>| {
                        let _ = answer.send(held.map_err(E::from).and(result));
                    });
                    (tx, if kept { Verdict::Keep(reply) } else { Verdict::Undo(reply) })
                })
            }),
        };
        let gone = || E::from(Fault::new("the write was not done"));
        self.lane(lane).try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => E::from(Fault::full()),
            TrySendError::Closed(_) => gone(),
        })?;
        answered.await.map_err(|_| gone())?
    }

    /// Runs `body` on one state of everything.
    pub async fn read<T, E, F>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: for<'c> FnOnce(&'c mut Conn) -> BoxFuture<'c, Result<T, E>> + Send + 'static,
    {
        self.readers.read(body).await
    }

    fn lane(&self, lane: Lane) -> &mpsc::Sender<Job> {
        let turn = match lane {
            Lane::One(stream) | Lane::Many(stream) => match stream {
                Stream::Room(id) => id.number().unsigned_abs(),
                Stream::User(id) => id.number().unsigned_abs(),
            },
            Lane::Any => 0,
        };
        let count = self.lanes.len() as u64;
        &self.lanes[usize::try_from(turn % count).unwrap_or(0)]
    }
}
