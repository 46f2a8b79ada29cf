//! One socket to the server: opened from an address of one's choice, read and written by hand.

use std::{
    io,
    mem::MaybeUninit,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    time::Duration,
};

use anyhow::{Context as _, bail};
use protocol::{FromClient, SOCKET_PATH, SUBPROTOCOL, encode};
use tokio::{
    io::{AsyncRead as _, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf},
    net::{
        TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Mutex,
    time::timeout,
};

use crate::frames::{Came, Cutter, text_frame};

/// The longest wait for a socket to open.
const PATIENCE: Duration = Duration::from_secs(20);
/// The largest answer to an upgrade, in bytes. Larger: not our server.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// Bytes that are read at once.
const READ_BYTES: usize = 16 * 1024;

/// How to reach the server.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The server, or what stands in front of it.
    pub to: SocketAddr,
    /// The address to come from: the server counts by it.
    pub from: Ipv4Addr,
    /// The kernel's buffer for what comes, in bytes; its own choice if none.
    pub receive_bytes: Option<u32>,
}

/// The side that hears.
#[derive(Debug)]
pub struct Ear {
    half: OwnedReadHalf,
    cutter: Cutter,
}

/// The side that speaks.
#[derive(Debug)]
pub struct Mouth {
    half: Mutex<OwnedWriteHalf>,
    /// Our own address.
    pub local: SocketAddr,
}

impl Way {
    /// A connection.
    pub async fn connect(&self) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        if let Some(bytes) = self.receive_bytes {
            socket.set_recv_buffer_size(bytes)?;
        }
        socket.bind(SocketAddr::new(self.from.into(), 0))?;
        let stream = socket.connect(self.to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// A socket of the session with this secret.
    pub async fn open(&self, token: &str) -> anyhow::Result<(Ear, Mouth)> {
        timeout(PATIENCE, self.upgrade(token)).await.context("the socket did not open in time")?
    }

    async fn upgrade(&self, token: &str) -> anyhow::Result<(Ear, Mouth)> {
        let mut stream = self.connect().await?;
        let head = format!(
            "GET {SOCKET_PATH} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c3RvbmVjaGF0LWJlbmNoLg==\r\n\
             Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\nAuthorization: Bearer {token}\r\n\r\n",
            self.to
        );
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        let end = loop {
            if stream.read_buf(&mut answer).await? == 0 {
                bail!("the connection ended before the upgrade");
            }
            if let Some(end) = find(&answer, b"\r\n\r\n") {
                break end + 4;
            }
            if answer.len() > ANSWER_BYTES_MAX {
                bail!("the answer to the upgrade has no end");
            }
        };
        if !answer.starts_with(b"HTTP/1.1 101 ") {
            bail!("no upgrade: {}", String::from_utf8_lossy(&answer));
        }
        let local = stream.local_addr()?;
        let (read, write) = stream.into_split();
        // What came right behind the answer is the first frame, or a part of it.
        let ear = Ear { half: read, cutter: Cutter::begun(answer.split_off(end)) };
        Ok((ear, Mouth { half: Mutex::new(write), local }))
    }
}

impl Ear {
    /// Waits for bytes, and gives out the frames that they complete. Says whether the connection stands.
    pub async fn hear(&mut self, mut each: impl FnMut(Came<'_>)) -> io::Result<bool> {
        let held = self.cutter.holds();
        self.cutter.take(&[], &mut each);
        if self.cutter.holds() < held {
            return Ok(true);
        }
        std::future::poll_fn(|context| {
            // The bytes lie on the stack while they are looked at, so that a quiet socket costs nothing.
            let mut bytes = [const { MaybeUninit::<u8>::uninit() }; READ_BYTES];
            let mut buffer = ReadBuf::uninit(&mut bytes);
            std::task::ready!(Pin::new(&mut self.half).poll_read(context, &mut buffer))?;
            self.cutter.take(buffer.filled(), &mut each);
            std::task::Poll::Ready(Ok(!buffer.filled().is_empty()))
        })
        .await
    }
}

impl Mouth {
    /// Says a frame.
    pub async fn say(&self, frame: &FromClient) -> io::Result<()> {
        self.say_text(&encode(frame)).await
    }

    /// Says a text.
    pub async fn say_text(&self, text: &str) -> io::Result<()> {
        self.half.lock().await.write_all(&text_frame(text)).await
    }
}

/// The place of some bytes in others.
#[must_use]
pub fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(place) = bytes.get(from..)?.iter().position(|byte| *byte == first) {
        if bytes[from + place..].starts_with(wanted) {
            return Some(from + place);
        }
        from += place + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_where_they_are() {
        assert_eq!(find(b"aab", b"ab"), Some(1));
        assert_eq!(find(b"aab", b"b"), Some(2));
        assert_eq!(find(b"aab", b"c"), None);
        assert_eq!(find(b"aab", b""), None);
    }
}
