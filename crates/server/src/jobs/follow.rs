//! Carries what was committed from the store's feed to the hub.

use std::sync::Arc;

use relay::Hub;
use store::{Fed, Feed};

/// Follows the feed until the store closes.
pub(crate) async fn follow<F: Clone + From<String>>(mut feed: Feed, hub: Arc<Hub<F>>) {
    while let Some(fed) = feed.next().await {
        match fed {
            Fed::Committed(events) => {
                #[cfg(debug_assertions)]
                store::failpoint::pass(store::failpoint::Failpoint::FanOut);
                hub.publish(events);
            }
            Fed::Lost => hub.lose_the_thread(),
        }
    }
}
