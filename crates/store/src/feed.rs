//! From the commit to whoever follows it: events, in commit order, and nothing that was rolled back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use model::Event;
use tokio::sync::mpsc;

/// Commits that wait for the follower. More: the follower is told that it lost some, and looks at the log.
const QUEUE_MAX: usize = 4_096;

/// What the follower reads.
#[derive(Debug, PartialEq, Eq)]
pub enum Fed {
    /// The events of one commit.
    Committed(Vec<Event>),
    /// Some commits were dropped because the follower was too slow. The log has them.
    Lost,
}

/// The follower's end.
#[derive(Debug)]
pub struct Feed {
    commits: mpsc::Receiver<Vec<Event>>,
    lost: Arc<AtomicBool>,
}

impl Feed {
    /// The next thing; `None` after the store has closed.
    pub async fn next(&mut self) -> Option<Fed> {
        if self.lost.swap(false, Ordering::AcqRel) {
            return Some(Fed::Lost);
        }
        self.commits.recv().await.map(Fed::Committed)
    }
}

/// The store's end. Never waits: a commit is not held up by who reads of it.
#[derive(Clone, Debug)]
pub(crate) struct Feeder {
    commits: mpsc::Sender<Vec<Event>>,
    lost: Arc<AtomicBool>,
}

impl Feeder {
    pub(crate) fn feed(&self, events: Vec<Event>) {
        if !events.is_empty() && matches!(self.commits.try_send(events), Err(mpsc::error::TrySendError::Full(_))) {
            self.lost.store(true, Ordering::Release);
        }
    }

    /// Events may have been committed that nobody here knows.
    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
        // Wakes a follower that waits for a commit. If the queue is full, it is awake.
        let _ = self.commits.try_send(Vec::new());
    }
}

/// Both ends of a feed.
pub(crate) fn feed() -> (Feeder, Feed) {
    let (sender, commits) = mpsc::channel(QUEUE_MAX);
    let lost = Arc::new(AtomicBool::new(false));
    (Feeder { commits: sender, lost: Arc::clone(&lost) }, Feed { commits, lost })
}
