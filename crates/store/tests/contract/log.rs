//! The log of a stream has a bound.

use model::{
    Seq, Stream,
    limits::{EVENTS_DROPPED, EVENTS_KEPT},
};
use store::{Fault, Lane, users};

use crate::{
    archive::{Archive, NOW, at_both},
    cast::{history, lobby, log, post},
};

at_both!(the_log_forgets_the_oldest_events_and_no_message, async |archive: Archive| {
    let (alice, _, lobby) = lobby(&archive).await;
    let (stream, user) = (Stream::Room(lobby.id), alice.id);
    post(&archive, &alice, &lobby, "first", "the first").await;
    // The person's stream, not the room's, is filled: it is the quicker one.
    let fill = archive.store.write(Lane::One(Stream::User(user)), move |tx| {
        Box::pin(async move {
            for n in 1..EVENTS_KEPT + 3 * EVENTS_DROPPED {
                users::set_receipts(tx, user, n % 2 == 0, NOW).await?;
            }
            Ok::<_, Fault>(())
        })
    });
    fill.await.unwrap();
    let kept = log(&archive, Stream::User(user), 0).await;
    let (first, last) = (kept.first().unwrap().seq, kept.last().unwrap().seq);
    assert_eq!(last.number(), EVENTS_KEPT + 3 * EVENTS_DROPPED);
    let trimmed = last.number() - last.number() % EVENTS_DROPPED;
    assert_eq!(first.number(), trimmed - EVENTS_KEPT + 1);
    assert_eq!(kept.len() as u64, last.number() - first.number() + 1, "no gap in what is kept");
    // Another stream has lost nothing.
    assert_eq!(log(&archive, stream, 0).await[0].seq, Seq::new(1));
    assert_eq!(history(&archive, &alice, &lobby, 1 << 40, 50).await.len(), 1);
});
