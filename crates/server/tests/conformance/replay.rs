//! Plays a case over a connection of its own, and judges what came.
//!
//! It is stricter than the suite: a failed connection has to be closed with the right number and not only cut, what comes
//! back is compared byte for byte, and the server has to end the connection itself, in good order after a clean good-bye.

use std::{
    io::{self, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::{
    script::{Case, Ending, Route, Script, Step},
    wire::{Frame, Heard, hear},
};

/// How long anything may take to come. Only a failure takes that long.
const PATIENCE: Duration = Duration::from_secs(30);

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Ok,
    /// Right by the RFC, but later than it could have been.
    NonStrict,
    Informational,
    Failed(String),
}

/// What a client saw.
#[derive(Debug)]
struct Seen {
    heard: Vec<Heard>,
    /// The payload of the good-bye.
    close: Option<Vec<u8>>,
    end: End,
}

/// How the connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Open,
    InOrder,
    Reset,
    /// Nothing came for as long as we waited.
    Hung,
    /// What came was no frame that a server may send.
    Garbled,
}

/// Plays a case against the server at this address.
pub(crate) fn play(server: SocketAddr, case: &Case) -> Verdict {
    let path = match case.route {
        Route::Bounded => "/bounded",
        Route::Raised => "/raised",
    };
    let script = (case.script)();
    match (judge(&script, &Client::connect(server, path).play(&script)), case.informational) {
        (Verdict::Ok | Verdict::NonStrict, true) => Verdict::Informational,
        (verdict, _) => verdict,
    }
}

/// Plays a script on a route, and judges it.
pub(crate) fn play_script(server: SocketAddr, path: &str, script: &Script) -> Verdict {
    judge(script, &Client::connect(server, path).play(script))
}

fn judge(script: &Script, seen: &Seen) -> Verdict {
    let said = seen.close.as_deref();
    let code = said.and_then(|payload| payload.first_chunk().copied()).map(u16::from_be_bytes);
    // What they did not read of what followed the good-bye resets the connection.
    let ended = matches!(seen.end, End::InOrder | End::Reset);
    let ended_well = match &script.ending {
        Ending::Clean => code == Some(1000) && seen.end == End::InOrder,
        Ending::Answered(codes) if codes.is_empty() => said == Some(b"") && ended,
        Ending::Answered(codes) => code.is_some_and(|code| codes.contains(&code)) && ended,
        Ending::Failed(wanted) => code == Some(*wanted) && ended,
    };
    if !ended_well {
        return Verdict::Failed(format!("it should have ended as {:?}: {seen:?}", script.ending));
    }
    if seen.heard == script.hears {
        Verdict::Ok
    } else if script.or_hears.as_ref() == Some(&seen.heard) {
        Verdict::NonStrict
    } else {
        Verdict::Failed(format!("{:?} should have come: {seen:?}", script.hears))
    }
}

struct Client {
    stream: BufReader<TcpStream>,
    seen: Seen,
}

impl Client {
    fn connect(server: SocketAddr, path: &str) -> Self {
        let stream = TcpStream::connect(server).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let mut stream = BufReader::new(stream);
        // The key and its answer are the example of RFC 6455, section 1.3.
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.get_mut().write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.extend(byte);
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 101 "), "{head}");
        assert!(head.contains("s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
        Self { stream, seen: Seen { heard: Vec::new(), close: None, end: End::Open } }
    }

    fn play(mut self, script: &Script) -> Seen {
        for step in &script.steps {
            match step {
                Step::Send(bytes) => self.send(bytes),
                Step::Chop(bytes, size) => {
                    for piece in bytes.chunks(*size) {
                        self.send(piece);
                    }
                }
                Step::Hear(count) => self.hear_until(*count),
                Step::Rounds(frame, heard, count) => self.rounds(frame, heard, *count),
                Step::Listen(ms) => {
                    if self.hears_the_end_within(Duration::from_millis(*ms)) {
                        break;
                    }
                }
            }
        }
        if matches!(script.ending, Ending::Clean) {
            self.hear_until(script.hears.len());
            self.send(&Frame::close(1000, b"").bytes());
        }
        while self.seen.end == End::Open {
            self.hear();
            if let (Some(code), Ending::Failed(_)) = (&self.seen.close, &script.ending) {
                self.send(&Frame::close_of(code).bytes());
            }
        }
        self.seen
    }

    /// Whether they still take it is seen by what they answer.
    fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.get_mut().write_all(bytes);
    }

    fn hear_until(&mut self, count: usize) {
        while self.seen.heard.len() < count && self.seen.close.is_none() && self.seen.end == End::Open {
            self.hear();
        }
    }

    /// Keeps no copy of what came back as it should.
    fn rounds(&mut self, frame: &Frame, heard: &Heard, count: usize) {
        let bytes = frame.bytes();
        for _ in 0..count {
            self.send(&bytes);
            self.hear_until(1);
            if self.seen.heard.first() != Some(heard) {
                return;
            }
            self.seen.heard.clear();
        }
    }

    /// Hears the next frame, or the end.
    fn hear(&mut self) {
        match hear(&mut self.stream) {
            Ok(Heard::Close(payload)) if self.seen.close.is_none() => self.seen.close = Some(payload),
            Ok(heard) => self.seen.heard.push(heard),
            Err(error) => self.seen.end = end(&error),
        }
    }

    fn hears_the_end_within(&mut self, time: Duration) -> bool {
        self.stream.get_ref().set_read_timeout(Some(time)).unwrap();
        // Looked at and not taken, so that no frame is read by half.
        let error = if self.stream.buffer().is_empty() { self.stream.get_ref().peek(&mut [0]).err() } else { None };
        self.stream.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        if error.is_some_and(|error| end(&error) == End::Hung) {
            self.seen.heard.push(Heard::Silence);
            return false;
        }
        self.hear();
        self.seen.close.is_some() || self.seen.end != End::Open
    }
}

fn end(error: &io::Error) -> End {
    #[expect(clippy::wildcard_enum_match_arm, reason = "any other error ends the connection too")]
    match error.kind() {
        io::ErrorKind::UnexpectedEof => End::InOrder,
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => End::Hung,
        io::ErrorKind::InvalidData => End::Garbled,
        _ => End::Reset,
    }
}
