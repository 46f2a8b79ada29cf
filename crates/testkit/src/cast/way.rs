//! What carries a line's frames: a socket; polls, some of whose answers are lost on their way; or server-sent events.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read},
    net::TcpStream,
};

use protocol::{
    FromClient, FromServer, decode,
    http::{LineOpened, Polled},
};
use tungstenite::WebSocket;

use super::{Guest, JSON, line::PATIENCE};

/// How long a poll waits, in milliseconds: less than a test.
const WAIT_MS: u64 = 8_000;

pub(super) enum Way {
    Socket(WebSocket<TcpStream>),
    Polls(Polls),
    Events(Events),
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Socket(_) => "Socket",
            Self::Polls(_) => "Polls",
            Self::Events(_) => "Events",
        })
    }
}

/// A line that is polled.
pub(super) struct Polls {
    up: Up,
    last: u64,
    came: VecDeque<FromServer>,
    asked: usize,
}

/// A line whose frames come as server-sent events.
pub(super) struct Events {
    up: Up,
    down: BufReader<Box<dyn Read + Send + Sync>>,
}

/// The way of a line's frames to the server.
struct Up {
    guest: Guest,
    path: String,
}

impl Up {
    fn open(guest: &Guest) -> Self {
        let LineOpened { line } = guest.asks("POST", "events", Some("")).value();
        Self { guest: guest.clone(), path: format!("events/{line}") }
    }

    fn says(&self, frame: &FromClient) {
        let answer = self.guest.sends("POST", &self.path, frame);
        assert_eq!(answer.status, 202, "{}", answer.text);
    }
}

impl Polls {
    pub(super) fn open(guest: &Guest) -> Self {
        Self { up: Up::open(guest), last: 0, came: VecDeque::new(), asked: 0 }
    }

    pub(super) fn says(&self, frame: &FromClient) {
        self.up.says(frame);
    }

    pub(super) fn hears(&mut self) -> FromServer {
        loop {
            if let Some(frame) = self.came.pop_front() {
                return frame;
            }
            let path = format!("{}?after={}&wait_ms={WAIT_MS}", self.up.path, self.last);
            let answer = self.up.guest.gets(&path);
            self.asked += 1;
            // Every third answer is lost on its way.
            if answer.status == 204 || self.asked.is_multiple_of(3) {
                continue;
            }
            let polled: Polled = answer.value();
            assert!(polled.ended.is_none() || !polled.frames.is_empty(), "the line ended: {:?}", polled.ended);
            self.last = polled.last;
            self.came.extend(polled.frames);
        }
    }
}

impl Events {
    pub(super) fn open(guest: &Guest) -> Self {
        let up = Up::open(guest);
        let agent: ureq::Agent = ureq::Agent::config_builder().timeout_recv_body(Some(PATIENCE)).build().into();
        let asked = agent.get(format!("{}/api/v1/{}", guest.base, up.path));
        let asked = asked.header("authorization", format!("Bearer {}", guest.token)).header(JSON.0, JSON.1);
        let answer = asked.header("accept", "text/event-stream").call().expect("events");
        assert_eq!(answer.headers().get("content-type").and_then(|kind| kind.to_str().ok()), Some("text/event-stream"));
        Self { up, down: BufReader::new(Box::new(answer.into_body().into_reader())) }
    }

    pub(super) fn says(&self, frame: &FromClient) {
        self.up.says(frame);
    }

    pub(super) fn hears(&mut self) -> FromServer {
        loop {
            let mut line = String::new();
            let read = self.down.read_line(&mut line).expect("a line of an event");
            assert!(read > 0, "the events ended");
            assert!(!line.starts_with("event: ended"), "the line ended");
            if let Some(frame) = line.strip_prefix("data: ") {
                return decode(frame.trim_end()).expect("a frame of the protocol");
            }
        }
    }
}
