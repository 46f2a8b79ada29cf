//! A custom emoji: a small picture made of what was sent, which is not kept.

use axum::body::Body;
use model::{Actor, EmojiName, FileId, Refusal, limits::EMOJI_PICTURE_BYTES_MAX};
use store::custom_emoji::CustomEmoji;
use tokio::time::timeout;

use super::{
    Files, Wanted,
    arrival::KEPT_WITHIN,
    finish::{blocking, hash, patiently},
    portrait::spool,
};
use crate::{
    Failure, House,
    command::{ClaimEmoji, ShowEmoji},
    random,
};

/// Makes an emoji of a body, and shows it under this name. The same once more changes nothing.
pub(crate) async fn add_emoji(
    house: &House,
    files: &Files,
    actor: Actor,
    name: EmojiName,
    body: Body,
) -> Result<(), Failure> {
    let id = random::file_id()?;
    let added = attempt(house, files, (actor, id), name, body).await;
    files.unspool(id);
    files.sweep_soon();
    added
}

async fn attempt(
    house: &House,
    files: &Files,
    (actor, id): (Actor, FileId),
    name: EmojiName,
    body: Body,
) -> Result<(), Failure> {
    let spooled = files.spooled(id);
    spool(&spooled, EMOJI_PICTURE_BYTES_MAX, body).await?;
    let places = files.places(id);
    let made = files.worker().make(Wanted::Emoji, &spooled, &places).await?.ok_or(Refusal::PictureRefused)?;
    let picture = blocking(places.whole.clone(), |path| hash(&path)).await?;
    let emoji = CustomEmoji { name, picture, media_type: made.media_type };
    let claimed = patiently(files, || house.execute(actor.clone(), ClaimEmoji { emoji: emoji.clone() })).await?;
    if !claimed {
        return Ok(());
    }
    let kept = files.objects().put(&emoji.picture, &places.whole);
    timeout(KEPT_WITHIN, kept).await.map_err(|_| Refusal::StorageAway)??;
    house.execute(actor, ShowEmoji { emoji }).await
}
