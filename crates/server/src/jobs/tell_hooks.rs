//! Has outgoing hooks tell what was said.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use model::Refusal;
use store::{Fault, hooks};
use tokio::{sync::watch, time::timeout};

use crate::{Failure, House, hooks::Hooks};

/// Time between two looks, if nothing was said here meanwhile: for what another server has let go of, or is tried again.
const EVERY: Duration = Duration::from_secs(1);
/// The least time between two looks.
const REST: Duration = Duration::from_millis(50);

/// Looks until the house closes. Each hook that has something to tell is told of it by itself.
pub(crate) async fn tell_hooks(house: Weak<House>, tell: Arc<Hooks>, mut closing: watch::Receiver<bool>) {
    loop {
        let woken = async {
            tokio::time::sleep(REST).await;
            drop(timeout(EVERY, tell.woken()).await);
        };
        tokio::select! {
            () = woken => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
        let Some(awake) = house.upgrade() else { return };
        match look(&awake, &tell, &closing).await {
            Ok(()) | Err(Failure::Refused(Refusal::Busy)) => {}
            Err(failure) => drop(failure.tell("tell_hooks")),
        }
    }
}

async fn look(house: &Arc<House>, tell: &Arc<Hooks>, closing: &watch::Receiver<bool>) -> Result<(), Failure> {
    let free = tell.free();
    if free == 0 {
        return Ok(());
    }
    let now = (house.clock)();
    let due = house.store.read::<_, Fault, _>(move |conn| Box::pin(hooks::due(conn, now, free)));
    for id in due.await? {
        tell.send(house, id, closing.clone());
    }
    Ok(())
}
