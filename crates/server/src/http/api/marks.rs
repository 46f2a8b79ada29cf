//! Marks, and whether one gives receipts, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use model::{Marks, RoomId, SetReceipts};
use protocol::http::{MarkBody, ReceiptsBody};

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Json, path::Named},
    mark, query,
};

/// `GET /api/v1/rooms/{room}/marks`
pub(crate) async fn marks(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
) -> Result<Response, Failure> {
    Ok(json(&query::marks(&house, caller.session, room).await?))
}

/// `PUT /api/v1/rooms/{room}/marks`
pub(crate) async fn move_marks(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Json(body): Json<MarkBody>,
) -> Result<StatusCode, Failure> {
    let MarkBody { delivered, read } = body;
    mark::mark(&house, &caller.session, room, Marks { delivered, read }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/v1/me/receipts`
pub(crate) async fn set_receipts(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<ReceiptsBody>,
) -> Result<StatusCode, Failure> {
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), SetReceipts { on: body.on }).await?;
    Ok(StatusCode::NO_CONTENT)
}
