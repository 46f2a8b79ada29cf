//! A lane: one connection that writes, and the queue of those who wait for it. What waits is committed together.
//!
//! In come jobs, each the body of one command; out go their results, after the commit, and the committed events, in commit
//! order, onto the feed. Each job has a savepoint of its own: one that is refused undoes itself and nobody else. After a
//! failed commit nobody is told that anything was kept, and the connection is thrown away.

use std::{future::Future, panic::AssertUnwindSafe, pin::Pin};

use futures_util::FutureExt;
use model::Stream;
use tokio::sync::mpsc;

#[cfg(debug_assertions)]
use crate::failpoint::{self, Failpoint};
use crate::{
    Fault, Tx,
    engine::{Begin, Conn},
    feed::Feeder,
};

/// Jobs that wait for one lane. One more is told that the queue is full.
pub(crate) const QUEUE_MAX: usize = 1_024;
/// Jobs committed together. More wait for the next commit.
pub(crate) const BATCH_MAX: usize = 64;

/// Which lane a command takes. What touches one stream takes that stream's lane, so that its events keep their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Writes to this stream and no other: may share a transaction with its like.
    One(Stream),
    /// Writes to this stream and to others.
    Many(Stream),
    /// Writes to no stream, or to one that does not exist yet.
    Any,
}

pub(crate) type Running<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// Tells the one who waits, once it is known whether the commit held.
pub(crate) type Reply = Box<dyn FnOnce(Result<(), Fault>) + Send>;

/// What a job came to.
pub(crate) enum Verdict {
    /// Its writes stand.
    Keep(Reply),
    /// Its writes are undone.
    Undo(Reply),
}

/// The body of one command.
pub(crate) struct Job {
    pub(crate) lane: Lane,
    pub(crate) body: Box<dyn FnOnce(Tx) -> Running<(Tx, Verdict)> + Send>,
}

impl Job {
    /// Whether `other` may share a transaction with this one where transactions hold row locks.
    fn pairs_with(&self, other: &Self) -> bool {
        matches!((self.lane, other.lane), (Lane::One(a), Lane::One(b)) if a == b)
    }
}

/// Which jobs may share a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grouping {
    /// All: there is one writer.
    Everything,
    /// Those of one stream: two writers that lock several rows each could wait for one another.
    SameStream,
}

/// Works until the queue is closed.
pub(crate) async fn work<O>(mut jobs: mpsc::Receiver<Job>, grouping: Grouping, feeder: Feeder, mut open: O)
where
    O: AsyncFnMut() -> Result<Conn, Fault>,
{
    let mut conn = None;
    let mut held = None;
    let mut doubt = false;
    while let Some(first) = match held.take() {
        Some(job) => Some(job),
        None => jobs.recv().await,
    } {
        let mut batch = vec![first];
        while batch.len() < BATCH_MAX {
            let Ok(next) = jobs.try_recv() else { break };
            if grouping == Grouping::Everything || batch[0].pairs_with(&next) {
                batch.push(next);
            } else {
                held = Some(next);
                break;
            }
        }
        let ready = match conn.take().filter(Conn::is_alive) {
            Some(ready) => Ok(ready),
            None => open().await,
        };
        match ready {
            Ok(ready) => {
                if std::mem::take(&mut doubt) {
                    // What the failed commit wrote may have come to light with the new connection, and nobody was told.
                    feeder.lose();
                }
                // A panic in a job takes its connection and its batch with it, and no other.
                conn = AssertUnwindSafe(commit(ready, batch, &feeder)).catch_unwind().await.unwrap_or(None);
                doubt = conn.is_none();
            }
            Err(fault) => refuse(batch, &fault),
        }
    }
}

/// Without a connection nothing runs: the senders of the results are dropped, and those who wait learn that.
fn refuse(batch: Vec<Job>, fault: &Fault) {
    tracing::error!(%fault, "the database cannot be reached");
    drop(batch);
}

/// Runs a batch and commits it. Gives the connection back if it can be used again.
async fn commit(mut conn: Conn, batch: Vec<Job>, feeder: &Feeder) -> Option<Conn> {
    let mut replies = Vec::with_capacity(batch.len());
    let mut events = Vec::new();
    let mut kept = false;
    let mut held = conn.begin(Begin::Write).await;
    #[cfg(debug_assertions)]
    failpoint::pass(Failpoint::BeforeWrite);
    for job in batch {
        if held.is_err() {
            break;
        }
        held = conn.batch("SAVEPOINT job").await;
        if held.is_err() {
            break;
        }
        let (tx, verdict) = (job.body)(Tx::new(conn)).await;
        let (returned, recorded) = tx.into_parts();
        conn = returned;
        #[cfg(debug_assertions)]
        failpoint::pass(Failpoint::AfterWrite);
        match verdict {
            Verdict::Keep(reply) => {
                events.extend(recorded);
                replies.push(reply);
                kept = true;
                held = conn.batch("RELEASE SAVEPOINT job").await;
            }
            Verdict::Undo(reply) => {
                replies.push(reply);
                held = conn.batch("ROLLBACK TO SAVEPOINT job; RELEASE SAVEPOINT job").await;
            }
        }
    }
    #[cfg(debug_assertions)]
    failpoint::pass(Failpoint::BeforeCommit);
    if held.is_ok() {
        // What undid itself leaves nothing to wait for the disk for; a refusal also must not take the time of a write.
        held = conn.end(if kept { "COMMIT" } else { "ROLLBACK" }).await;
    }
    match held {
        Ok(()) => {
            #[cfg(debug_assertions)]
            failpoint::pass(Failpoint::AfterCommit);
            feeder.feed(events);
            for reply in replies {
                reply(Ok(()));
                #[cfg(debug_assertions)]
                failpoint::pass(Failpoint::AfterReply);
            }
            Some(conn)
        }
        Err(fault) => {
            tracing::error!(%fault, "a commit failed");
            // It may have held all the same: whoever follows has to look at the log.
            feeder.lose();
            for reply in replies {
                reply(Err(Fault::new("the commit failed")));
            }
            // Its state is unknown, and after a failed fsync so is the file's: start again from what is on disk.
            drop(conn);
            None
        }
    }
}
