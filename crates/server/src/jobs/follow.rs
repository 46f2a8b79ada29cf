//! Carries what was committed from the store's feed to the hub, and what was said to whom it may be pushed to.

use std::sync::Arc;

use model::{Change, Event, RoomId, Seq, Stream};
use relay::Hub;
use store::{Fed, Feed};
use tokio::sync::mpsc;

/// Follows the feed until the store closes. `said` is told of each message; what does not fit into it is pushed to nobody.
pub(crate) async fn follow<F: Clone + From<String>>(
    mut feed: Feed,
    hub: Arc<Hub<F>>,
    said: Option<mpsc::Sender<(RoomId, Seq)>>,
) {
    while let Some(fed) = feed.next().await {
        match fed {
            Fed::Committed(events) => {
                #[cfg(debug_assertions)]
                store::failpoint::pass(store::failpoint::Failpoint::FanOut);
                if let Some(said) = &said {
                    for message in events.iter().filter_map(message) {
                        let _ = said.try_send(message);
                    }
                }
                hub.publish(events);
            }
            Fed::Lost => hub.lose_the_thread(),
        }
    }
}

fn message(event: &Event) -> Option<(RoomId, Seq)> {
    match (&event.change, event.stream) {
        (Change::MessagePosted(_), Stream::Room(room)) => Some((room, event.seq)),
        (_, Stream::Room(_) | Stream::User(_)) => None,
    }
}
