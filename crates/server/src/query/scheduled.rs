//! What does this person want to be said later?

use model::{Scheduled, UserId, limits::SCHEDULED_MAX};
use store::{Fault, scheduled as kept};

use crate::{Failure, House};

/// All that a person wants to be said later, by its time.
pub(crate) async fn scheduled(house: &House, user: UserId) -> Result<Vec<Scheduled>, Failure> {
    let read =
        house.store.read::<_, Fault, _>(move |conn| Box::pin(async move { kept::of(conn, user, SCHEDULED_MAX).await }));
    Ok(read.await?)
}
