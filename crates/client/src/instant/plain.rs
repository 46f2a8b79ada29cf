//! A plain room, as one guest knows it. Nothing in it is proven: not a name, not who says something. What is the guest's own is
//! known by the whole frame and by having been sent a moment ago, so nobody can say it for them afterwards.

use std::collections::VecDeque;

use model::{
    Body,
    limits::{INSTANT_MEMBERS_MAX, INSTANT_UNSENT_MAX},
};
use protocol::instant::{Sender, plain::Spoken};

use super::{Author, Effect, Here, RowId, Saying, Sent, nick, row::Rows};

/// The server says everything back. A line that does not for this long is given up.
const ECHO_TIMEOUT_MS: u64 = 10_000;

/// The state of a plain room.
#[derive(Debug, Default)]
pub(super) struct Plain {
    user: String,
    /// What was said and did not come back yet.
    said: VecDeque<Echo>,
    /// Who said something lately.
    heard: VecDeque<Here>,
}

#[derive(Debug)]
struct Echo {
    frame: String,
    row: RowId,
    at_ms: u64,
    sent: bool,
}

impl Plain {
    /// The line is open. The first sender names the guest for good: nothing here depends on it.
    pub(super) fn enter(&mut self, sender: Sender) {
        if self.user.is_empty() {
            self.user = sender.text();
        }
    }

    /// The line is gone.
    pub(super) fn lose(&mut self, rows: &mut Rows) {
        for echo in self.said.drain(..) {
            rows.sent(echo.row, Sent::Perhaps);
        }
    }

    pub(super) fn takes_text(&self) -> bool {
        self.said.len() < INSTANT_UNSENT_MAX
    }

    pub(super) fn say(&mut self, now_ms: u64, text: &str, name: &str, rows: &mut Rows) {
        let row = rows.push(now_ms, Author::Own(Sent::Waiting), Saying::Text(text.to_owned()));
        let spoken = Spoken { message: text.to_owned(), sender: name.to_owned(), userid: self.user.clone() };
        self.said.push_back(Echo { frame: spoken.write(), row, at_ms: now_ms, sent: false });
    }

    pub(super) fn hear(&mut self, now_ms: u64, frame: &str, rows: &mut Rows) {
        if let Some(place) = self.said.iter().position(|echo| echo.sent && echo.frame == frame) {
            if let Some(echo) = self.said.remove(place) {
                rows.sent(echo.row, Sent::Out);
            }
            return;
        }
        let Some(Spoken { message, sender, userid }) = Spoken::read(frame) else { return };
        let Ok(text) = Body::parse(&message) else { return };
        let (name, tag) = (nick(&sender), tag(&userid));
        let here = Here { name: name.clone(), tag: tag.clone(), types: false };
        if !self.heard.contains(&here) {
            self.heard.push_back(here);
        }
        if self.heard.len() > INSTANT_MEMBERS_MAX {
            self.heard.pop_front();
        }
        rows.push(now_ms, Author::Other { name, tag }, Saying::Text(text.into()));
    }

    /// Those who said something lately, by name.
    pub(super) fn heard(&self) -> Vec<Here> {
        let mut heard: Vec<_> = self.heard.iter().cloned().collect();
        heard.sort_by(|a, b| (&a.name, &a.tag).cmp(&(&b.name, &b.tag)));
        heard
    }

    /// What was said goes out.
    pub(super) fn turn(&mut self, out: &mut Vec<Effect>) {
        for echo in self.said.iter_mut().filter(|echo| !echo.sent) {
            echo.sent = true;
            out.push(Effect::Send(echo.frame.clone()));
        }
    }

    /// Whether something did not come back in time.
    pub(super) fn is_deaf(&self, now_ms: u64) -> bool {
        self.wake_at().is_some_and(|at_ms| now_ms >= at_ms)
    }

    pub(super) fn wake_at(&self) -> Option<u64> {
        self.said.front().map(|echo| echo.at_ms + ECHO_TIMEOUT_MS)
    }
}

/// Tells two of one name apart, as long as they are not the same on purpose: the first digits of a hash (FNV-1a) of what their
/// clients drew.
fn tag(user: &str) -> String {
    if user.is_empty() {
        return String::new();
    }
    let hash = user.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{:04x}", hash >> 16)
}
