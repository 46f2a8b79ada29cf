//! The one WebSocket. What an older one still has to say is not heard: its listeners go with it.

use protocol::{FromClient, SOCKET_PATH, SUBPROTOCOL, encode};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{CloseEvent, MessageEvent, WebSocket, Window};

/// What a socket tells.
pub(crate) enum Heard {
    /// A text frame.
    Frame(String),
    /// It closed, with this number.
    Closed(u16),
}

/// An open or opening socket.
pub(crate) struct Socket {
    line: WebSocket,
    message: Closure<dyn FnMut(MessageEvent)>,
    close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Dials. `tell` is called from the browser's event loop, never from here.
    pub(crate) fn open(window: &Window, tell: impl Fn(Heard) + Clone + 'static) -> Option<Self> {
        let location = window.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{SOCKET_PATH}", location.host().ok()?);
        let socket = WebSocket::new_with_str(&url, SUBPROTOCOL).ok()?;
        let heard = tell.clone();
        let message = Closure::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                heard(Heard::Frame(text));
            }
        });
        let close = Closure::new(move |event: CloseEvent| tell(Heard::Closed(event.code())));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Self { line: socket, message, close })
    }

    /// Sends a frame; on a socket that is closing it is lost, and the engine will know.
    pub(crate) fn send(&self, frame: &FromClient) {
        let _ = self.line.send_with_str(&encode(frame));
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.set_onmessage(None);
        self.line.set_onclose(None);
        let _ = self.line.close();
        // A closure that runs right now must outlive its own call; the browser's queue is the place where it has ended.
        let kept = (
            std::mem::replace(&mut self.message, Closure::new(|_| {})),
            std::mem::replace(&mut self.close, Closure::new(|_| {})),
        );
        wasm_bindgen_futures::spawn_local(async move { drop(kept) });
    }
}
