//! Somebody without an account, in an instant room.

use std::net::TcpStream;

use protocol::instant::{Head, Id, Note, PATH, PLAIN_PATH, SUBPROTOCOL, Sender};
use tungstenite::{Message, WebSocket};

use super::line::{the_end_of, upgraded};

/// A socket in an instant room.
#[derive(Debug)]
pub struct Visitor {
    ws: WebSocket<TcpStream>,
}

impl Visitor {
    /// Comes into the encrypted room of this id.
    #[must_use]
    pub fn enters(base: &str, id: Id) -> Self {
        Self::tries(base, &format!("{PATH}{}", id.text()), &[]).expect("the door opens")
    }

    /// Comes into the plain room of this name, which stands in the path as it is.
    #[must_use]
    pub fn enters_plain(base: &str, name: &str) -> Self {
        Self::tries(base, &format!("{PLAIN_PATH}{name}"), &[]).expect("the door opens")
    }

    /// Opens a socket at any path, or gives the HTTP status of the refusal.
    pub fn tries(base: &str, path: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let subprotocol = [("sec-websocket-protocol", SUBPROTOCOL)];
        let headers = if path.starts_with(PATH) { [&subprotocol, headers].concat() } else { headers.to_vec() };
        upgraded(base, path, &headers).map(|ws| Self { ws })
    }

    /// Sends a frame.
    pub fn sends(&mut self, message: Message) {
        self.ws.send(message).expect("the socket takes a frame");
    }

    /// Sends a frame, if the server still takes it.
    pub fn tries_to_send(&mut self, message: Message) -> bool {
        self.ws.send(message).is_ok()
    }

    /// Says an envelope with this sender and counter.
    pub fn says(&mut self, sender: u64, counter: u32) {
        self.sends(Message::binary(envelope(sender, counter)));
    }

    /// The next frame that is no ping.
    pub fn hears(&mut self) -> Message {
        loop {
            match self.ws.read().expect("a frame in time") {
                Message::Ping(_) | Message::Pong(_) => {}
                Message::Close(frame) => panic!("the server closed: {frame:?}"),
                message @ (Message::Text(_) | Message::Binary(_) | Message::Frame(_)) => return message,
            }
        }
    }

    /// The next text.
    pub fn hears_text(&mut self) -> String {
        self.hears().into_text().expect("a text").to_string()
    }

    /// The next envelope; notes that come first are passed over.
    pub fn hears_envelope(&mut self) -> Vec<u8> {
        loop {
            if let Message::Binary(bytes) = self.hears() {
                return bytes.to_vec();
            }
        }
    }

    /// Waits for this note; whatever comes first is passed over.
    pub fn hears_note(&mut self, note: Note) {
        while self.hears() != Message::text(protocol::encode(&note)) {}
    }

    /// Waits until the server closes, and gives the number of its reason.
    pub fn hears_the_end(&mut self) -> Option<u16> {
        the_end_of(&mut self.ws)
    }
}

/// An envelope with nothing but noughts inside, which only clients would mind.
#[must_use]
pub fn envelope(sender: u64, counter: u32) -> Vec<u8> {
    let head = Head { sender: Sender::new(sender.to_be_bytes()), counter };
    [head.bytes().as_slice(), &[0; 256 + 16]].concat()
}
