//! One socket's life in an instant room.
//!
//! One task does everything in turn. While it has something to say for which there is no room yet, or which came too fast, it
//! does not read, and the network tells the other side to wait; what is for its own client it writes all the while.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::ws::{Message, Utf8Bytes, WebSocket},
};
use instant::{BadEnvelope, Key, Member, NoEntry, Saying, Words};
use model::limits::{INSTANT_SILENCE_MS, PING_MS};
use protocol::{Close, encode};
use tokio::time::Instant;

use super::pace::{Pace, Verdict};
use crate::{
    House,
    ws::{self, Over},
};

struct Conversation {
    member: Member,
    kind: Kind,
    pace: Pace,
    turn: Turn,
    heard: Instant,
    next_ping: Instant,
}

/// What is said in a room.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Envelopes, as binary frames.
    Encrypted,
    /// Text frames.
    Plain,
}

impl Kind {
    /// What is said in the room of this key.
    pub(super) fn of(key: &Key) -> Self {
        match key {
            Key::Encrypted(_) => Self::Encrypted,
            Key::Plain(_) => Self::Plain,
        }
    }
}

/// What comes next on the way in.
enum Turn {
    /// The client's next frame.
    Read,
    /// The time at which a frame that came too fast is in time. It has words, unless it was a ping.
    Slow(Instant, Option<Arc<Words>>),
    /// Room for these words.
    Say(Arc<Words>),
}

/// Talks to a client until one side has enough.
pub(super) async fn run(mut ws: WebSocket, house: Arc<House>, kind: Kind, entered: Result<Member, NoEntry>) {
    let Some((mut closing, _token)) = house.enter() else {
        return ws::end(ws, Over(Some(Close::GoingAway))).await;
    };
    drop(house);
    let member = match entered {
        Ok(member) => member,
        Err(no_entry) => return ws::end(ws, Over(Some(close(no_entry)))).await,
    };
    let now = Instant::now();
    let next_ping = now + Duration::from_millis(PING_MS);
    let mut conversation = Conversation { member, kind, pace: Pace::new(), turn: Turn::Read, heard: now, next_ping };
    let talking = async {
        loop {
            conversation.step(&mut ws).await?;
        }
    };
    let over: Result<std::convert::Infallible, Over> = tokio::select! {
        over = talking => over,
        _ = closing.wait_for(|closing| *closing) => Err(Over(Some(Close::GoingAway))),
    };
    // Leaves the room before the good-byes, which may take a while.
    drop(conversation);
    let Err(over) = over;
    ws::end(ws, over).await;
}

fn close(no_entry: NoEntry) -> Close {
    match no_entry {
        NoEntry::RoomFull => Close::RoomFull,
        NoEntry::TooManyRooms => Close::TooManyRooms,
        NoEntry::Full => Close::Full,
    }
}

impl Conversation {
    /// Waits for the next thing, whichever side it comes from, and deals with it.
    async fn step(&mut self, ws: &mut WebSocket) -> Result<(), Over> {
        let next = async {
            match &self.turn {
                Turn::Read => Next::Frame(ws.recv().await),
                Turn::Slow(until, _) => {
                    tokio::time::sleep_until(*until).await;
                    Next::Time
                }
                Turn::Say(words) => {
                    self.member.say(words).await;
                    Next::Said
                }
            }
        };
        tokio::select! {
            next = next => match next {
                Next::Frame(received) => self.hear(ws::message(received)?)?,
                Next::Time => self.try_again(),
                Next::Said => self.read(),
            },
            mut batch = self.member.hear() => {
                // Held until all is written: till then it takes up the member's bound.
                let kind = self.kind;
                ws::write_messages(ws, batch.by_ref().filter_map(|saying| message(kind, saying))).await?;
            }
            () = tokio::time::sleep_until(self.next_ping) => self.beat(ws).await?,
        }
        Ok(())
    }

    fn hear(&mut self, message: Message) -> Result<(), Over> {
        self.heard = Instant::now();
        let words = match (self.kind, message) {
            (_, Message::Ping(_) | Message::Pong(_) | Message::Close(_)) => None,
            (Kind::Encrypted, Message::Binary(envelope)) => {
                self.member.check(&envelope).map_err(|BadEnvelope| Over(Some(Close::BadEnvelope)))?;
                Some(Words::new(&envelope))
            }
            (Kind::Plain, Message::Text(text)) => Some(Words::new(text.as_bytes())),
            (Kind::Encrypted, Message::Text(_)) => return Err(Over(Some(Close::NotBinary))),
            (Kind::Plain, Message::Binary(_)) => return Err(Over(Some(Close::NotText))),
        };
        let verdict = self.pace.judge(bytes(words.as_ref()));
        self.turn = match (verdict, words) {
            (Verdict::Flood, _) => return Err(Over(Some(Close::Flood))),
            (Verdict::TooFast(wait), words) => Turn::Slow(self.heard + wait, words),
            (Verdict::InTime, Some(words)) => Turn::Say(words),
            (Verdict::InTime, None) => Turn::Read,
        };
        Ok(())
    }

    /// The time has come of a frame that was too fast.
    fn try_again(&mut self) {
        let Turn::Slow(_, words) = &mut self.turn else { return };
        match (self.pace.again(bytes(words.as_ref())), words.take()) {
            (Verdict::TooFast(wait), words) => self.turn = Turn::Slow(Instant::now() + wait, words),
            (Verdict::InTime | Verdict::Flood, Some(words)) => self.turn = Turn::Say(words),
            (Verdict::InTime | Verdict::Flood, None) => self.read(),
        }
    }

    fn read(&mut self) {
        self.turn = Turn::Read;
        // Whoever was not listened to could not be heard.
        self.heard = Instant::now();
    }

    /// The time of a ping has come.
    async fn beat(&mut self, ws: &mut WebSocket) -> Result<(), Over> {
        let silent = self.heard.elapsed() >= Duration::from_millis(INSTANT_SILENCE_MS);
        if silent && matches!(self.turn, Turn::Read) {
            return Err(Over(Some(Close::TooSlow)));
        }
        self.next_ping = Instant::now() + Duration::from_millis(PING_MS);
        ws::write_messages(ws, [Message::Ping(Bytes::new())]).await
    }
}

/// What happened on the way in.
enum Next {
    Frame(Option<Result<Message, axum::Error>>),
    Time,
    Said,
}

fn bytes(words: Option<&Arc<Words>>) -> usize {
    words.map_or(0, |words| (**words).as_ref().len())
}

/// What a member hears, as a frame, without a copy of the words.
fn message(kind: Kind, saying: Saying) -> Option<Message> {
    match (kind, saying) {
        (Kind::Encrypted, Saying::Words(words)) => Some(Message::Binary(Bytes::from_owner(Held(words)))),
        // They came as text, so they are.
        (Kind::Plain, Saying::Words(words)) => {
            Utf8Bytes::try_from(Bytes::from_owner(Held(words))).ok().map(Message::Text)
        }
        (_, Saying::Note(note)) => Some(Message::Text(encode(&note).into())),
    }
}

/// A share in words, in the form in which a frame holds them.
struct Held(Arc<Words>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}
