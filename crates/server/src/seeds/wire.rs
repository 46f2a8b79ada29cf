//! A socket that speaks the frames of the small programs, as its conversation sees it: in our own.

use std::collections::{BTreeSet, VecDeque};

use axum::extract::ws::{Utf8Bytes, WebSocket};
use model::{Change, Marks, MemberMarks, Message, RoomId, Seq, UserId, limits::PING_MS};
use protocol::{FromClient, FromServer, decode, encode};

use super::frames::{Either, InChat, InRoom, Said};
use crate::{
    random,
    talk::{Heard, Over, Wire},
    ws,
};

/// Own messages of which it is not known yet that they were read. Of more, the oldest are not told of.
const OPEN_MAX: usize = 1_000;

pub(super) struct SeedWire {
    ws: WebSocket,
    room: RoomId,
    me: UserId,
    /// It is a chat of two: with ticks.
    direct: bool,
    /// What is said on the client's behalf, before anything of its own is heard.
    behalf: VecDeque<FromClient>,
    /// How far the other one has come.
    other: Marks,
    /// One's own messages that the other has not read, as far as is known.
    open: BTreeSet<Seq>,
}

impl SeedWire {
    pub(super) fn new(ws: WebSocket, room: RoomId, (me, direct): (UserId, bool)) -> Self {
        let behalf = VecDeque::from([FromClient::Subscribe { room, since: None }]);
        Self { ws, room, me, direct, behalf, other: Marks::default(), open: BTreeSet::new() }
    }

    /// What a frame of ours is in the words of the client; most are nothing to it.
    fn told(&mut self, frame: &FromServer) -> Vec<String> {
        match frame {
            FromServer::Ping { .. } => self.behalf.push_back(FromClient::Pong {}),
            // What waits has reached a device now.
            FromServer::Subscribed { room, head } | FromServer::Reset { room, head, .. } if self.direct => {
                self.behalf.push_back(FromClient::Mark { room: *room, delivered: *head, read: Seq::ZERO });
            }
            FromServer::Event(event) => {
                if let Change::MarksMoved(moved) = &event.change {
                    return self.moved(moved);
                }
                return event.message().map(|message| self.said(&message)).into_iter().collect();
            }
            FromServer::Refused(refused) => {
                let code = refused.code.to_string();
                return vec![encode(&Either::Error { code: &code, message: &refused.message })];
            }
            FromServer::Hello { .. }
            | FromServer::Subscribed { .. }
            | FromServer::Reset { .. }
            | FromServer::Signal { .. }
            | FromServer::Posted(_)
            | FromServer::Amended { .. }
            | FromServer::Behind {} => {}
        }
        Vec::new()
    }

    fn said(&mut self, message: &Message) -> String {
        if !self.direct {
            return encode(&InRoom::of(message));
        }
        if message.said.author.id == self.me {
            self.open.insert(message.seq);
            while self.open.len() > OPEN_MAX {
                self.open.pop_first();
            }
        } else {
            let delivered = FromClient::Mark { room: self.room, delivered: message.seq, read: Seq::ZERO };
            self.behalf.push_back(delivered);
        }
        encode(&InChat::of(message, self.other.delivered))
    }

    /// The other one has come further: each message that this is about is named.
    fn moved(&mut self, moved: &MemberMarks) -> Vec<String> {
        if !self.direct || moved.member == self.me {
            return Vec::new();
        }
        let before = self.other;
        self.other = before.merge(moved.marks);
        let delivered = self.open.iter().filter(|seq| **seq > before.delivered && **seq <= self.other.delivered);
        let delivered = delivered.map(|seq| encode(&InChat::Delivered { message_id: seq.number() }));
        let read = self.open.iter().filter(|seq| **seq <= self.other.read);
        let read = read.map(|seq| encode(&InChat::Read { message_id: seq.number() }));
        let told = delivered.chain(read).collect();
        self.open.retain(|seq| *seq > self.other.read);
        told
    }
}

impl Wire for SeedWire {
    const PING_MS: u64 = PING_MS;

    async fn hear(&mut self) -> Result<Heard, Over> {
        if let Some(frame) = self.behalf.pop_front() {
            return Ok(Heard::Frame(encode(&frame).into()));
        }
        let Some(text) = ws::text(self.ws.recv().await)? else { return Ok(Heard::Nothing) };
        let said = match decode::<Said>(&text) {
            // What is blank is not said.
            Ok(said) if said.message.trim().is_empty() => return Ok(Heard::Nothing),
            Ok(said) => said,
            // It is refused where every frame is that cannot be read.
            Err(_) => return Ok(Heard::Frame(Utf8Bytes::from_static("{}"))),
        };
        // Such a client says nothing twice, so each is a write of its own.
        let key = random::number().map_or_else(|_| String::new(), |number| format!("{number:032x}"));
        let (room, text) = (self.room, said.message);
        let post = FromClient::Post { room, key, text, files: Vec::new(), reply: None, forward: None };
        Ok(Heard::Frame(encode(&post).into()))
    }

    async fn write<I>(&mut self, frames: I) -> Result<(), Over>
    where
        I: IntoIterator<Item = Utf8Bytes, IntoIter: Send> + Send,
    {
        let mut told = Vec::new();
        for frame in frames {
            if let Ok(frame) = decode::<FromServer>(&frame) {
                told.extend(self.told(&frame).into_iter().map(Utf8Bytes::from));
            }
        }
        if told.is_empty() { Ok(()) } else { ws::write(&mut self.ws, told).await }
    }

    async fn end(self, over: Over) {
        ws::end(self.ws, over).await;
    }
}
