//! One connection of somebody in the cast.

use std::{net::TcpStream, time::Duration};

use super::{
    Guest,
    way::{Events, Polls, Way},
};
use model::{Cursor, Event, Posted, RoomId, Seen, Seq, Signal, UserId};
use protocol::{Amendment, Code, FromClient, FromServer, Refused, RoomHead, SOCKET_PATH, SUBPROTOCOL, decode, encode};
use tungstenite::{Message, WebSocket, client::IntoClientRequest, protocol::CloseFrame};

/// How long a test waits for an answer before it fails.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// An open connection: a socket, or what stands in for one.
#[derive(Debug)]
pub struct Line {
    way: Way,
    /// What the server said first, if it was waited for.
    pub hello: Option<FromServer>,
}

impl Line {
    /// Opens a socket with these headers, or gives the HTTP status of the refusal.
    pub fn open(base: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let headers = [&[("sec-websocket-protocol", SUBPROTOCOL)], headers].concat();
        upgraded(base, SOCKET_PATH, &headers).map(|ws| Self { way: Way::Socket(ws), hello: None })
    }

    /// Opens a line that is polled. Every third answer is lost on its way.
    #[must_use]
    pub fn polls(guest: &Guest) -> Self {
        Self { way: Way::Polls(Polls::open(guest)), hello: None }.greeted()
    }

    /// Opens a line whose frames come as server-sent events.
    #[must_use]
    pub fn events(guest: &Guest) -> Self {
        Self { way: Way::Events(Events::open(guest)), hello: None }.greeted()
    }

    /// The socket, for what only a socket can do.
    fn ws(&mut self) -> &mut WebSocket<TcpStream> {
        match &mut self.way {
            Way::Socket(ws) => ws,
            Way::Polls(_) | Way::Events(_) => panic!("this is no socket"),
        }
    }

    /// Waits for the hello.
    #[must_use]
    pub fn greeted(mut self) -> Self {
        let hello = self.hears();
        assert!(matches!(hello, FromServer::Hello { .. }), "{hello:?}");
        self.hello = Some(hello);
        self
    }

    /// Says a frame.
    pub fn says(&mut self, frame: &FromClient) {
        match &mut self.way {
            Way::Socket(_) => self.sends(Message::text(encode(frame))),
            Way::Polls(polls) => polls.says(frame),
            Way::Events(events) => events.says(frame),
        }
    }

    /// Sends any message.
    pub fn sends(&mut self, message: Message) {
        self.ws().send(message).expect("the socket takes a frame");
    }

    /// Sends bytes below the level of frames.
    pub fn sends_bytes(&mut self, bytes: &[u8]) {
        use std::io::Write as _;
        self.ws().get_mut().write_all(bytes).expect("the connection takes bytes");
    }

    /// Sends bytes below the level of frames, if the server still takes them.
    pub fn tries_bytes(&mut self, bytes: &[u8]) -> bool {
        use std::io::Write as _;
        self.ws().get_mut().write_all(bytes).is_ok()
    }

