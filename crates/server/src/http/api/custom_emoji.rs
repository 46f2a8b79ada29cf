//! Emoji of the server's own, for programs.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    response::{IntoResponse, Response},
};
use model::{EmojiName, Refusal, rules};
use protocol::{
    encode,
    http::{CustomEmoji, CustomEmojis},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use store::blobs::BlobHash;
use utoipa::IntoParams;

use super::files::{Part, answer};
use crate::{
    Failure, House,
    command::RemoveEmoji,
    files,
    http::{Caller, body::Parameters, path::Named},
    query,
    random::hex,
};

/// So much of a picture's hash stands in its address.
const VERSION_CHARS: usize = 16;
/// What is at an address with the picture's version is the same for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");
/// The list may be kept by the person's own browser, which asks each time whether it still stands.
const ASKED_EACH_TIME: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Which picture.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The picture's version. Any will do, but only with the right one the answer can be cached.
    #[serde(default, rename = "v")]
    version: Option<String>,
}

/// `GET /api/v1/emoji`: for everybody who is signed in.
pub(crate) async fn custom_emoji(
    State(house): State<Arc<House>>,
    _: Caller,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    // Without files there is nothing to show.
    let all = if house.settings.files.is_some() { query::custom_emoji(&house).await? } else { Vec::new() };
    let emoji = all.into_iter().map(|emoji| {
        let picture = format!("/api/v1/emoji/{}/picture?v={}", emoji.name.as_str(), version(&emoji.picture));
        CustomEmoji { name: emoji.name, picture }
    });
    let list = encode(&CustomEmojis { emoji: emoji.collect() });
    let etag = format!("\"{}\"", hex(&Sha256::digest(list.as_bytes())));
    let known = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).unwrap_or_default();
    let mut response = if known.split(',').any(|tag| tag.trim() == etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, "application/json")], list).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, ASKED_EACH_TIME);
    headers.extend(HeaderValue::from_str(&etag).ok().map(|etag| (ETAG, etag)));
    Ok(response)
}

/// `GET /api/v1/emoji/{name}/picture?v=`: for everybody who is signed in.
pub(crate) async fn emoji_picture(
    State(house): State<Arc<House>>,
    _: Caller,
    Named(name): Named<EmojiName>,
    Parameters(asked): Parameters<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let emoji = query::one_emoji(&house, name).await?;
    let is_this = asked.version.as_deref() == Some(version(&emoji.picture));
    let size = house.files()?.objects().size(&emoji.picture).await?.ok_or(Refusal::NotFound)?;
    let disposition = "inline".to_owned();
    let part = Part { hash: emoji.picture, size, media_type: emoji.media_type, disposition };
    let mut response = answer(&house, part, &headers).await?;
    if is_this {
        response.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    }
    Ok(response)
}

/// `PUT /api/v1/emoji/{name}`: the bytes of a picture, of which a small one is made. For administrators.
pub(crate) async fn add_emoji(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(name): Named<String>,
    body: Body,
) -> Result<StatusCode, Failure> {
    house.paces.act(caller.session.person.id)?;
    // Before the bytes are read.
    rules::may_keep_emoji(&caller.session)?;
    let name = EmojiName::parse(&name).map_err(Refusal::from)?;
    files::add_emoji(&house, house.files()?, caller.actor(), name, body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/emoji/{name}`: for administrators.
pub(crate) async fn remove_emoji(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(name): Named<EmojiName>,
) -> Result<StatusCode, Failure> {
    house.paces.act(caller.session.person.id)?;
    let files = house.files()?;
    house.execute(caller.actor(), RemoveEmoji { name }).await?;
    files.sweep_soon();
    Ok(StatusCode::NO_CONTENT)
}

fn version(picture: &BlobHash) -> &str {
    picture.as_str().get(..VERSION_CHARS).unwrap_or_default()
}
