//! Which of these people share a room with somebody?

use std::collections::BTreeSet;

use model::{Refusal, Timestamp, UserId, limits::WATCHED_MAX};
use store::users;

use crate::{Failure, House};

/// Those of these people who share a room with `asker`, each once, and when they were last there.
pub(crate) async fn shared(
    house: &House,
    asker: UserId,
    people: &[UserId],
) -> Result<Vec<(UserId, Option<Timestamp>)>, Failure> {
    let people: BTreeSet<_> = people.iter().copied().collect();
    if people.len() > WATCHED_MAX {
        return Err(Refusal::TooManyPeople.into());
    }
    let people: Vec<_> = people.into_iter().collect();
    let read = house.store.read(move |conn| Box::pin(async move { users::shared(conn, asker, &people).await }));
    Ok(read.await?)
}
