//! What is behind links, for programs.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Refusal, RoomId, Seq};
use protocol::http::{Preview, PreviewPicture};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{files::POLICY, json};
use crate::{
    Failure, House,
    http::{Caller, body::Parameters, path::Named},
    query,
};

/// The reader's own browser may keep it for ten minutes.
const CACHING: HeaderValue = HeaderValue::from_static("private, max-age=600");

/// Which link of the message.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Behind {
    /// As it stands there.
    link: String,
}

/// `GET /api/v1/rooms/{room}/messages/{seq}/preview?link=`: 204, if nothing can be said of what is there.
pub(crate) async fn preview(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
    Parameters(Behind { link }): Parameters<Behind>,
) -> Result<Response, Failure> {
    let found = query::preview(&house, caller.session, place, link).await?;
    let mut answer = match found {
        Some(found) => {
            let picture = found.picture.as_ref();
            let picture = picture.map(|picture| PreviewPicture { width: picture.width, height: picture.height });
            let (site, title, text) = (found.site.clone(), found.title.clone(), found.text.clone());
            json(&Preview { site, title, text, picture })
        }
        None => StatusCode::NO_CONTENT.into_response(),
    };
    answer.headers_mut().insert(header::CACHE_CONTROL, CACHING);
    Ok(answer)
}

/// `GET /api/v1/rooms/{room}/messages/{seq}/preview/picture?link=`
pub(crate) async fn preview_picture(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
    Parameters(Behind { link }): Parameters<Behind>,
) -> Result<Response, Failure> {
    let found = query::preview(&house, caller.session, place, link).await?;
    let found = found.as_ref().and_then(|found| found.picture.as_ref()).ok_or(Refusal::NotFound)?;
    let media_type = HeaderValue::from_str(&found.media_type).map_err(|_| Failure::broken("a media type is none"))?;
    let mut answer = found.bytes.clone().into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CACHE_CONTROL, CACHING);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(answer)
}
