//! Carries what was committed from the store's feed to the hub, and what was said to those who bring it further.

use std::sync::Arc;

use model::{Change, Event, Stream};
use relay::Hub;
use store::{Fed, Feed};
use tokio::sync::mpsc;

use crate::{hooks::Hooks, push::News};

/// Who is told, besides the hub.
pub(crate) struct Told {
    /// Of what may be pushed; what does not fit in is pushed to nobody.
    pub(crate) push: Option<mpsc::Sender<News>>,
    /// That something was said; what, they read.
    pub(crate) hooks: Option<Arc<Hooks>>,
}

/// Follows the feed until the store closes.
pub(crate) async fn follow<F: Clone + From<String>>(mut feed: Feed, hub: Arc<Hub<F>>, told: Told) {
    while let Some(fed) = feed.next().await {
        match fed {
            Fed::Committed(events) => {
                #[cfg(debug_assertions)]
                store::failpoint::pass(store::failpoint::Failpoint::FanOut);
                if let Some(hooks) = &told.hooks
                    && events.iter().any(|event| matches!(event.change, Change::MessagePosted(_)))
                {
                    hooks.wake();
                }
                if let Some(to) = &told.push {
                    for news in events.iter().filter_map(worth_a_push) {
                        let _ = to.try_send(news);
                    }
                }
                hub.publish(events);
            }
            Fed::Lost => hub.lose_the_thread(),
        }
    }
}

fn worth_a_push(event: &Event) -> Option<News> {
    match (&event.change, event.stream) {
        (Change::MessagePosted(_), Stream::Room(room)) => Some(News::Said(room, event.seq)),
        (Change::Reminded { room, message }, Stream::User(user)) => Some(News::Reminded(user, *room, *message)),
        (_, Stream::Room(_) | Stream::User(_)) => None,
    }
}
