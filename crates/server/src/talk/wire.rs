//! What carries frames between a client and its conversation: a WebSocket, or what stands in for one where there can be none.

use axum::extract::ws::Utf8Bytes;
use protocol::{Close, FromServer, encode};

/// The way is of no more use: closed by the other side, broken, or to be closed by us with a reason.
#[derive(Debug)]
pub struct Over(pub(crate) Option<Close>);

/// What came from the client.
#[derive(Debug)]
pub(crate) enum Heard {
    /// A frame.
    Frame(Utf8Bytes),
    /// Something without words, which costs as much as a frame and answers nothing.
    Nothing,
    /// A sign of life.
    Life,
}

/// A way between a client and its conversation.
pub(crate) trait Wire: Send {
    /// Time between two pings, in milliseconds.
    const PING_MS: u64;

    /// Waits for what comes next. Safe to cancel.
    fn hear(&mut self) -> impl Future<Output = Result<Heard, Over>> + Send;

    /// Writes frames of text, in their order. It waits as long as the client takes nothing, up to
    /// [`WRITE_TIMEOUT_MS`](model::limits::WRITE_TIMEOUT_MS).
    fn write<I>(&mut self, frames: I) -> impl Future<Output = Result<(), Over>> + Send
    where
        I: IntoIterator<Item = Utf8Bytes, IntoIter: Send> + Send;

    /// Ends it as far as the other side lets us: gives our reason, if we have one.
    fn end(self, over: Over) -> impl Future<Output = ()> + Send;
}

/// Writes one frame.
pub(super) async fn say(wire: &mut impl Wire, frame: &FromServer) -> Result<(), Over> {
    wire.write([Utf8Bytes::from(encode(frame))]).await
}
