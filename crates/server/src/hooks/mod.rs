//! Hooks: rooms open to programs elsewhere. Incoming ones take what Slack's take (`slack.rs`); outgoing ones tell another server what
//! is said (`tell.rs`), signed as Standard Webhooks are (`sign.rs`).
//!
//! An outgoing hook reads the room by a place of its own, which is kept: nothing waits in memory, and a server that stops goes on where it
//! was. What it tells comes in the room's order, at least once; a repeat has the same `webhook-id`.

mod sign;
pub(crate) mod slack;
mod tell;

use std::sync::{Arc, Weak};

use axum::http::Uri;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use model::{
    HookId, HookKey, Refusal,
    limits::{HOOK_URL_BYTES_MAX, HOOKS_AT_ONCE},
};
use tokio::sync::{Notify, Semaphore, watch};

use crate::{
    Failure, House,
    outbound::{NoAnswer, Outbound},
};

/// What telling needs.
pub(crate) struct Hooks {
    outbound: Arc<Outbound>,
    said: Notify,
    turns: Arc<Semaphore>,
}

impl Hooks {
    pub(crate) fn new(outbound: Arc<Outbound>) -> Self {
        Self { outbound, said: Notify::new(), turns: Arc::new(Semaphore::new(HOOKS_AT_ONCE)) }
    }

    /// Something was said.
    pub(crate) fn wake(&self) {
        self.said.notify_one();
    }

    /// Waits until something was said.
    pub(crate) async fn woken(&self) {
        self.said.notified().await;
    }

    /// How many hooks can be told of something at the moment.
    pub(crate) fn free(&self) -> usize {
        self.turns.available_permits()
    }

    /// Gives a hook its turn, if one is free.
    pub(crate) fn send(self: &Arc<Self>, house: &Arc<House>, id: HookId, mut closing: watch::Receiver<bool>) {
        let Ok(turn) = Arc::clone(&self.turns).try_acquire_owned() else { return };
        let (hooks, house): (_, Weak<House>) = (Arc::clone(self), Arc::downgrade(house));
        tokio::spawn(async move {
            tokio::select! {
                () = tell::tell(&house, &hooks, id) => {}
                // Whoever closes the house does not wait for a stranger's server. The lease ends by itself.
                _ = closing.wait_for(|closing| *closing) => {}
            }
            drop(turn);
            // There may be more for it, or for those who waited.
            hooks.wake();
        });
    }

    /// Refuses an address to which nothing can be brought.
    pub(crate) async fn admit(&self, url: &str) -> Result<(), Failure> {
        let uri = url.parse::<Uri>().ok().filter(|_| url.len() <= HOOK_URL_BYTES_MAX).ok_or(Refusal::HookInvalid)?;
        match self.outbound.check(&uri).await {
            Ok(()) => Ok(()),
            Err(NoAnswer::Forbidden(_) | NoAnswer::Away(_)) => Err(Refusal::HookInvalid.into()),
        }
    }
}

/// A signing key as Standard Webhooks write it.
pub(crate) fn written(key: &HookKey) -> String {
    format!("whsec_{}", STANDARD.encode(key.reveal()))
}
