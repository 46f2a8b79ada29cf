//! The doors of the rooms that keep nothing: who may come in, and then one task for each socket.
//!
//! Nobody logs in here. Nothing that comes in is written down: not a name, not an id, not an address, not a word. What goes
//! wrong is answered with a code and not logged. The rooms themselves are in the crate `instant`, which has no way to a disk.

mod pace;
mod session;

use std::sync::Arc;

use axum::{
    Extension,
    extract::{
        State, WebSocketUpgrade,
        ws::{WebSocket, rejection::WebSocketUpgradeRejection},
    },
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use instant::{Key, Name};
use model::{Refusal, limits::INSTANT_READ_BUFFER_BYTES};
use protocol::{
    Code,
    instant::{Id, SUBPROTOCOL},
};

use crate::{
    Failure, House, InstantRooms,
    http::{Address, Named, origin},
    listen::Seat,
    pace::network,
    ws,
};

/// What both doors read of a request, besides what is asked for.
pub(crate) struct Visit {
    headers: HeaderMap,
    address: Address,
    seat: Option<Extension<Seat>>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
}

/// `GET /api/v1/instant/{id}`: an encrypted room.
pub(crate) async fn encrypted(
    State(house): State<Arc<House>>,
    Named(id): Named<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    admit(&house, &visit.headers)?;
    let id = Id::parse(&id).ok_or(Refusal::NotFound)?;
    visit.enter(house, Key::Encrypted(id))
}

/// `GET /ws/chat/{name}`: a plain room.
pub(crate) async fn plain(
    State(house): State<Arc<House>>,
    Named(name): Named<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    admit(&house, &visit.headers)?;
    let name = Name::parse(&name).map_err(Refusal::from)?;
    visit.enter(house, Key::Plain(name))
}

/// A page of another site may not spend the addresses of its visitors here; a program names no site.
fn admit(house: &House, headers: &HeaderMap) -> Result<(), Failure> {
    match house.settings.instant {
        InstantRooms::Open => {}
        InstantRooms::Off => return Err(Refusal::NotFound.into()),
        InstantRooms::Unsafe => return Err(Failure::Door(Code::InstantClosed)),
    }
    if origin::names_another_site(headers, house.settings.public.as_ref()) {
        return Err(Failure::Door(Code::ForeignOrigin));
    }
    Ok(())
}

impl Visit {
    /// Goes in, and says 101 then, so that whoever hears it hears all that is said from now on. Who is refused inside learns it by
    /// a close code: a browser shows its page nothing else.
    fn enter(self, house: Arc<House>, key: Key) -> Result<Response, Failure> {
        let Self { address, seat, upgrade, .. } = self;
        let upgrade = ws::asked(upgrade)?;
        let upgrade = match key {
            Key::Encrypted(_) => upgrade.protocols([SUBPROTOCOL]),
            Key::Plain(_) => upgrade,
        };
        let kind = session::Kind::of(&key);
        // Dropped with the closure when the upgrade fails, which is leaving.
        let entered = house.instant.enter(key, network(address.0));
        Ok(ws::bounds(upgrade)
            .read_buffer_size(INSTANT_READ_BUFFER_BYTES)
            .on_upgrade(async move |ws: WebSocket| {
                session::run(ws, house, kind, entered).await;
                drop(seat);
            })
            .into_response())
    }
}

impl axum::extract::FromRequestParts<Arc<House>> for Visit {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        house: &Arc<House>,
    ) -> Result<Self, Self::Rejection> {
        let address = Address::from_request_parts(parts, house).await?;
        let seat = parts.extensions.get::<Seat>().cloned().map(Extension);
        let upgrade = WebSocketUpgrade::from_request_parts(parts, house).await;
        Ok(Self { headers: parts.headers.clone(), address, seat, upgrade })
    }
}
