//! Removes the files that nobody wants any more, and the blobs that no file names.
//!
//! It may run on several servers at once, and be cut at any point: what is doomed stays so until it is gone.

use std::{sync::Weak, time::Duration};

use model::{Actor, Refusal};
use tokio::{sync::watch, time::timeout};

use crate::{
    Failure, House,
    command::{ForgetBlob, LeaseBlobs, SweepFiles},
    files::Files,
};

/// Time between two sweeps, if nobody asks for one sooner.
const EVERY: Duration = Duration::from_mins(1);
/// The time that this server has to remove what it has taken on, in milliseconds. Then another may try.
const LEASE_MS: i64 = 20_000;
/// The time that removing one blob may take: well within the lease of several.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sweeps until the house closes.
pub(crate) async fn sweep(house: Weak<House>, files: Files, mut closing: watch::Receiver<bool>) {
    // A folder is this server's alone: what another had taken on here, it did in a life that is over.
    let mut ahead_ms = if files.objects().are_own() { LEASE_MS } else { 0 };
    loop {
        let Some(house) = house.upgrade() else { return };
        let swept = sweep_once(&house, &files, ahead_ms).await;
        ahead_ms = 0;
        match swept {
            Ok(()) | Err(Failure::Refused(Refusal::Busy | Refusal::StorageAway)) => {}
            Err(failure) => drop(failure.tell("sweep")),
        }
        drop(house);
        let asked = async { drop(timeout(EVERY, files.swept_soon()).await) };
        tokio::select! {
            () = asked => {}
            _ = closing.wait_for(|closing| *closing) => return,
        }
    }
}

async fn sweep_once(house: &House, files: &Files, ahead_ms: i64) -> Result<(), Failure> {
    loop {
        let removed = house.execute(Actor::Operator, SweepFiles).await?;
        for id in &removed {
            files.unspool(*id);
        }
        if removed.is_empty() {
            break;
        }
    }
    loop {
        let now = (house.clock)().plus_ms(ahead_ms);
        let until = now.plus_ms(LEASE_MS);
        let began = tokio::time::Instant::now();
        let leased = house.execute(Actor::Operator, LeaseBlobs { now, until }).await?;
        if leased.is_empty() {
            return Ok(());
        }
        for hash in leased {
            // What is not reached in time is for the next sweep.
            if began.elapsed() + PATIENCE >= Duration::from_millis(LEASE_MS.unsigned_abs()) {
                return Ok(());
            }
            let removed = timeout(PATIENCE, files.objects().remove(&hash)).await;
            removed.map_err(|_| Refusal::StorageAway)??;
            house.execute(Actor::Operator, ForgetBlob { hash }).await?;
        }
    }
}
