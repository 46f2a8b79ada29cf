//! Lines: what stands in for a socket where there can be none. Frames go down by polling or as server-sent events, and up by posts.
//!
//! A line is the same conversation as a socket's, with the same frames in the same order. What goes down by polling has a number, and
//! waits until the client says that it has it; so an answer that was lost on its way is given again.

mod down;
mod wire;

pub(crate) use down::{Ended, Taken};

use std::{
    collections::HashMap,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use model::{
    Refusal, TokenHash,
    limits::{LINE_FRAMES_MAX, LINES_MAX},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use tokio::{sync::mpsc, time::Instant};

use self::{down::Down, wire::LineWire};
use crate::{
    Failure, House,
    http::Caller,
    random,
    talk::{self, Heard},
};

/// A line's name: 128 random bits as 32 hexadecimal digits. It opens nothing without the session that opened the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LineId(u128);

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for LineId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| plain);
        number.map(Self).ok_or("a line is called by 32 hexadecimal digits")
    }
}

impl<'de> Deserialize<'de> for LineId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// One line, as its requests see it.
pub(crate) struct Line {
    /// The session's token: nobody else has to do with it.
    token: TokenHash,
    down: Down,
    /// What comes from the client; none is a good-bye.
    up: mpsc::Sender<Option<Heard>>,
}

/// All lines.
#[derive(Default)]
pub(crate) struct Lines(Mutex<HashMap<LineId, Arc<Line>>>);

impl Lines {
    /// The line of this name, for the session that opened it.
    pub(crate) fn find(&self, id: LineId, token: TokenHash) -> Result<Arc<Line>, Refusal> {
        let line = self.all().get(&id).cloned();
        line.filter(|line| line.token == token).ok_or(Refusal::NotFound)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<LineId, Arc<Line>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens a line for somebody, and begins to talk over it.
pub(crate) fn open(house: &Arc<House>, caller: Caller) -> Result<LineId, Failure> {
    let id = LineId(random::number()?);
    let (up, heard) = mpsc::channel(LINE_FRAMES_MAX);
    let line = Arc::new(Line { token: caller.token, down: Down::default(), up });
    {
        let mut all = house.lines.all();
        if all.len() >= LINES_MAX {
            return Err(Refusal::Busy.into());
        }
        all.insert(id, Arc::clone(&line));
    }
    let house = Arc::clone(house);
    tokio::spawn(async move {
        // Whatever becomes of the conversation, the line is not found any more.
        let _end = End { house: Arc::clone(&house), id };
        talk::run(LineWire::new(line, heard), house, caller).await;
    });
    Ok(id)
}

struct End {
    house: Arc<House>,
    id: LineId,
}

impl Drop for End {
    fn drop(&mut self) {
        self.house.lines.all().remove(&self.id);
    }
}

impl Line {
    /// What came down after a number, as soon as there is something, or nothing after so long. Who asks has everything up to there.
    pub(crate) async fn take(&self, after: u64, wait: Duration) -> Result<Taken, Failure> {
        // If that is full, there are signs of life enough.
        let _ = self.up.try_send(Some(Heard::Life));
        let until = Instant::now() + wait;
        self.down.take(after, until).await.ok_or_else(|| Failure::malformed("nothing of this number has come down yet"))
    }

    /// A frame from the client, or a good-bye.
    pub(crate) fn hear(&self, frame: Option<String>) -> Result<(), Failure> {
        let heard = frame.map(|frame| Heard::Frame(frame.into()));
        Ok(self.up.try_send(heard).map_err(|_| Refusal::Busy)?)
    }
}
