//! The picture of a page, made anew: what is shown is never what came.

use axum::body::Bytes;
use model::limits::PREVIEW_SHOWN_BYTES_MAX;
use tokio::fs;

use crate::{
    files::{Files, Wanted},
    random,
};

/// A small picture of our own making.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) bytes: Bytes,
    pub(crate) media_type: String,
    /// In pixels, of the picture that it was made of.
    pub(crate) width: u32,
    /// In pixels, of the picture that it was made of.
    pub(crate) height: u32,
}

/// Makes a small picture of what another server sent. `None`: it is no picture, or too much of one, or there is no space.
pub(super) async fn make(files: &Files, sent: &[u8]) -> Option<Picture> {
    let id = random::file_id().ok()?;
    let (input, out) = (files.spooled(id), files.places(id));
    let made = async {
        fs::write(&input, sent).await.ok()?;
        let head = files.worker().make(Wanted::Whole, &input, &out).await.ok()??;
        // A small picture is its own preview.
        let (place, media_type) = match head.preview {
            Some(preview) => (&out.preview, preview.media_type),
            None => (&out.whole, head.media_type),
        };
        let bytes = fs::read(place).await.ok().filter(|bytes| bytes.len() <= PREVIEW_SHOWN_BYTES_MAX)?;
        Some(Picture { bytes: bytes.into(), media_type, width: head.look.width, height: head.look.height })
    };
    let made = made.await;
    files.unspool(id);
    made
}
