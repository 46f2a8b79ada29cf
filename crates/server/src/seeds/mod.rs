//! The addresses and frames that small chat programs before this one had, so that their clients go on working.
//!
//! `/ws/chat/<name>` is a room that keeps nothing (`instant/`). With a slash at its end, a number is somebody to talk to, and anything
//! else a room that is kept. What comes in here is put into the words of our own protocol, and goes through the conversation that every
//! socket has: no rule and no bound knows of this door.

mod frames;
mod wire;

use std::sync::Arc;

use axum::{
    Extension,
    extract::{
        State, WebSocketUpgrade,
        ws::{WebSocket, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::Response,
};
use model::{JoinRoom, OpenDirect, Refusal, RoomId, RoomName, UserId};
use protocol::Code;

use self::wire::SeedWire;
use crate::{
    Failure, House,
    command::find_by_name,
    http::{Caller, Named, origin},
    listen::Seat,
    talk, ws,
};

/// What an address that ends with a slash means.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meant {
    /// The chat with somebody.
    Person(UserId),
    /// The room of this name.
    Room(String),
}

impl Meant {
    /// A room's name has more than digits in it, so nothing is meant by two.
    fn read(name: &str) -> Self {
        let number = name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse().ok()).flatten();
        number.map_or_else(|| Self::Room(name.to_owned()), Self::Person)
    }
}

/// `GET /ws/chat/{name}/`
pub(crate) async fn upgrade(
    State(house): State<Arc<House>>,
    seat: Option<Extension<Seat>>,
    (Named(name), headers): (Named<String>, HeaderMap),
    caller: Result<Caller, Failure>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    if origin::socket_is_foreign(&headers, house.settings.public.as_ref()) {
        return Err(Failure::Door(Code::ForeignOrigin));
    }
    let caller = caller?;
    let (room, direct) = match Meant::read(&name) {
        Meant::Person(other) => (chat_with(&house, &caller, other).await?, true),
        Meant::Room(name) => (enter(&house, &caller, &name).await?, false),
    };
    let me = caller.session.person.id;
    Ok(ws::bounds(ws::asked(upgrade)?).on_upgrade(async move |ws: WebSocket| {
        talk::run(SeedWire::new(ws, room, (me, direct)), house, caller).await;
        drop(seat);
    }))
}

/// The direct chat with somebody; it is made the first time.
async fn chat_with(house: &House, caller: &Caller, other: UserId) -> Result<RoomId, Failure> {
    house.paces.act(caller.session.person.id)?;
    Ok(house.execute(caller.actor(), OpenDirect { people: vec![other] }).await?.id)
}

/// The room of a name. Whoever opens its address comes in; a name that no room has makes none.
async fn enter(house: &House, caller: &Caller, name: &str) -> Result<RoomId, Failure> {
    let name = RoomName::parse(name).map_err(|_| Refusal::NotFound)?;
    let room = find_by_name(house, name).await?.ok_or(Refusal::NotFound)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), JoinRoom { room: room.id }).await?;
    Ok(room.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_somebody_and_anything_else_a_room() {
        let person = |id| Meant::Person(UserId::new(id));
        let room = |name: &str| Meant::Room(name.to_owned());
        let table = [
            ("7", person(7)),
            ("0", person(0)),
            ("007", person(7)),
            ("general", room("general")),
            ("2b", room("2b")),
            ("7 ", room("7 ")),
            ("-7", room("-7")),
            ("+7", room("+7")),
            ("٧", room("٧")),
            ("room_1", room("room_1")),
            ("99999999999999999999", room("99999999999999999999")),
            ("6ba7b810-9dad-11d1-80b4-00c04fd430c8", room("6ba7b810-9dad-11d1-80b4-00c04fd430c8")),
        ];
        for (name, meant) in table {
            assert_eq!(Meant::read(name), meant, "{name}");
        }
    }
}
