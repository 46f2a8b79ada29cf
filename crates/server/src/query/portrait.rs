//! Where are the bytes of a person's picture?

use model::{Refusal, UserId};
use store::portraits::{self, Portrait};

use crate::{Failure, House};

/// The picture that is shown of a person.
pub(crate) async fn portrait(house: &House, user: UserId) -> Result<Portrait, Failure> {
    let read = house.store.read(move |conn| Box::pin(async move { portraits::find(conn, user).await }));
    Ok(read.await.map_err(Failure::from)?.ok_or(Refusal::NotFound)?)
}
