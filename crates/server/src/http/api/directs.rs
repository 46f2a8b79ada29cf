//! Direct chats, for programs.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use model::OpenDirect;
use protocol::http::OpenDirectBody;

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Json},
};

/// `POST /api/v1/directs`
pub(crate) async fn open_direct(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<OpenDirectBody>,
) -> Result<Response, Failure> {
    house.paces.act(caller.session.person.id)?;
    Ok(json(&house.execute(caller.actor(), OpenDirect { people: body.people }).await?))
}
