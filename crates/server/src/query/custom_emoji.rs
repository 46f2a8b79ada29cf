//! Which emoji does the server have of its own, and where are their bytes?

use model::{EmojiName, Refusal};
use store::custom_emoji::{self, CustomEmoji};

use crate::{Failure, House};

/// All of them, by name.
pub(crate) async fn custom_emoji(house: &House) -> Result<Vec<CustomEmoji>, Failure> {
    let read = house.store.read(|conn| Box::pin(async move { custom_emoji::all(conn).await }));
    read.await.map_err(Failure::from)
}

/// The one of this name.
pub(crate) async fn one_emoji(house: &House, name: EmojiName) -> Result<CustomEmoji, Failure> {
    let read = house.store.read(move |conn| Box::pin(async move { custom_emoji::find(conn, &name).await }));
    Ok(read.await.map_err(Failure::from)?.ok_or(Refusal::NotFound)?)
}
