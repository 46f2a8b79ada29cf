//! Requests to the server over one connection that stays open, from an address of one's choice.

use std::time::Duration;

use anyhow::{Context as _, bail};
use model::{RoomId, Seq};
use protocol::{
    Code, decode, encode,
    http::{History, Problem},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::link::{Way, find};

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection for requests.
#[derive(Debug)]
pub struct Desk {
    way: Way,
    token: Option<String>,
    stream: Option<TcpStream>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub text: String,
}

impl Desk {
    /// Asks on behalf of nobody.
    #[must_use]
    pub fn new(way: Way) -> Self {
        Self { way, token: None, stream: None }
    }

    /// Asks on behalf of the session with this secret.
    #[must_use]
    pub fn of(way: Way, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(way) }
    }

    /// `GET /api/v1/{path}`
    pub async fn fetch<T: DeserializeOwned>(&mut self, path: &str) -> anyhow::Result<T> {
        self.ask("GET", path, "").await?.value()
    }

    /// `POST /api/v1/{path}`
    pub async fn post<T: Serialize>(&mut self, path: &str, body: &T) -> anyhow::Result<Answer> {
        self.ask("POST", path, &encode(body)).await
    }

    /// Every message of a room after a place, in order, and the head at the last reading.
    pub async fn read_after(&mut self, room: RoomId, after: Seq) -> anyhow::Result<(Vec<model::Message>, Seq)> {
        let (mut all, mut after) = (Vec::new(), after);
        loop {
            let page: History = self.fetch(&format!("rooms/{room}/messages?after={after}")).await?;
            all.extend(page.messages);
            if !page.newer {
                return Ok((all, page.head));
            }
            after = all.last().map(|message| message.seq).context("a page with more after it is not empty")?;
        }
    }

    /// Any request. After a fault the next one begins with a new connection.
    pub async fn ask(&mut self, method: &str, path: &str, body: &str) -> anyhow::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.way.connect().await?,
        };
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
        let request = format!(
            "{method} /api/v1/{path} HTTP/1.1\r\nHost: {}\r\n{token}Content-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.way.to,
            body.len()
        );
        let answer = timeout(PATIENCE, async {
            stream.write_all(request.as_bytes()).await?;
            answer(&mut stream).await
        });
        let answer = answer.await.context("no answer in time")??;
        self.stream = Some(stream);
        Ok(answer)
    }
}

impl Answer {
    /// The body as a value.
    pub fn value<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        if !(200..300).contains(&self.status) {
            bail!("{} {}", self.status, self.text);
        }
        decode(&self.text).with_context(|| self.text.clone())
    }

    /// The code and the time to wait of a refusal.
    pub fn refusal(&self) -> anyhow::Result<(Code, Option<u64>)> {
        let problem: Problem = decode(&self.text).with_context(|| format!("{} {}", self.status, self.text))?;
        Ok((problem.error.code, problem.error.retry_after_ms))
    }
}

async fn answer(stream: &mut TcpStream) -> anyhow::Result<Answer> {
    let mut bytes = Vec::with_capacity(4 * 1024);
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            bail!("the connection ended before the answer");
        }
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
            let mut body = bytes.split_off(end + 4);
            let length: usize = length.unwrap_or(0);
            while body.len() < length {
                if stream.read_buf(&mut body).await? == 0 {
                    bail!("the connection ended within the answer");
                }
            }
            return Ok(Answer { status, text: String::from_utf8(body)? });
        }
    }
}
