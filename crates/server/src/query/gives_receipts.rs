//! Does this person give and get receipts?

use model::UserId;
use store::{Fault, users};

use crate::{Failure, House};

/// Whether a person gives and gets receipts.
pub(crate) async fn gives_receipts(house: &House, user: UserId) -> Result<bool, Failure> {
    Ok(house.store.read::<_, Fault, _>(move |conn| Box::pin(users::gives_receipts(conn, user))).await?)
}
