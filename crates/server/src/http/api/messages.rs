//! Messages, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use model::{RoomId, Seq, Timestamp, limits::HISTORY_PAGE_MAX};
use protocol::{
    Amendment,
    http::{EditBody, PostBody},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::{
    Failure, House,
    http::{
        Caller,
        body::{Json, Parameters},
        path::Named,
    },
    post::{self, Wish},
    query::{self, From},
};

/// Which page of the history.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Messages before this place.
    before: Option<Seq>,
    /// Messages after this place.
    after: Option<Seq>,
    /// Messages around this moment.
    at: Option<Timestamp>,
    /// How many.
    limit: Option<usize>,
}

/// Which page of a thread.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Further {
    /// Messages after this place.
    after: Option<Seq>,
    /// How many.
    limit: Option<usize>,
}

/// `GET /api/v1/rooms/{room}/messages?before=|after=|at=&limit=`
pub(crate) async fn history(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Failure> {
    let from = match (wanted.before, wanted.after, wanted.at) {
        (None, None, None) => From::Newest,
        (Some(before), None, None) => From::Before(before),
        (None, Some(after), None) => From::After(after),
        (None, None, Some(at)) => From::At(at),
        _ => return Err(Failure::malformed("a page is before a place, after one or at a moment: one of them")),
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
    let wish = Wish { key: &body.key, text: &body.text, files: &body.files, reply: body.reply, forward: body.forward };
    Ok(json(&post::post(&house, &caller.session, room, wish).await?))
}

/// `PATCH /api/v1/rooms/{room}/messages/{seq}`
pub(crate) async fn edit_message(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
    Json(EditBody { edits, text }): Json<EditBody>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Edit { edits, text }).await
}

/// `DELETE /api/v1/rooms/{room}/messages/{seq}`
pub(crate) async fn delete_message(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Delete {}).await
}

/// `PUT /api/v1/rooms/{room}/messages/{seq}/reactions/{emoji}`
pub(crate) async fn react(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named((room, message, emoji)): Named<(RoomId, Seq, String)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, (room, message), Amendment::React { emoji, on: true }).await
}

/// `DELETE /api/v1/rooms/{room}/messages/{seq}/reactions/{emoji}`
pub(crate) async fn unreact(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named((room, message, emoji)): Named<(RoomId, Seq, String)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, (room, message), Amendment::React { emoji, on: false }).await
}

/// `PUT /api/v1/rooms/{room}/messages/{seq}/pin`
pub(crate) async fn pin(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Pin { on: true }).await
}

/// `DELETE /api/v1/rooms/{room}/messages/{seq}/pin`
pub(crate) async fn unpin(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Pin { on: false }).await
}

/// `PUT /api/v1/rooms/{room}/messages/{seq}/saved`
pub(crate) async fn save(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Save { on: true }).await
}

/// `DELETE /api/v1/rooms/{room}/messages/{seq}/saved`
pub(crate) async fn let_go(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Save { on: false }).await
}

/// `PUT /api/v1/rooms/{room}/messages/{seq}/unread`
pub(crate) async fn mark_unread(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Unread { on: true }).await
}

/// `DELETE /api/v1/rooms/{room}/messages/{seq}/unread`
pub(crate) async fn unmark_unread(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
) -> Result<StatusCode, Failure> {
    amend(&house, &caller, place, Amendment::Unread { on: false }).await
}

/// `GET /api/v1/rooms/{room}/pins`
pub(crate) async fn pins(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
) -> Result<Response, Failure> {
    Ok(json(&query::pins(&house, caller.session, room).await?))
}

/// `GET /api/v1/rooms/{room}/messages/{seq}/edits`
pub(crate) async fn edits(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named((room, message)): Named<(RoomId, Seq)>,
) -> Result<Response, Failure> {
    Ok(json(&query::edits(&house, caller.session, room, message).await?))
}

/// `GET /api/v1/rooms/{room}/messages/{seq}/thread?after=&limit=`
pub(crate) async fn thread(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(place): Named<(RoomId, Seq)>,
    Parameters(wanted): Parameters<Further>,
) -> Result<Response, Failure> {
    let limit = wanted.limit.unwrap_or(HISTORY_PAGE_MAX);
    let after = wanted.after.unwrap_or_default();
    Ok(json(&query::thread(&house, caller.session, place, after, limit).await?))
}

async fn amend(house: &House, caller: &Caller, place: (RoomId, Seq), what: Amendment) -> Result<StatusCode, Failure> {
    post::amend(house, &caller.session, place, &what).await?;
    Ok(StatusCode::NO_CONTENT)
}
