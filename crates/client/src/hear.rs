//! What the server says, frame by frame. Anything out of place is mended by asking again from the cursor, never guessed.

use std::collections::BTreeMap;

use model::{Change, Event, Person, RoomId, Seq, Stream};
use protocol::{Code, FromClient, FromServer, Refused, Retry, RoomHead};

use crate::{Client, Effect, Room, What, hello::Hello, room::Listening};

/// How long to wait before listening again when the server says "later" without saying when.
const LISTEN_LATER_MS: u64 = 1_000;

impl Client {
    pub(crate) fn hear(&mut self, now_ms: u64, frame: FromServer, out: &mut Vec<Effect>) {
        match frame {
            FromServer::Hello { protocol: _, epoch, you, head, rooms, limits } => {
                self.greeted(now_ms, Hello { epoch, you, head, rooms, limits }, out);
            }
            FromServer::Subscribed { room, head: _ } => {
                if let Some(room) = self.rooms.get_mut(&room) {
                    room.listening = Listening::Yes;
                }
            }
            FromServer::Reset { room, epoch, head } => {
                if self.epoch.as_ref() == Some(&epoch) {
                    self.reset(now_ms, room, head, out);
                } else {
                    self.reconnect(now_ms, out);
                }
            }
            FromServer::Event(event) => self.happened(now_ms, event, out),
            FromServer::Posted(posted) => {
                if let Some(room) = self.rooms.get_mut(&posted.room) {
                    room.outbox.keep(&posted, room.cursor);
                    out.push(Effect::Changed(What::Timeline(posted.room)));
                    self.post_next(now_ms, posted.room, out);
                }
            }
            FromServer::Refused(refused) => self.refused(now_ms, &refused, out),
            FromServer::Behind {} => {
                let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
                for id in ids {
                    self.listen(id, out);
                }
            }
            FromServer::Ping { heads } => {
                out.push(Effect::Send(FromClient::Pong {}));
                self.compare(now_ms, &heads, out);
            }
        }
    }

