//! What does this person see of others' receipts?

use model::{Sight, UserId};
use store::{Fault, regards};

use crate::{Failure, House};

/// What a person sees of others' receipts.
pub(crate) async fn sight(house: &House, user: UserId) -> Result<Sight, Failure> {
    Ok(house.store.read::<_, Fault, _>(move |conn| Box::pin(regards::sight(conn, user))).await?)
}
