//! Reading and writing frames, with a limit on the time that each write takes.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use model::limits::{PING_MS, WRITE_TIMEOUT_MS};
use protocol::Close;
use tungstenite::{Error as WsError, error::CapacityError};

use crate::talk::{Heard, Over, Wire};

/// Writes frames of text as few writes as the socket allows.
pub async fn write(ws: &mut WebSocket, frames: impl IntoIterator<Item = Utf8Bytes>) -> Result<(), Over> {
    write_messages(ws, frames.into_iter().map(Message::Text)).await
}

/// Writes frames of any kind as few writes as the socket allows.
pub(crate) async fn write_messages(ws: &mut WebSocket, frames: impl IntoIterator<Item = Message>) -> Result<(), Over> {
    let writing = async {
        for frame in frames {
            ws.feed(frame).await?;
        }
        ws.flush().await
    };
    match tokio::time::timeout(Duration::from_millis(WRITE_TIMEOUT_MS), writing).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Over(None)),
        Err(_) => Err(Over(Some(Close::TooSlow))),
    }
}

impl Wire for WebSocket {
    const PING_MS: u64 = PING_MS;

    async fn hear(&mut self) -> Result<Heard, Over> {
        Ok(text(self.recv().await)?.map_or(Heard::Nothing, Heard::Frame))
    }

    async fn write<I>(&mut self, frames: I) -> Result<(), Over>
    where
        I: IntoIterator<Item = Utf8Bytes, IntoIter: Send> + Send,
    {
        write(self, frames).await
    }

    async fn end(self, over: Over) {
        end(self, over).await;
    }
}

/// Ends the socket as far as the other side lets us: gives our reason, if we have one, and hears them out.
pub async fn end(mut ws: WebSocket, Over(close): Over) {
    let ending = async {
        if let Some(close) = close {
            let frame = CloseFrame { code: close.number(), reason: Utf8Bytes::from_static(close.reason()) };
            if ws.send(Message::Close(Some(frame))).await.is_err() {
                return;
            }
        }
        // If we closed: until they have answered, so that the reason arrives before the end of the connection. If they did:
        // our answer is queued, and leaves with the next read.
        while let Some(Ok(_)) = ws.recv().await {}
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), ending).await;
}

/// The text of a frame that came, or why there is none.
pub fn text(received: Option<Result<Message, axum::Error>>) -> Result<Option<Utf8Bytes>, Over> {
    match message(received)? {
        Message::Text(text) => Ok(Some(text)),
        Message::Ping(_) | Message::Pong(_) | Message::Close(_) => Ok(None),
        Message::Binary(_) => Err(Over(Some(Close::NotText))),
    }
}

/// The frame that came, of any kind but a good-bye, or why there is none.
pub(crate) fn message(received: Option<Result<Message, axum::Error>>) -> Result<Message, Over> {
    match received {
        None | Some(Ok(Message::Close(_))) => Err(Over(None)),
        Some(Ok(message)) => Ok(message),
        Some(Err(error)) => Err(Over(reason(error))),
    }
}

fn reason(error: axum::Error) -> Option<Close> {
    let error = error.into_inner().downcast::<WsError>().ok()?;
    if matches!(*error, WsError::Capacity(CapacityError::MessageTooLong { .. })) {
        Some(Close::TooLarge)
    } else if matches!(*error, WsError::Utf8(_)) {
        Some(Close::NotUtf8)
    } else if matches!(*error, WsError::Protocol(_)) {
        Some(Close::BadFraming)
    } else {
        None
    }
}
