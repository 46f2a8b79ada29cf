//! The one state of a client, and the one door into it.

use std::collections::BTreeMap;

use model::{Cursor, Epoch, RoomId, Seq};
use protocol::{FromClient, FromServer, Me, decode, http::History};

use crate::{
    Before, Connection, Effect, Input, Room, Row, What, connection::Line, dice::Dice, room::Listening, row::rows,
};

/// A client of one person on one server.
#[derive(Debug)]
pub struct Client {
    pub(crate) line: Line,
    pub(crate) dice: Dice,
    pub(crate) me: Option<Me>,
    pub(crate) epoch: Option<Epoch>,
    /// Where the client stands in its own person's stream.
    pub(crate) own: Seq,
    /// At the last ping the own stream's head was beyond that, at least here.
    pub(crate) own_beyond: Option<Seq>,
    pub(crate) rooms: BTreeMap<RoomId, Room>,
    pub(crate) open: Option<RoomId>,
}

impl Client {
    /// A client that knows nothing yet. The seed is random and never used twice.
    #[must_use]
    pub fn new(seed: [u64; 2]) -> Self {
        Self {
            line: Line::new(),
            dice: Dice::new(seed),
            me: None,
            epoch: None,
            own: Seq::ZERO,
            own_beyond: None,
            rooms: BTreeMap::new(),
            open: None,
        }
    }

    /// Takes one thing that happened, at `now_ms` by a clock that never goes back, and says what to do.
    pub fn step(&mut self, now_ms: u64, input: Input) -> Vec<Effect> {
        let mut out = Vec::new();
        match input {
            Input::Connect => self.line.dial(now_ms, &mut out),
            Input::Frame(text) => self.frame(now_ms, &text, &mut out),
            Input::SocketClosed { code } => self.closed(now_ms, code, &mut out),
            Input::SignedOut => self.line.sign_out(&mut out),
            Input::Tick => self.tick(now_ms, &mut out),
            Input::Open(room) => self.look_at(room, &mut out),
            Input::LoadOlder(room) => self.ask_older(room, &mut out),
            Input::HistoryArrived { before, page } => self.history_arrived(now_ms, before, page, &mut out),
            Input::HistoryFailed(before) => self.in_room(before.room, What::Timeline, &mut out, |room| {
                room.timeline.fail(before);
            }),
            Input::WantMembers(room) => self.want_members(room, &mut out),
            Input::MembersArrived { room, members, next } => {
                self.in_room(room, What::Members, &mut out, |room| room.members.arrived(members, next.is_none()));
                if next.is_some() && self.rooms.contains_key(&room) {
                    out.push(Effect::FetchMembers { room, after: next });
                }
            }
            Input::MembersFailed(room) => self.in_room(room, What::Members, &mut out, |room| room.members.failed()),
            Input::Post { room, text, at } => {
                let key = self.dice.key();
                self.in_room(room, What::Timeline, &mut out, |room| room.outbox.push(key, text, at));
                self.post_next(now_ms, room, &mut out);
            }
            Input::Retry { room, key } => {
                let fresh = self.dice.key();
                self.in_room(room, What::Timeline, &mut out, |room| room.outbox.retry(&key, fresh));
                self.post_next(now_ms, room, &mut out);
            }
            Input::Discard { room, key } => {
                self.in_room(room, What::Timeline, &mut out, |room| room.outbox.discard(&key));
            }
            Input::Draft { room, text } => {
                if let Some(room) = self.rooms.get_mut(&room) {
                    room.draft = text;
                }
            }
        }
        out
    }

    /// When to give [`Input::Tick`], if time alone will change something.
    #[must_use]
    pub fn wake_at(&self) -> Option<u64> {
        let line = self.line.wake_at();
        if self.line.state != Connection::Online {
            return line;
        }
        let rooms = self.rooms.values().flat_map(|room| {
            let asks = if let Listening::Delayed { until_ms } = room.listening { Some(until_ms) } else { None };
            asks.into_iter().chain(room.outbox.wake_at())
        });
        line.into_iter().chain(rooms).min()
    }

