//! A person's picture: two squares of the middle of what was sent, which is not kept.

use std::path::Path;

use axum::body::Body;
use model::{Actor, FileId, Refusal, UserId};
use store::portraits::Portrait;
use tokio::{fs, io::AsyncWriteExt, time::timeout};

use super::{
    Files, Places, Wanted,
    arrival::{KEPT_WITHIN, write},
    finish::{blocking, full, hash, patiently},
};
use crate::{
    Failure, House,
    command::{ClaimPortrait, ShowPortrait},
    random,
};

/// Makes a person's picture of a body, and shows it.
pub(crate) async fn portray(house: &House, files: &Files, user: UserId, body: Body) -> Result<(), Failure> {
    let id = random::file_id()?;
    let portrayed = attempt(house, files, (user, id), body).await;
    files.unspool(id);
    files.sweep_soon();
    portrayed
}

async fn attempt(house: &House, files: &Files, (user, id): (UserId, FileId), body: Body) -> Result<(), Failure> {
    let spooled = files.spooled(id);
    spool(&spooled, files.max_bytes(), body).await?;
    let places = files.places(id);
    let made = files.worker().make(Wanted::Squares, &spooled, &places).await?;
    let made = made.ok_or(Refusal::PictureRefused)?;
    let small_type = made.preview.ok_or(Refusal::PictureRefused)?.media_type;
    let Places { whole, preview } = places;
    let large = (blocking(whole.clone(), |path| hash(&path)).await?, made.media_type);
    let small = (blocking(preview.clone(), |path| hash(&path)).await?, small_type);
    let portrait = Portrait { large, small };
    patiently(files, || house.execute(Actor::Operator, ClaimPortrait { user, portrait: portrait.clone() })).await?;
    let kept = async {
        tokio::try_join!(
            files.objects().put(&portrait.large.0, &whole),
            files.objects().put(&portrait.small.0, &preview)
        )
    };
    timeout(KEPT_WITHIN, kept).await.map_err(|_| Refusal::StorageAway)??;
    house.execute(Actor::Operator, ShowPortrait { user, portrait }).await
}

/// Writes a body to the spool, unless it is larger than this.
pub(super) async fn spool(path: &Path, max_bytes: u64, body: Body) -> Result<(), Failure> {
    let mut file = fs::File::create(path).await.map_err(full)?;
    match write(&mut file, body, max_bytes).await {
        Err(Failure::Refused(Refusal::SizeWrong)) => return Err(Refusal::FileTooLarge { max_bytes }.into()),
        written => written?,
    }
    file.flush().await.map_err(full)
}
