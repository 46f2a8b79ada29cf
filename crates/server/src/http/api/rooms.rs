//! Rooms and the directory, for programs.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use model::{CreateRoom, Line, Refusal, RoomId, RoomName, SetTopic};
use protocol::http::{CreateRoomBody, JoinRoomBody, TopicBody};
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::{
    Failure, House,
    command::join_by_name,
    http::{
        Caller,
        body::{Json, Parameters},
        path::Named,
    },
    query,
};

/// What the directory is asked.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// How the name begins.
    #[serde(default)]
    q: String,
}

/// `GET /api/v1/rooms?q=`
pub(crate) async fn directory(
    State(house): State<Arc<House>>,
    caller: Caller,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Failure> {
    Ok(json(&query::directory(&house, &caller.session, &wanted.q).await?))
}

/// `POST /api/v1/rooms`
pub(crate) async fn create_room(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<CreateRoomBody>,
) -> Result<Response, Failure> {
    let name = RoomName::parse(&body.name).map_err(Refusal::from)?;
    house.paces.act(caller.session.person.id)?;
    let room = house.execute(caller.actor(), CreateRoom { name, visibility: body.visibility }).await?;
    Ok((StatusCode::CREATED, json(&room)).into_response())
}

/// `POST /api/v1/rooms/join`
pub(crate) async fn join_room_by_name(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<JoinRoomBody>,
) -> Result<Response, Failure> {
    let name = RoomName::parse(&body.name).map_err(Refusal::from)?;
    house.paces.act(caller.session.person.id)?;
    Ok(json(&join_by_name(&house, caller.actor(), name).await?))
}

/// `GET /api/v1/rooms/{room}`
pub(crate) async fn room(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
) -> Result<Response, Failure> {
    Ok(json(&query::room(&house, caller.session, room).await?))
}

/// `PUT /api/v1/rooms/{room}/topic`
pub(crate) async fn set_topic(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Json(body): Json<TopicBody>,
) -> Result<StatusCode, Failure> {
    let topic = Line::topic(&body.topic).map_err(Refusal::from)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), SetTopic { room, topic }).await?;
    Ok(StatusCode::NO_CONTENT)
}
