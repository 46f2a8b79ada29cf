//! A WebSocket. What an older one still has to say is not heard: its listeners go with it.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket, Window};

/// What a socket tells.
pub enum Heard {
    /// It is open.
    Open,
    /// A text frame.
    Frame(String),
    /// A binary frame.
    Bytes(Vec<u8>),
    /// It closed, with this number.
    Closed(u16),
}

/// An open or opening socket.
pub struct Socket {
    line: WebSocket,
    open: Closure<dyn FnMut()>,
    message: Closure<dyn FnMut(MessageEvent)>,
    close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Dials this path of the page's own server. `tell` is called from the browser's event loop, never from here.
    pub fn open(
        window: &Window,
        path: &str,
        subprotocol: Option<&str>,
        tell: impl Fn(Heard) + Clone + 'static,
    ) -> Option<Self> {
        let location = window.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{path}", location.host().ok()?);
        let line = match subprotocol {
            Some(subprotocol) => WebSocket::new_with_str(&url, subprotocol),
            None => WebSocket::new(&url),
        };
        let line = line.ok()?;
        line.set_binary_type(BinaryType::Arraybuffer);
        let (opened, heard) = (tell.clone(), tell.clone());
        let open = Closure::new(move || opened(Heard::Open));
        let message = Closure::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(text) = data.as_string() {
                heard(Heard::Frame(text));
            } else if let Ok(bytes) = data.dyn_into::<ArrayBuffer>() {
                heard(Heard::Bytes(Uint8Array::new(&bytes).to_vec()));
            }
        });
        let close = Closure::new(move |event: CloseEvent| tell(Heard::Closed(event.code())));
        line.set_onopen(Some(open.as_ref().unchecked_ref()));
        line.set_onmessage(Some(message.as_ref().unchecked_ref()));
        line.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Self { line, open, message, close })
    }

    /// Sends a text frame; on a socket that is closing it is lost, and the engine will know.
    pub fn send(&self, text: &str) {
        let _ = self.line.send_with_str(text);
    }

    /// Sends a binary frame; the same.
    pub fn send_bytes(&self, bytes: &[u8]) {
        let _ = self.line.send_with_u8_array(bytes);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.line.set_onopen(None);
        self.line.set_onmessage(None);
        self.line.set_onclose(None);
        let _ = self.line.close();
        // A closure that runs right now must outlive its own call; the browser's queue is the place where it has ended.
        let kept = (
            std::mem::replace(&mut self.open, Closure::new(|| {})),
            std::mem::replace(&mut self.message, Closure::new(|_| {})),
            std::mem::replace(&mut self.close, Closure::new(|_| {})),
        );
        wasm_bindgen_futures::spawn_local(async move { drop(kept) });
    }
}
