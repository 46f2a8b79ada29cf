//! Work of which a little is done at once, a little more may wait, and the rest is told to come back.

use std::sync::Arc;

use model::Refusal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Failure;

/// The queue for one kind of work.
pub(crate) struct Turns {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// The right to work, until it is dropped.
pub(crate) struct Turn {
    _turn: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Turns {
    pub(crate) fn new(at_once: usize, waiting: usize) -> Self {
        let [turns, places] = [at_once, at_once + waiting].map(|n| Arc::new(Semaphore::new(n)));
        Self { turns, places }
    }

    /// Waits for a turn, unless too many do.
    pub(crate) async fn take(&self) -> Result<Turn, Failure> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Refusal::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        turn.map(|turn| Turn { _turn: turn, _place: place }).map_err(|_| Failure::broken("a queue is closed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_comes_when_enough_wait_is_told_that_the_server_is_busy() {
        let turns = Turns::new(1, 1);
        let first = turns.take().await;
        let (second, third) = tokio::join!(
            async {
                let turn = turns.take().await;
                turn.is_ok()
            },
            async {
                let third = turns.take().await;
                drop(first);
                third.err()
            }
        );
        assert!(second);
        assert!(matches!(third, Some(Failure::Refused(Refusal::Busy))));
    }
}
