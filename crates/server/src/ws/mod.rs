//! The socket: the upgrade, and how frames are read and written.
//!
//! What is public is how any socket of this server is set up, read, written to and ended, whatever is said over it; the test
//! of conformance talks over one that way.

mod frames;

pub use crate::talk::Over;
pub use frames::{end, text, write};
pub(crate) use frames::{message, write_messages};

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
use model::limits::{FRAME_BYTES_MAX, OUTBOX_BYTES_MAX, SOCKET_READ_BUFFER_BYTES};
use protocol::{Code, SUBPROTOCOL};

use crate::{
    Failure, House,
    http::{Caller, origin},
    listen::Seat,
    talk,
};

/// Bytes of frames that are gathered for one write. A burst becomes few system calls, which are what a delivery costs.
const WRITE_GATHER_BYTES: usize = 16 * 1024;

/// `GET /api/v1/socket`: checks the origin, then the session, and only then says 101.
pub(crate) async fn upgrade(
    State(house): State<Arc<House>>,
    seat: Option<Extension<Seat>>,
    headers: HeaderMap,
    caller: Result<Caller, Failure>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Failure> {
    if origin::socket_is_foreign(&headers, house.settings.public.as_ref()) {
        return Err(Failure::Door(Code::ForeignOrigin));
    }
    let caller = caller?;
    Ok(bounds(asked(upgrade)?.protocols([SUBPROTOCOL]))
        .on_upgrade(async move |ws: WebSocket| {
            talk::run(ws, house, caller).await;
            drop(seat);
        })
        .into_response())
}

/// The wish for a socket, if the request has one.
pub(crate) fn asked(upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>) -> Result<WebSocketUpgrade, Failure> {
    upgrade.map_err(|_| Failure::malformed("this address opens a WebSocket, and the request does not ask for one"))
}

/// Bounds what a socket holds in memory, and the largest frame and message that it takes.
pub fn bounds(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade
        // Since tungstenite 0.25 the default read buffer is 128 KiB for each socket, and the default message 64 MiB.
        .read_buffer_size(SOCKET_READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_GATHER_BYTES)
        .max_write_buffer_size(WRITE_GATHER_BYTES + 2 * OUTBOX_BYTES_MAX)
        .max_message_size(FRAME_BYTES_MAX)
        .max_frame_size(FRAME_BYTES_MAX)
}
