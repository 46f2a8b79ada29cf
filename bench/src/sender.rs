//! Somebody who sends what the book says, one message after the other, by a socket or by HTTP, and tells the book the answers.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context as _, bail};
use model::{Posted, RoomId};
use protocol::{Code, FromClient, FromServer, Retry, decode, http::PostBody};
use tokio::time::{sleep, timeout};

use crate::{
    book::{Book, Copy},
    frames::Came,
    http::Desk,
    link::{Ear, Mouth},
    people::Somebody,
};

/// The longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// The pause before another try, when the server is not there, and when there is nothing to do just now.
const PAUSE: Duration = Duration::from_millis(20);

/// A sender.
#[derive(Debug)]
pub struct Sender {
    /// Whose messages it sends.
    pub author: usize,
    /// By what.
    pub line: Line,
    /// What to send.
    pub book: Arc<Book>,
    /// Counts what was not answered, for all senders.
    pub failures: Arc<AtomicUsize>,
}

/// The way that messages take.
#[derive(Debug)]
pub enum Line {
    /// A socket, when it is open.
    Socket(Box<(Somebody, Option<(Ear, Mouth)>)>),
    /// Requests.
    Desk(Box<Desk>),
}

/// What was answered.
enum Answer {
    Posted(Posted),
    Refused(Code, Option<u64>),
}

impl Line {
    /// A socket of this device.
    #[must_use]
    pub fn socket(device: &Somebody) -> Self {
        Self::Socket(Box::new((device.clone(), None)))
    }

    /// Requests of this device.
    #[must_use]
    pub fn desk(device: &Somebody) -> Self {
        Self::Desk(Box::new(device.desk()))
    }

    async fn send(&mut self, copy: Copy, room: RoomId) -> anyhow::Result<Answer> {
        match self {
            Self::Desk(desk) => {
                let body =
                    PostBody { key: copy.key(), text: copy.text(), files: Vec::new(), reply: None, forward: None };
                let answer = desk.post(&format!("rooms/{room}/messages"), &body).await?;
                if answer.status == 200 {
                    return Ok(Answer::Posted(answer.value()?));
                }
                let (code, retry_after_ms) = answer.refusal()?;
                Ok(Answer::Refused(code, retry_after_ms))
            }
            Self::Socket(socket) => {
                let (device, link) = socket.as_mut();
                // Out of its place while it is used: a line that fails is not used again.
                let mut open = match link.take() {
                    Some(open) => open,
                    None => device.way.open(&device.token).await?,
                };
                let post = FromClient::Post {
                    room,
                    key: copy.key(),
                    text: copy.text(),
                    files: Vec::new(),
                    reply: None,
                    forward: None,
                };
                let answer = timeout(PATIENCE, ask(&mut open, &post, &copy.key())).await.context("no answer")??;
                *link = Some(open);
                Ok(answer)
            }
        }
    }
}

impl Sender {
    /// Sends until everything of everybody is answered.
    pub async fn run(mut self) {
        while self.book.left() > 0 {
            let Some((copy, room)) = self.book.take(self.author) else {
                sleep(PAUSE).await;
                continue;
            };
            match self.line.send(copy, room).await {
                Ok(Answer::Posted(posted)) => self.book.was_accepted(copy, posted.seq.number()),
                Ok(Answer::Refused(code, wait_ms)) if code.retry() == Retry::Later => {
                    self.book.put_back(copy);
                    sleep(wait_ms.map_or(PAUSE, Duration::from_millis)).await;
                }
                Ok(Answer::Refused(code, _)) => self.book.was_refused(copy, code),
                Err(_) => {
                    self.failures.fetch_add(1, Ordering::Relaxed);
                    self.book.put_back(copy);
                    sleep(PAUSE).await;
                }
            }
        }
    }
}

async fn ask((ear, mouth): &mut (Ear, Mouth), post: &FromClient, key: &str) -> anyhow::Result<Answer> {
    mouth.say(post).await?;
    let mut texts = Vec::new();
    loop {
        let mut closed = false;
        let stands = ear.hear(|came| match came {
            Came::Text(text) => texts.push(String::from_utf8_lossy(text).into_owned()),
            Came::Close(_) => closed = true,
            Came::Other => {}
        });
        let stands = stands.await?;
        for text in texts.drain(..) {
            let frame = decode::<FromServer>(&text)?;
            if matches!(frame, FromServer::Ping { .. }) {
                mouth.say(&FromClient::Pong {}).await?;
            } else if let FromServer::Posted(posted) = frame {
                if posted.key.as_str() == key {
                    return Ok(Answer::Posted(posted));
                }
            } else if let FromServer::Refused(refused) = frame {
                return Ok(Answer::Refused(refused.code, refused.retry_after_ms));
            }
        }
        if closed || !stands {
            bail!("the line ended");
        }
    }
}