    fn reset(&mut self, now_ms: u64, id: RoomId, head: Seq, out: &mut Vec<Effect>) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        room.listening = Listening::Yes;
        room.begin_again(head);
        out.push(Effect::Changed(What::Timeline(id)));
        // Whatever was passed over, somebody most likely said something.
        if self.open != Some(id) {
            room.unread = true;
            out.push(Effect::Changed(What::Rooms));
        }
        self.read_open(out);
        self.post_next(now_ms, id, out);
    }

    fn happened(&mut self, now_ms: u64, event: Event, out: &mut Vec<Effect>) {
        match event.stream {
            Stream::Room(id) => self.in_a_room(now_ms, id, &event, out),
            Stream::User(_) if event.seq <= self.own => {}
            Stream::User(_) if event.seq == self.own.next() => {
                self.own = event.seq;
                self.tell_me(now_ms, event.change, out);
            }
            // The own stream cannot be asked for; a new connection's `hello` has everything that it would have said.
            Stream::User(_) => self.reconnect(now_ms, out),
        }
    }

    fn in_a_room(&mut self, now_ms: u64, id: RoomId, event: &Event, out: &mut Vec<Effect>) {
        let (Some(room), Some(me)) = (self.rooms.get_mut(&id), &self.me) else { return };
        if event.seq <= room.cursor {
            return;
        }
        if event.seq != room.cursor.next() {
            // Once: what is already asked for is on its way, and the next ping tells if it is not.
            if room.listening == Listening::Yes {
                self.listen(id, out);
            }
            return;
        }
        room.cursor = event.seq;
        let open = self.open == Some(id);
        if let Some(message) = event.message() {
            if message.author.id == me.person.id {
                room.outbox.settle(&message.key);
            } else if !open && !room.unread {
                room.unread = true;
                out.push(Effect::Changed(What::Rooms));
            }
            room.timeline.append(message, open);
            out.push(Effect::Changed(What::Timeline(id)));
            self.post_next(now_ms, id, out);
        } else if let Some((person, present)) = moved(&event.change) {
            room.members.heard(person, present);
            out.push(Effect::Changed(What::Members(id)));
        }
    }

    fn tell_me(&mut self, now_ms: u64, change: Change, out: &mut Vec<Effect>) {
        match change {
            Change::RoomJoined { room, head } => {
                let id = room.id;
                self.rooms.entry(id).or_insert_with(|| Room::new(RoomHead { room, head }));
                out.push(Effect::Changed(What::Rooms));
                self.listen(id, out);
                self.post_next(now_ms, id, out);
                if self.open == Some(id) {
                    out.push(Effect::Changed(What::Timeline(id)));
                    self.read_open(out);
                }
            }
            Change::RoomLeft { room } => {
                self.rooms.remove(&room);
                out.extend([Effect::Changed(What::Rooms), Effect::Changed(What::Timeline(room))]);
            }
            // If it is this session, the socket closes with the number that says so.
            Change::SessionClosed { .. }
            | Change::MessagePosted { .. }
            | Change::MemberJoined { .. }
            | Change::MemberLeft { .. } => {}
        }
    }

    fn refused(&mut self, now_ms: u64, refused: &Refused, out: &mut Vec<Effect>) {
        if refused.code == Code::NotSignedIn {
            return self.line.sign_out(out);
        }
        let Some(id) = refused.room else { return };
        let Some(room) = self.rooms.get_mut(&id) else { return };
        if let Some(key) = &refused.key {
            room.outbox.refuse(refused, key, now_ms);
            out.push(Effect::Changed(What::Timeline(id)));
            self.post_next(now_ms, id, out);
        } else if refused.code.retry() == Retry::Later {
            let wait_ms = refused.retry_after_ms.unwrap_or(LISTEN_LATER_MS);
            room.listening = Listening::Delayed { until_ms: now_ms + wait_ms };
        }
        // Any other refusal to listen means that the person left the room; their own stream says so.
    }

    /// A head that stays beyond the cursor from one ping to the next means that something was lost.
    fn compare(&mut self, now_ms: u64, heads: &BTreeMap<Stream, Seq>, out: &mut Vec<Effect>) {
        let Some(me) = self.me.as_ref().map(|me| me.person.id) else { return };
        let head = heads.get(&Stream::User(me)).copied();
        if lost(head.or(Some(self.own)), self.own, &mut self.own_beyond) {
            return self.reconnect(now_ms, out);
        }
        let mut lagging = Vec::new();
        for (id, room) in &mut self.rooms {
            let delayed = matches!(room.listening, Listening::Delayed { .. });
            if !delayed && lost(heads.get(&Stream::Room(*id)).copied(), room.cursor, &mut room.beyond) {
                lagging.push(*id);
            }
        }
        for id in lagging {
            self.listen(id, out);
        }
    }
}

/// Compares a head with a cursor and remembers the answer until the next ping. A stream that the server does not listen to
/// for us, though it should, has no head: that is as good as beyond.
fn lost(head: Option<Seq>, cursor: Seq, beyond: &mut Option<Seq>) -> bool {
    if head.is_some_and(|head| head <= cursor) {
        *beyond = None;
        return false;
    }
    let lost = beyond.is_some_and(|then| cursor < then);
    *beyond = if lost { None } else { Some(head.unwrap_or(cursor.next())) };
    lost
}

/// Who came into a room or left it.
fn moved(change: &Change) -> Option<(&Person, bool)> {
    match change {
        Change::MemberJoined { member } => Some((member, true)),
        Change::MemberLeft { member } => Some((member, false)),
        Change::MessagePosted { .. }
        | Change::RoomJoined { .. }
        | Change::RoomLeft { .. }
        | Change::SessionClosed { .. } => None,
    }
}
