//! Says what was to be said later, when its time has come.
//!
//! The message's key makes it one message, however often it is said: by two servers at once, or again after a fall between saying it and
//! noting so.

use std::{sync::Weak, time::Duration};

use model::{Actor, MarkUnread, Person, PostMessage, Posted, Scheduled, Scopes, Session, SessionId};
use store::{Fault, scheduled};
use tokio::{sync::watch, time::timeout};

use crate::{Failure, House, command::SettleScheduled};

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// So many are said at one look.
const AT_ONCE: usize = 50;

/// Looks until the house closes.
pub(crate) async fn say_due(house: Weak<House>, mut closing: watch::Receiver<bool>) {
    while timeout(EVERY, closing.wait_for(|closing| *closing)).await.is_err() {
        let Some(house) = house.upgrade() else { return };
        let now = (house.clock)();
        let due = house
            .store
            .read::<_, Fault, _>(move |conn| Box::pin(async move { scheduled::due(conn, now, AT_ONCE).await }));
        match due.await {
            Ok(due) => {
                for (author, what) in due {
                    if let Err(failure) = say(&house, author, what).await {
                        drop(failure.tell("say_due"));
                    }
                }
            }
            Err(fault) => drop(Failure::from(fault).tell("say_due")),
        }
    }
}

/// Says one. What stands in the way for good is noted for its author; what may pass is tried again.
async fn say(house: &House, author: Person, what: Scheduled) -> Result<(), Failure> {
    let (user, key, remind) = (author.id, what.key.clone(), what.remind);
    let session = Session { id: SessionId::new(0), person: author, admin: false, scopes: Scopes::ALL };
    let post =
        PostMessage { room: what.room, key: what.key, body: what.text, files: Vec::new(), reply: None, forward: None };
    let outcome = match house.execute(Actor::SignedIn(session.clone()), post).await {
        Ok(posted) => {
            if remind {
                show(house, session, &posted).await?;
            }
            Ok(posted)
        }
        Err(Failure::Refused(refusal)) if protocol::Code::from(refusal).retry() == protocol::Retry::Never => {
            Err(protocol::Code::from(refusal).to_string())
        }
        Err(failure) => return Err(failure),
    };
    house.execute(Actor::Operator, SettleScheduled { user, key, outcome, remind }).await
}

/// Has what its person is reminded of stand out on all their devices, also on those that are away now: one's own words are read already.
async fn show(house: &House, session: Session, posted: &Posted) -> Result<(), Failure> {
    let mark = MarkUnread { room: posted.room, message: posted.seq, on: true };
    match house.execute(Actor::SignedIn(session), mark).await {
        // It was said: whoever took it away, or left meanwhile, has seen it.
        Ok(_) | Err(Failure::Refused(_)) => Ok(()),
        Err(failure) => Err(failure),
    }
}