    /// The next frame, whatever it is.
    pub fn hears(&mut self) -> FromServer {
        let ws = match &mut self.way {
            Way::Socket(ws) => ws,
            Way::Polls(polls) => return polls.hears(),
            Way::Events(events) => return events.hears(),
        };
        loop {
            match ws.read().expect("a frame in time") {
                Message::Text(text) => return decode(&text).expect("a frame of the protocol"),
                Message::Close(frame) => panic!("the server closed: {frame:?}"),
                Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_) => {}
            }
        }
    }

    /// Waits until the server closes, and gives the number of its reason.
    pub fn hears_the_end(&mut self) -> Option<u16> {
        the_end_of(self.ws())
    }

    /// The next event; other frames are passed over.
    pub fn hears_event(&mut self) -> Event {
        loop {
            if let FromServer::Event(event) = self.hears() {
                return event;
            }
        }
    }

    /// The next signal; other frames are passed over.
    pub fn hears_signal(&mut self) -> Signal {
        loop {
            if let FromServer::Signal { signal } = self.hears() {
                return signal;
            }
        }
    }

    /// The next news of people whom it watches; other frames are passed over.
    pub fn hears_presence(&mut self) -> Vec<Seen> {
        loop {
            if let Signal::Presence { people } = self.hears_signal() {
                return people;
            }
        }
    }

    /// The next refusal; other frames are passed over.
    pub fn hears_refusal(&mut self) -> Refused {
        loop {
            if let FromServer::Refused(refused) = self.hears() {
                return refused;
            }
        }
    }

    /// Watches these people, and gives how they are.
    pub fn watches(&mut self, people: &[UserId]) -> Vec<Seen> {
        self.says(&FromClient::Watch { people: people.to_vec() });
        self.hears_presence()
    }

    /// Says how far its person has come.
    pub fn marks(&mut self, room: RoomId, delivered: u64, read: u64) {
        self.says(&FromClient::Mark { room, delivered: Seq::new(delivered), read: Seq::new(read) });
    }

    /// Where its person stood in a room when it was greeted.
    #[must_use]
    pub fn stood(&self, room: RoomId) -> Option<RoomHead> {
        let Some(FromServer::Hello { rooms, .. }) = &self.hello else { panic!("no hello was waited for") };
        rooms.iter().find(|head| head.room.id == room).cloned()
    }

    /// The texts of the next `count` messages.
    pub fn hears_texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            texts.extend(self.hears_event().message().map(|message| message.said.text.as_str().to_owned()));
        }
        texts
    }

    /// Subscribes to a room, and gives its head, or the head it was reset to.
    pub fn subscribes(&mut self, room: RoomId, since: Option<Cursor>) -> Result<Seq, Seq> {
        self.says(&FromClient::Subscribe { room, since });
        loop {
            match self.hears() {
                FromServer::Subscribed { room: r, head } if r == room => return Ok(head),
                FromServer::Reset { room: r, head, .. } if r == room => return Err(head),
                FromServer::Refused(refused) => panic!("{refused:?}"),
                FromServer::Hello { .. }
                | FromServer::Subscribed { .. }
                | FromServer::Reset { .. }
                | FromServer::Event(_)
                | FromServer::Signal { .. }
                | FromServer::Posted(_)
                | FromServer::Amended { .. }
                | FromServer::Behind {}
                | FromServer::Ping { .. } => {}
            }
        }
    }

    /// Posts, and waits for the receipt or the refusal; events that come first are passed over.
    pub fn posts(&mut self, room: RoomId, key: &str, text: &str) -> Result<Posted, Code> {
        self.says(&FromClient::Post {
            room,
            key: key.into(),
            text: text.into(),
            files: Vec::new(),
            reply: None,
            forward: None,
        });
        loop {
            match self.hears() {
                FromServer::Posted(posted) => return Ok(posted),
                FromServer::Refused(refused) => return Err(refused.code),
                FromServer::Hello { .. }
                | FromServer::Subscribed { .. }
                | FromServer::Reset { .. }
                | FromServer::Event(_)
                | FromServer::Signal { .. }
                | FromServer::Amended { .. }
                | FromServer::Behind {}
                | FromServer::Ping { .. } => {}
            }
        }
    }

    /// Does something to a message, and waits until it is so, or for the refusal; events that come first are passed over.
    pub fn amends(&mut self, room: RoomId, message: Seq, what: Amendment) -> Result<Seq, Code> {
        self.says(&FromClient::Amend { room, message, key: "amends".into(), what });
        loop {
            match self.hears() {
                FromServer::Amended { seq, .. } => return Ok(seq),
                FromServer::Refused(refused) => return Err(refused.code),
                FromServer::Hello { .. }
                | FromServer::Subscribed { .. }
                | FromServer::Reset { .. }
                | FromServer::Event(_)
                | FromServer::Signal { .. }
                | FromServer::Posted(_)
                | FromServer::Behind {}
                | FromServer::Ping { .. } => {}
            }
        }
    }

    /// Sends a post without waiting for its receipt; fails when the server is gone.
    pub fn try_post(&mut self, room: RoomId, key: &str, text: &str) -> Result<(), Gone> {
        let post = FromClient::Post {
            room,
            key: key.into(),
            text: text.into(),
            files: Vec::new(),
            reply: None,
            forward: None,
        };
        self.ws().send(Message::text(encode(&post))).map_err(|_| Gone)
    }

    /// Says a frame; fails when the server is gone.
    pub fn try_say(&mut self, frame: &FromClient) -> Result<(), Gone> {
        self.ws().send(Message::text(encode(frame))).map_err(|_| Gone)
    }

    /// The next frame; fails when the server is gone.
    pub fn try_hear(&mut self) -> Result<FromServer, Gone> {
        loop {
            match self.ws().read() {
                Ok(Message::Text(text)) => return Ok(decode(&text).expect("a frame of the protocol")),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_)) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("the server said nothing in {PATIENCE:?}")
                }
                Ok(Message::Close(_)) | Err(_) => return Err(Gone),
            }
        }
    }

    /// The next receipt; fails when the server is gone. Other frames are passed over.
    pub fn try_hear_posted(&mut self) -> Result<Posted, Gone> {
        loop {
            if let Message::Text(text) = self.ws().read().map_err(|_| Gone)?
                && let FromServer::Posted(posted) = decode(&text).expect("a frame of the protocol")
            {
                return Ok(posted);
            }
        }
    }
}

/// The server does not answer any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

/// Opens a socket at this path, or gives the HTTP status of the refusal.
pub(super) fn upgraded(base: &str, path: &str, headers: &[(&str, &str)]) -> Result<WebSocket<TcpStream>, u16> {
    let host = base.strip_prefix("http://").expect("a base of http");
    let stream = TcpStream::connect(host).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    let mut request = format!("ws://{host}{path}").into_client_request().expect("a request");
    for (name, value) in headers {
        let name: tungstenite::http::HeaderName = name.parse().expect("a header's name");
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    match tungstenite::client(request, stream) {
        Ok((ws, _)) => Ok(ws),
        Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(response))) => {
            Err(response.status().as_u16())
        }
        Err(other) => panic!("the upgrade broke: {other}"),
    }
}

/// Waits until the server closes, and gives the number of its reason.
pub(super) fn the_end_of(ws: &mut WebSocket<TcpStream>) -> Option<u16> {
    loop {
        match ws.read() {
            Ok(Message::Close(frame)) => return frame.map(|CloseFrame { code, .. }| code.into()),
            Ok(_) => {}
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                panic!("the server did not close in time")
            }
            Err(_) => return None,
        }
    }
}
