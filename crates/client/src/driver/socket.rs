//! One WebSocket: frames go in, frames and its end come out.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper::{Method, Request, StatusCode, header, upgrade::Upgraded};
use hyper_util::rt::TokioIo;
use protocol::{SOCKET_PATH, SUBPROTOCOL};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{Role, WebSocketConfig},
    },
};

use super::{Server, Token, Trouble, engine::Came};

/// Frames that wait to be sent; when one more comes, the line is given up. The engine sends few.
const WAITING_MAX: usize = 1_024;
/// Bytes of one frame that are taken. A `hello` of somebody in a thousand rooms is far below.
const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;
/// A frame that the network does not take for so long will not go.
const SEND_PATIENCE: Duration = Duration::from_secs(10);
/// How long a good-bye may take.
const CLOSE_PATIENCE: Duration = Duration::from_secs(1);
/// The number of a socket that was lost, or could not be opened.
const LOST: u16 = 1006;

type Line = WebSocketStream<TokioIo<Upgraded>>;

/// What a socket tells, with its number.
pub(super) enum Heard {
    Frame(String),
    Closed(u16),
}

/// A socket that is open, or being opened. Dropping it says good-bye.
#[derive(Debug)]
pub(super) struct Socket {
    frames: mpsc::Sender<String>,
    task: JoinHandle<()>,
}

impl Socket {
    /// Opens a socket; what it tells goes to `tell` with `number`.
    pub(super) fn open(server: Server, token: Token, number: u64, tell: mpsc::Sender<Came>) -> Self {
        let (frames, outgoing) = mpsc::channel(WAITING_MAX);
        let task = tokio::spawn(async move {
            let dialled = dial(&server, &token);
            if let Some(code) = run(dialled, outgoing, |heard| tell.send(Came::Socket(number, heard))).await {
                let _ = tell.send(Came::Socket(number, Heard::Closed(code))).await;
            }
        });
        Self { frames, task }
    }

    /// Sends a frame. False: too many wait already, or it is closed.
    pub(super) fn send(&self, frame: String) -> bool {
        self.frames.try_send(frame).is_ok()
    }

    /// Says good-bye, and waits until that is done.
    pub(super) async fn close(self) {
        drop(self.frames);
        let _ = timeout(2 * CLOSE_PATIENCE, self.task).await;
    }
}

/// Carries frames both ways. Gives the number with which the socket ended, or nothing if it was let go of from here.
async fn run<T: Future<Output = Result<(), E>>, E>(
    dialled: impl Future<Output = Result<Line, Trouble>>,
    mut outgoing: mpsc::Receiver<String>,
    tell: impl Fn(Heard) -> T,
) -> Option<u16> {
    let dialled = tokio::select! {
        dialled = dialled => dialled,
        // Nothing is sent before `hello`: it was let go of.
        _ = outgoing.recv() => return None,
    };
    let Ok(mut line) = dialled else { return Some(LOST) };
    loop {
        tokio::select! {
            frame = outgoing.recv() => {
                let Some(frame) = frame else {
                    let _ = timeout(CLOSE_PATIENCE, line.close(None)).await;
                    return None;
                };
                let sent = timeout(SEND_PATIENCE, line.send(Message::text(frame))).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return Some(LOST);
                }
            }
            came = line.next() => match came {
                Some(Ok(Message::Text(text))) => tell(Heard::Frame(text.as_str().to_owned())).await.ok()?,
                Some(Ok(Message::Close(reason))) => {
                    // The answer to a good-bye goes out with the next flush.
                    let _ = timeout(CLOSE_PATIENCE, line.flush()).await;
                    return Some(reason.map_or(LOST, |reason| reason.code.into()));
                }
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return Some(LOST),
            },
        }
    }
}

/// Asks for a socket, and takes over the connection on which it was granted.
async fn dial(server: &Server, token: &Token) -> Result<Line, Trouble> {
    let key = generate_key();
    let request = Request::builder()
        .method(Method::GET)
        .uri(format!("{}{SOCKET_PATH}", server.base()))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL)
        .header(header::SEC_WEBSOCKET_KEY, &key);
    let answer = server.request(Some(token), request, String::new()).await?;
    let says = |name: header::HeaderName| answer.headers().get(name).map(hyper::header::HeaderValue::as_bytes);
    let granted = answer.status() == StatusCode::SWITCHING_PROTOCOLS
        && says(header::SEC_WEBSOCKET_ACCEPT) == Some(derive_accept_key(key.as_bytes()).as_bytes())
        && says(header::SEC_WEBSOCKET_PROTOCOL) == Some(SUBPROTOCOL.as_bytes());
    if !granted {
        return Err(Trouble::Foreign(format!("it answered a request for a socket with {}", answer.status())));
    }
    let upgraded = hyper::upgrade::on(answer).await.map_err(|error| Trouble::Unreachable(error.to_string()))?;
    let config =
        WebSocketConfig::default().max_message_size(Some(FRAME_BYTES_MAX)).max_frame_size(Some(FRAME_BYTES_MAX));
    Ok(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(config)).await)
}
