//! Looks at the log for what other servers have written there.
//!
//! The feed tells what this server commits. Where others commit too, the heads of the streams that are listened to are compared
//! with the log every so often, and whoever lacks something is told so and reads it there.

use std::{sync::Arc, time::Duration};

use relay::Hub;
use store::{Fault, Store, streams};
use tokio::sync::watch;

/// Time between two looks. What was not heard at one look and not at the next is behind: half a moment, and no traffic.
const EVERY: Duration = Duration::from_millis(750);

/// Looks until the house closes.
pub(crate) async fn look<F>(store: Store, hub: Arc<Hub<F>>, mut closing: watch::Receiver<bool>)
where
    F: Clone + From<String>,
{
    while tokio::time::timeout(EVERY, closing.wait_for(|closing| *closing)).await.is_err() {
        let streams = hub.listened();
        let read = store.read::<_, Fault, _>(move |conn| Box::pin(async move { streams::heads(conn, &streams).await }));
        match read.await {
            Ok(heads) => hub.look(heads),
            Err(fault) => tracing::warn!(%fault, "the log could not be looked at"),
        }
    }
}
