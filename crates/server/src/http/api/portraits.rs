//! People's pictures, for programs.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Refusal, Scopes, UserId, rules};
use serde::Deserialize;
use utoipa::IntoParams;

use super::files::{Part, answer};
use crate::{
    Failure, House,
    command::RemovePortrait,
    files,
    http::{Caller, body::Parameters, path::Named},
    query,
};

/// Which of the two squares.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The small one.
    #[serde(default)]
    small: bool,
    /// The person's version, so that another picture has another address. Any will do.
    #[serde(default, rename = "v")]
    _version: Option<u64>,
}

/// `GET /api/v1/people/{id}/picture?small=&v=`: for everybody who is signed in, as the name is.
pub(crate) async fn portrait(
    State(house): State<Arc<House>>,
    _: Caller,
    Named(user): Named<UserId>,
    Parameters(asked): Parameters<Asked>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let portrait = query::portrait(&house, user).await?;
    let (hash, media_type) = if asked.small { portrait.small } else { portrait.large };
    let size = house.files()?.objects().size(&hash).await?.ok_or(Refusal::NotFound)?;
    answer(&house, Part { hash, size, media_type, disposition: "inline".to_owned() }, &headers).await
}

/// `PUT /api/v1/me/picture`: the bytes of a picture, of which two squares are made.
pub(crate) async fn set_portrait(
    State(house): State<Arc<House>>,
    caller: Caller,
    body: Body,
) -> Result<StatusCode, Failure> {
    rules::may(&caller.session, Scopes::ACCOUNT)?;
    let user = caller.session.person.id;
    house.paces.profile(user)?;
    files::portray(&house, house.files()?, user, body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/me/picture`
pub(crate) async fn remove_portrait(State(house): State<Arc<House>>, caller: Caller) -> Result<StatusCode, Failure> {
    let user = caller.session.person.id;
    house.paces.profile(user)?;
    house.execute(caller.actor(), RemovePortrait { user }).await?;
    house.files()?.sweep_soon();
    Ok(StatusCode::NO_CONTENT)
}
