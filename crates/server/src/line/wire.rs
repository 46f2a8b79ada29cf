//! A line, as its conversation sees it.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::Utf8Bytes;
use model::limits::{LINE_PING_MS, LINE_SILENCE_MS, WRITE_TIMEOUT_MS};
use protocol::Close;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout, timeout_at},
};

use super::Line;
use crate::talk::{Heard, Over, Wire};

pub(super) struct LineWire {
    line: Arc<Line>,
    up: mpsc::Receiver<Option<Heard>>,
    /// When the line has been silent for too long.
    silent_at: Instant,
}

impl LineWire {
    pub(super) fn new(line: Arc<Line>, up: mpsc::Receiver<Option<Heard>>) -> Self {
        Self { line, up, silent_at: Instant::now() + Duration::from_millis(LINE_SILENCE_MS) }
    }
}

impl Wire for LineWire {
    const PING_MS: u64 = LINE_PING_MS;

    async fn hear(&mut self) -> Result<Heard, Over> {
        let heard = timeout_at(self.silent_at, self.up.recv()).await.map_err(|_| Over(Some(Close::TooSlow)))?;
        self.silent_at = Instant::now() + Duration::from_millis(LINE_SILENCE_MS);
        heard.flatten().ok_or(Over(None))
    }

    async fn write<I>(&mut self, frames: I) -> Result<(), Over>
    where
        I: IntoIterator<Item = Utf8Bytes, IntoIter: Send> + Send,
    {
        for frame in frames {
            let put = timeout(Duration::from_millis(WRITE_TIMEOUT_MS), self.line.down.put(frame)).await;
            put.map_err(|_| Over(Some(Close::TooSlow)))?;
        }
        Ok(())
    }

    async fn end(self, Over(why): Over) {
        self.line.down.end(why).await;
    }
}
