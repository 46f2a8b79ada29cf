//! What one wants to be said later, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use model::{Body, CancelScheduled, ClientKey, Refusal, RoomId, ScheduleMessage, Scheduled};
use protocol::http::{ScheduleBody, ScheduledMessages};

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Json, path::Named},
    query,
};

/// `GET /api/v1/me/scheduled`
pub(crate) async fn scheduled(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Failure> {
    let scheduled = query::scheduled(&house, caller.session.person.id).await?;
    Ok(json(&ScheduledMessages { scheduled }))
}

/// `PUT /api/v1/rooms/{room}/scheduled/{key}`
pub(crate) async fn schedule(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named((room, key)): Named<(RoomId, String)>,
    Json(body): Json<ScheduleBody>,
) -> Result<StatusCode, Failure> {
    let key = ClientKey::parse(&key).map_err(Refusal::from)?;
    let text = Body::parse(&body.text).map_err(Refusal::from)?;
    house.paces.act(caller.session.person.id)?;
    let what = Scheduled { room, key, text, at: body.at, remind: body.remind, failure: None };
    house.execute(caller.actor(), ScheduleMessage { what }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/me/scheduled/{key}`
pub(crate) async fn cancel(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(key): Named<String>,
) -> Result<StatusCode, Failure> {
    let key = ClientKey::parse(&key).map_err(|_| Refusal::NotFound)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), CancelScheduled { key }).await?;
    Ok(StatusCode::NO_CONTENT)
}
