//! What goes down a line, numbered from 1, until its client has it.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::extract::ws::Utf8Bytes;
use model::limits::{LINE_BYTES_MAX, LINE_FAREWELL_MS};
use protocol::Close;
use tokio::{
    sync::Notify,
    time::{Instant, timeout, timeout_at},
};

/// Nothing more comes: for this reason, or because the client said good-bye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended(pub(crate) Option<Close>);

/// What came down.
#[derive(Debug)]
pub(crate) struct Taken {
    /// The frames, in their order.
    pub(crate) frames: Vec<Utf8Bytes>,
    /// The number of the last frame that has come down.
    pub(crate) last: u64,
    /// Whether the line has ended.
    pub(crate) ended: Option<Ended>,
}

#[derive(Default)]
pub(super) struct Down {
    state: Mutex<State>,
    filled: Notify,
    taken: Notify,
}

#[derive(Default)]
struct State {
    /// Those that the client may not have. The last one's number is `last`.
    frames: VecDeque<Utf8Bytes>,
    bytes: usize,
    last: u64,
    ended: Option<Ended>,
    /// Whether the client knows that.
    told: bool,
}

impl State {
    /// Forgets what the client has. False: it cannot have that.
    fn forget(&mut self, after: u64) -> bool {
        let Some(left) = self.last.checked_sub(after) else { return false };
        while u64::try_from(self.frames.len()).is_ok_and(|held| held > left) {
            let gone = self.frames.pop_front().map_or(0, |frame| frame.len());
            self.bytes -= gone;
        }
        true
    }
}

impl Down {
    /// Puts a frame down as soon as there is space. Whoever stops waiting has not put it.
    pub(super) async fn put(&self, frame: Utf8Bytes) {
        loop {
            let taken = self.taken.notified();
            {
                let mut state = self.state();
                // One that is larger than that goes alone.
                if state.frames.is_empty() || state.bytes + frame.len() <= LINE_BYTES_MAX {
                    state.bytes += frame.len();
                    state.last += 1;
                    state.frames.push_back(frame);
                    break;
                }
            }
            taken.await;
        }
        self.filled.notify_waiters();
    }

    /// What is there after a number, at the latest at that moment. `None`: the number is of the future.
    pub(super) async fn take(&self, after: u64, until: Instant) -> Option<Taken> {
        loop {
            let filled = self.filled.notified();
            {
                let mut state = self.state();
                if !state.forget(after) {
                    return None;
                }
                self.taken.notify_waiters();
                let late = until <= Instant::now();
                if !state.frames.is_empty() || state.ended.is_some() || late {
                    state.told = state.ended.is_some();
                    let frames = state.frames.iter().cloned().collect();
                    return Some(Taken { frames, last: state.last, ended: state.ended });
                }
            }
            let _ = timeout_at(until, filled).await;
        }
    }

    /// Nothing more comes. Waits a moment for the client to hear why.
    pub(super) async fn end(&self, why: Option<Close>) {
        self.state().ended = Some(Ended(why));
        self.filled.notify_waiters();
        let told = async {
            loop {
                let taken = self.taken.notified();
                if self.state().told {
                    return;
                }
                taken.await;
            }
        };
        let _ = timeout(Duration::from_millis(LINE_FAREWELL_MS), told).await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn texts(taken: &Taken) -> Vec<&str> {
        taken.frames.iter().map(Utf8Bytes::as_str).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_down_is_given_until_the_client_has_it() {
        let (down, now) = (Down::default(), Instant::now());
        down.put("a".into()).await;
        down.put("b".into()).await;
        let first = down.take(0, now).await.unwrap();
        assert_eq!((texts(&first), first.last), (vec!["a", "b"], 2));
        assert_eq!(texts(&down.take(0, now).await.unwrap()), ["a", "b"], "the answer was lost");
        assert_eq!(texts(&down.take(1, now).await.unwrap()), ["b"]);
        assert!(down.take(2, now).await.unwrap().frames.is_empty());
        assert!(down.take(3, now).await.is_none(), "nobody has what has not come");
        assert!(down.take(u64::MAX, now).await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_hears_at_once_and_nothing_after_its_time() {
        let down = Down::default();
        let begun = Instant::now();
        let (waited, ()) = tokio::join!(down.take(0, begun + Duration::from_secs(25)), async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            down.put("late".into()).await;
        });
        assert_eq!(texts(&waited.unwrap()), ["late"]);
        assert_eq!(begun.elapsed(), Duration::from_secs(3));
        let nothing = down.take(1, begun + Duration::from_secs(28)).await.unwrap();
        assert!(nothing.frames.is_empty() && nothing.ended.is_none());
        assert_eq!(begun.elapsed(), Duration::from_secs(28));
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_takes_nothing_makes_the_next_wait() {
        let down = Down::default();
        let large = "x".repeat(LINE_BYTES_MAX);
        down.put(large.into()).await;
        assert!(down.put("next".into()).now_or_never().is_none());
        let (taken, ()) = tokio::join!(down.take(1, Instant::now() + Duration::from_secs(1)), down.put("next".into()));
        assert_eq!(texts(&taken.unwrap()), ["next"]);
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_is_told_to_who_still_asks() {
        let (down, begun) = (Down::default(), Instant::now());
        down.put("last".into()).await;
        let (told, ()) = tokio::join!(down.take(1, begun + Duration::from_secs(25)), down.end(Some(Close::GoingAway)));
        assert_eq!(told.unwrap().ended, Some(Ended(Some(Close::GoingAway))));
        assert_eq!(begun.elapsed(), Duration::ZERO);
        let nobody = Down::default();
        nobody.end(None).await;
        assert_eq!(begun.elapsed(), Duration::from_millis(LINE_FAREWELL_MS));
    }
}
