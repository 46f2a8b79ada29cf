//! Whom one ignores and blocks, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use model::{SetRegard, UserId};
use protocol::http::RegardBody;

use crate::{
    Failure, House,
    http::{Caller, body::Json, path::Named},
};

/// `PUT /api/v1/people/{person}/regard`
pub(crate) async fn set_regard(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(person): Named<UserId>,
    Json(body): Json<RegardBody>,
) -> Result<StatusCode, Failure> {
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), SetRegard { person, regard: body.regard }).await?;
    Ok(StatusCode::NO_CONTENT)
}
