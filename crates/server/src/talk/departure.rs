//! After a socket: whether its person is gone.

use std::{sync::Arc, time::Duration};

use model::{Actor, NoteSeen, UserId, limits::OFFLINE_AFTER_MS};
use tokio::sync::{mpsc, watch};

use crate::{House, random};

/// What is left to do when a socket has been dropped.
pub(super) struct Departure {
    pub(super) house: Arc<House>,
    pub(super) person: UserId,
    pub(super) closing: watch::Receiver<bool>,
    /// The house waits for it when it closes.
    pub(super) token: mpsc::Sender<()>,
}

impl Departure {
    /// Waits a moment, because a reload is not an absence; not if the house closes. If the person has no other socket then,
    /// they are gone: those who watch them hear of it, and it is kept when that was.
    pub(super) async fn note(mut self) {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(OFFLINE_AFTER_MS)) => {}
            _ = self.closing.wait_for(|closing| *closing) => {}
        }
        if self.house.hub.depart(self.person, (self.house.clock)())
            && let Err(failure) = self.house.execute(Actor::Operator, NoteSeen { person: self.person }).await
        {
            failure.tell(&random::request_id());
        }
        // The house first: whoever waits for the token wants to be the last to hold it.
        drop(self.house);
        drop(self.token);
    }
}
