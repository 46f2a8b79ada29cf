//! The wire: bytes to values and back, with nothing in between.
//!
//! In come bytes from a socket or a request, out go frames; and the other way round. The server and every client of ours use
//! these types. `PROTOCOL.md` tells the same to authors of other clients, and shows the golden files of `tests/golden`.
//! No IO here, and no rules: whether something is allowed is `model`'s to say.

mod amendment;
mod close;
mod code;
mod decode;
mod encode;
mod from_client;
mod from_server;
pub mod http;
pub mod instant;
mod object;

pub use amendment::Amendment;
pub use close::Close;
pub use code::{Code, Retry};
pub use decode::{Malformed, decode};
pub use encode::encode;
pub use from_client::FromClient;
pub use from_server::{FileLimits, FromServer, Limits, Me, Refused, RoomHead};

/// The path of the socket.
pub const SOCKET_PATH: &str = "/api/v1/socket";
/// The subprotocol that both sides name in the upgrade.
pub const SUBPROTOCOL: &str = "stonechat.v1";
