//! Messages, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use model::{RoomId, Seq, limits::HISTORY_PAGE_MAX};
use protocol::http::PostBody;
use serde::Deserialize;

use super::json;
use crate::{
    Failure, House,
    http::{
        Caller,
        body::{Json, Parameters},
        path::Named,
    },
    post,
    query::{self, From},
};

/// Which page of the history.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Messages before this place.
    before: Option<Seq>,
    /// Messages after this place.
    after: Option<Seq>,
    /// How many.
    limit: Option<usize>,
}

/// `GET /api/v1/rooms/{room}/messages?before=|after=&limit=`
pub(crate) async fn history(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Failure> {
    let from = match (wanted.before, wanted.after) {
        (None, None) => From::Newest,
        (Some(before), None) => From::Before(before),
        (None, Some(after)) => From::After(after),
        (Some(_), Some(_)) => return Err(Failure::malformed("a page is before a place or after one, not both")),
    };
    let limit = wanted.limit.unwrap_or(HISTORY_PAGE_MAX);
    Ok(json(&query::history(&house, caller.session, room, from, limit).await?))
}

/// `POST /api/v1/rooms/{room}/messages`
pub(crate) async fn post_message(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Json(body): Json<PostBody>,
) -> Result<Response, Failure> {
    Ok(json(&post::post(&house, &caller.session, room, (&body.key, &body.text, &body.files)).await?))
}

/// `DELETE /api/v1/rooms/{room}/messages/{seq}`
pub(crate) async fn delete_message(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named((room, message)): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    post::delete(&house, &caller.session, room, message).await?;
    Ok(StatusCode::NO_CONTENT)
}
