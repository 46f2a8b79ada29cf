//! Who is in a room, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use model::{AddMember, JoinRoom, LeaveRoom, Refusal, RoomId, UserId, Username};
use protocol::http::AddMemberBody;
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
    query,
};

/// Which page of the members.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// People with an id above this.
    after: Option<UserId>,
}

/// `GET /api/v1/rooms/{room}/members?after=`
pub(crate) async fn members(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Failure> {
    let after = wanted.after.unwrap_or(UserId::new(0));
    Ok(json(&query::members(&house, caller.session, room, after).await?))
}

/// `POST /api/v1/rooms/{room}/members`
pub(crate) async fn add_member(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Json(body): Json<AddMemberBody>,
) -> Result<Response, Failure> {
    // A text that is no username is nobody's, and is answered like a name that nobody has.
    let username = Username::parse(&body.username).map_err(|_| Refusal::NotFound)?;
    house.paces.act(caller.session.person.id)?;
    Ok(json(&house.execute(caller.actor(), AddMember { room, username }).await?))
}

/// `PUT /api/v1/rooms/{room}/members/me`
pub(crate) async fn join_room(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
) -> Result<Response, Failure> {
    house.paces.act(caller.session.person.id)?;
    Ok(json(&house.execute(caller.actor(), JoinRoom { room }).await?))
}

/// `DELETE /api/v1/rooms/{room}/members/me`
pub(crate) async fn leave_room(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
) -> Result<StatusCode, Failure> {
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), LeaveRoom { room }).await?;
    Ok(StatusCode::NO_CONTENT)
}