    /// How the client stands with the server.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.line.state
    }

    /// Who is signed in, once the server said so.
    #[must_use]
    pub fn me(&self) -> Option<&Me> {
        self.me.as_ref()
    }

    /// The rooms that the person is in.
    pub fn rooms(&self) -> impl Iterator<Item = &Room> {
        self.rooms.values()
    }

    /// One of them.
    #[must_use]
    pub fn room(&self, id: RoomId) -> Option<&Room> {
        self.rooms.get(&id)
    }

    /// The room that the person looks at.
    #[must_use]
    pub fn open(&self) -> Option<RoomId> {
        self.open
    }

    /// What stands in a room's timeline on the screen, oldest first.
    pub fn rows(&self, room: RoomId) -> impl Iterator<Item = Row<'_>> {
        self.rooms.get(&room).zip(self.me.as_ref()).into_iter().flat_map(|(room, me)| rows(room, &me.person))
    }

    fn frame(&mut self, now_ms: u64, text: &str, out: &mut Vec<Effect>) {
        if !matches!(self.line.state, Connection::Connecting { .. } | Connection::Online) {
            return;
        }
        self.line.heard(now_ms);
        if let Ok(frame) = decode::<FromServer>(text) {
            self.hear(now_ms, frame, out);
        }
    }

    fn closed(&mut self, now_ms: u64, code: u16, out: &mut Vec<Effect>) {
        self.line.lost(now_ms, code, &mut self.dice, out);
        self.rest();
    }

    /// Comes back by a new connection, whose `hello` has everything.
    pub(crate) fn reconnect(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        self.line.hang_up(now_ms, &mut self.dice, out);
        self.rest();
    }

    /// What held on the last connection holds no more.
    fn rest(&mut self) {
        self.own_beyond = None;
        for room in self.rooms.values_mut() {
            room.listening = Listening::No;
            room.beyond = None;
            room.outbox.interrupt();
        }
    }

    fn tick(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        self.line.tick(now_ms, &mut self.dice, out);
        if self.line.state != Connection::Online {
            return self.rest();
        }
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            let due = |room: &Room| matches!(room.listening, Listening::Delayed { until_ms } if until_ms <= now_ms);
            if self.rooms.get(&id).is_some_and(due) {
                self.listen(id, out);
            }
            self.post_next(now_ms, id, out);
        }
    }

    /// Asks the server to tell what happens in a room, from the cursor on.
    pub(crate) fn listen(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if let (Some(room), Some(epoch)) = (self.rooms.get_mut(&id), &self.epoch) {
            room.listening = Listening::Asked;
            room.beyond = None;
            let since = Some(Cursor { epoch: epoch.clone(), seq: room.cursor });
            out.push(Effect::Send(FromClient::Subscribe { room: id, since }));
        }
    }

    /// Sends the room's next message, if it is its turn.
    pub(crate) fn post_next(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        if self.line.state != Connection::Online {
            return;
        }
        if let Some(pending) = self.rooms.get_mut(&id).and_then(|room| room.outbox.next(now_ms)) {
            let (key, text) = (pending.key.clone().into(), pending.text.clone().into());
            out.push(Effect::Send(FromClient::Post { room: id, key, text }));
        }
    }

    fn look_at(&mut self, id: Option<RoomId>, out: &mut Vec<Effect>) {
        if let Some(left) = self.open.filter(|open| Some(*open) != id).and_then(|open| self.rooms.get_mut(&open)) {
            left.timeline.put_aside();
        }
        self.open = id;
        out.push(Effect::Changed(What::Rooms));
        if let Some(room) = id.and_then(|id| self.rooms.get_mut(&id)) {
            room.unread = false;
            out.push(Effect::Changed(What::Timeline(room.id())));
        }
        self.read_open(out);
    }

    /// The room that is looked at needs at least its last page.
    pub(crate) fn read_open(&mut self, out: &mut Vec<Effect>) {
        let Some(room) = self.open.and_then(|id| self.rooms.get(&id)) else { return };
        if room.timeline.is_unread() || room.timeline.has_failed() {
            self.ask_older(room.id(), out);
        }
    }

    fn ask_older(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if let Some(before) = self.rooms.get_mut(&id).and_then(|room| room.timeline.ask_older(id)) {
            out.extend([Effect::FetchHistory(before), Effect::Changed(What::Timeline(id))]);
        }
    }

    fn history_arrived(&mut self, now_ms: u64, before: Before, page: History, out: &mut Vec<Effect>) {
        let (Some(room), Some(me)) = (self.rooms.get_mut(&before.room), &self.me) else { return };
        if room.timeline.prepend(before, page, self.epoch.as_ref()) {
            // A message whose event was on no connection of ours (it was under way when the epoch's log was lost, or a reset
            // passed over it) is found here.
            for message in room.timeline.messages().filter(|message| message.author.id == me.person.id) {
                room.outbox.settle(&message.key);
            }
            out.push(Effect::Changed(What::Timeline(before.room)));
            self.post_next(now_ms, before.room, out);
        }
    }

    fn want_members(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if self.rooms.get_mut(&id).is_some_and(|room| room.members.ask()) {
            out.extend([Effect::FetchMembers { room: id, after: None }, Effect::Changed(What::Members(id))]);
        }
    }

    fn in_room(&mut self, id: RoomId, what: fn(RoomId) -> What, out: &mut Vec<Effect>, change: impl FnOnce(&mut Room)) {
        if let Some(room) = self.rooms.get_mut(&id) {
            change(room);
            out.push(Effect::Changed(what(id)));
        }
    }
}

#[cfg(test)]
mod tests;
