//! The server under test: it says back what it hears, over sockets that are bounded, read, written to and ended by the very
//! functions that the chat uses.
//!
//! Two things differ. The chat refuses binary frames with 1003, and the echo says them back, for the suite wants it. And it
//! knows no people, so there is no session, no limit on how fast one speaks and no subprotocol.

use std::net::SocketAddr;

use axum::{
    Router,
    extract::{
        WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    routing::any,
    serve::ListenerExt,
};
use server::ws::{Over, bounds, end, text, write};

/// The largest message of the suite.
const RAISED_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Starts an echo that runs until the test ends.
pub(crate) fn start() -> SocketAddr {
    let app = Router::new()
        .route("/bounded", any(async |upgrade: WebSocketUpgrade| bounds(upgrade).on_upgrade(echo)))
        .route("/raised", any(async |upgrade: WebSocketUpgrade| raised(upgrade).on_upgrade(echo)))
        .route("/mute", any(async |upgrade: WebSocketUpgrade| bounds(upgrade).on_upgrade(leave_without_a_word)))
        .route("/wrong", any(async |upgrade: WebSocketUpgrade| bounds(upgrade).on_upgrade(answer_something_else)));
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
            axum::serve(listener, app).await.unwrap();
        });
    });
    told.recv().unwrap()
}

fn raised(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    bounds(upgrade)
        .max_message_size(RAISED_BYTES_MAX)
        .max_frame_size(RAISED_BYTES_MAX)
        .max_write_buffer_size(2 * RAISED_BYTES_MAX)
}

async fn echo(mut ws: WebSocket) {
    let over = loop {
        if let Err(over) = answer(&mut ws).await {
            break over;
        }
    };
    end(ws, over).await;
}

async fn answer(ws: &mut WebSocket) -> Result<(), Over> {
    match ws.recv().await {
        Some(Ok(Message::Binary(bytes))) => {
            // That it was not taken is found out by the next read.
            let _ = ws.send(Message::Binary(bytes)).await;
            Ok(())
        }
        // Pings are answered below, with the next read or write.
        received => match text(received)? {
            Some(text) => write(ws, [text]).await,
            None => Ok(()),
        },
    }
}

/// Breaks the rules: hears one thing, whatever it is, and hangs up.
async fn leave_without_a_word(mut ws: WebSocket) {
    let _ = ws.recv().await;
}

/// Breaks the rules: says something else, and ends with the wrong number.
async fn answer_something_else(mut ws: WebSocket) {
    while let Some(Ok(Message::Text(_) | Message::Binary(_))) = ws.recv().await {
        let _ = ws.send(Message::text("something else")).await;
    }
    let _ = ws.send(Message::Close(Some(axum::extract::ws::CloseFrame { code: 1011, reason: "".into() }))).await;
}
