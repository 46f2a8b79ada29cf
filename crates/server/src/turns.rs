//! Work of which a little is done at once, a little more may wait, and the rest is told to come back. One person has one turn at a
//! time: whoever asks for what takes long keeps themselves waiting, and hardly the others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use model::{Refusal, UserId, limits::TURNS_OF_ONE_MAX};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Failure;

/// The queue for one kind of work.
pub(crate) struct Turns {
    free: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// For each person who works or waits, the right to work.
    own: Mutex<HashMap<UserId, Weak<Semaphore>>>,
}

/// The right to work, until it is dropped. It goes with the work: who stops waiting for that does not let more of it begin.
pub(crate) struct Turn {
    _work: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
    _own: OwnedSemaphorePermit,
}

impl Turns {
    pub(crate) fn new(at_once: usize, waiting: usize) -> Self {
        let [free, places] = [at_once, at_once + waiting].map(|n| Arc::new(Semaphore::new(n)));
        Self { free, places, own: Mutex::default() }
    }

    /// Waits for a turn, unless too many do.
    pub(crate) async fn take(&self, who: UserId) -> Result<Turn, Failure> {
        let own = self.own(who)?.acquire_owned().await.map_err(closed)?;
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Refusal::Busy)?;
        let turn = Arc::clone(&self.free).acquire_owned().await.map_err(closed)?;
        Ok(Turn { _work: turn, _place: place, _own: own })
    }

    /// A person's own right to work, unless too much of theirs waits for it.
    fn own(&self, who: UserId) -> Result<Arc<Semaphore>, Refusal> {
        let mut all = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        // Each that works or waits holds it; nobody does any more who has gone.
        all.retain(|_, own| own.strong_count() > 0);
        let own = all.get(&who).and_then(Weak::upgrade).unwrap_or_else(|| Arc::new(Semaphore::new(1)));
        if Arc::strong_count(&own) > TURNS_OF_ONE_MAX {
            return Err(Refusal::Busy);
        }
        all.insert(who, Arc::downgrade(&own));
        Ok(own)
    }

    /// How many could begin at once.
    #[cfg(test)]
    pub(crate) fn free(&self) -> usize {
        self.free.available_permits()
    }
}

fn closed(_: tokio::sync::AcquireError) -> Failure {
    Failure::broken("a queue is closed")
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const ALICE: UserId = UserId::new(1);
    const BOB: UserId = UserId::new(2);
    const CAROL: UserId = UserId::new(3);

    #[tokio::test]
    async fn whoever_comes_when_enough_wait_is_told_that_the_server_is_busy() {
        let turns = Turns::new(1, 1);
        let first = turns.take(ALICE).await;
        let (second, third) = tokio::join!(
            async {
                let turn = turns.take(BOB).await;
                turn.is_ok()
            },
            async {
                let third = turns.take(CAROL).await;
                drop(first);
                third.err()
            }
        );
        assert!(second);
        assert!(matches!(third, Some(Failure::Refused(Refusal::Busy))));
    }

    #[tokio::test]
    async fn whoever_asks_for_much_waits_for_themselves_and_not_the_others() {
        let turns = Turns::new(2, 16);
        let first = turns.take(ALICE).await.ok();
        let mut waiting: Vec<_> = (1..TURNS_OF_ONE_MAX).map(|_| Box::pin(turns.take(ALICE))).collect();
        for more in &mut waiting {
            assert!(more.now_or_never().is_none(), "two of one person work at once");
        }
        assert!(matches!(turns.take(ALICE).await, Err(Failure::Refused(Refusal::Busy))));
        assert!(turns.take(BOB).now_or_never().is_some_and(|turn| turn.is_ok()), "the other turn is for others");
        drop(first);
        assert!(waiting.remove(0).await.is_ok());
        drop(waiting);
        assert_eq!(turns.free(), 2);
        assert!(turns.take(BOB).await.is_ok());
        assert_eq!(turns.own.lock().unwrap().len(), 1, "who has gone is forgotten");
    }
}
