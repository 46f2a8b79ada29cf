//! What one wants of a room, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};
use model::{RoomId, RoomWish, SetRoomPrefs};
use protocol::http::RoomPrefsBody;

use crate::{
    Failure, House,
    http::{Caller, body::Json, path::Named},
};

/// `PUT /api/v1/rooms/{room}/prefs`
pub(crate) async fn set_room_prefs(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(room): Named<RoomId>,
    Json(body): Json<RoomPrefsBody>,
) -> Result<StatusCode, Failure> {
    house.paces.act(caller.session.person.id)?;
    let RoomPrefsBody { notify, favourite } = body;
    house.execute(caller.actor(), SetRoomPrefs { room, wish: RoomWish { notify, favourite } }).await?;
    Ok(StatusCode::NO_CONTENT)
}
