//! The one state of a client, and the one door into it.

use std::collections::BTreeMap;

use model::{ClientKey, Cursor, Epoch, Regard, RoomId, Seq, Timestamp};
use protocol::{FileLimits, FromClient, FromServer, Me, decode};

use crate::{
    Connection, Delivery, Effect, Input, Pending, Room, Row, Unsent, What, connection::Line, dice::Dice, names::Names,
    outbox::Words, people::People, regards::Regards, room::Listening, row::rows, uploads::Uploads,
};

/// A client of one person on one server.
#[derive(Debug)]
pub struct Client {
    pub(crate) line: Line,
    pub(crate) dice: Dice,
    pub(crate) me: Option<Me>,
    /// What the server takes of files, as it last said.
    pub(crate) files: Option<FileLimits>,
    pub(crate) epoch: Option<Epoch>,
    /// Where the client stands in its own person's stream.
    pub(crate) own: Seq,
    /// At the last ping the own stream's head was beyond that, at least here.
    pub(crate) own_beyond: Option<Seq>,
    pub(crate) rooms: BTreeMap<RoomId, Room>,
    pub(crate) open: Option<RoomId>,
    /// A message that the person wants to see, in a room that is not there yet.
    pub(crate) wanted: Option<(RoomId, Seq)>,
    /// The window is in front of the person.
    pub(crate) focused: bool,
    pub(crate) people: People,
    pub(crate) names: Names,
    pub(crate) regards: Regards,
    /// What the last start left of rooms that are not here.
    pub(crate) unsent: Vec<Unsent>,
    pub(crate) drafts: BTreeMap<RoomId, String>,
    pub(crate) uploads: Uploads,
    /// How many messages were said on this device.
    pub(crate) turn: u64,
    /// When the server last said something.
    pub(crate) heard_ms: u64,
}

impl Client {
    /// A client that knows nothing yet. The seed is random and never used twice.
    #[must_use]
    pub fn new(seed: [u64; 2]) -> Self {
        Self {
            line: Line::new(),
            dice: Dice::new(seed),
            me: None,
            files: None,
            epoch: None,
            own: Seq::ZERO,
            own_beyond: None,
            rooms: BTreeMap::new(),
            open: None,
            wanted: None,
            focused: false,
            people: People::default(),
            names: Names::default(),
            regards: Regards::default(),
            unsent: Vec::new(),
            drafts: BTreeMap::new(),
            uploads: Uploads::new(),
            turn: 0,
            heard_ms: 0,
        }
    }

    /// Takes one thing that happened, at `now_ms` by a clock that never goes back, and says what to do.
    pub fn step(&mut self, now_ms: u64, input: Input) -> Vec<Effect> {
        let mut out = Vec::new();
        match input {
            Input::Remember(memory) => self.remember(memory, &mut out),
            Input::Connect => self.line.dial(now_ms, &mut out),
            Input::Frame(text) => self.frame(now_ms, &text, &mut out),
            Input::SocketClosed { code } => self.closed(now_ms, code, &mut out),
            Input::SignedOut => self.line.sign_out(&mut out),
            Input::Tick => self.tick(now_ms, &mut out),
            Input::Open(room) => self.look_at(now_ms, room, &mut out),
            Input::LoadOlder(room) => self.load_older(room, &mut out),
            Input::LoadNewer(room) => self.load_newer(room, &mut out),
            Input::GoTo { room, seq } => self.go_to(room, seq, &mut out),
            Input::ToEnd(room) => self.go_to_end(room, &mut out),
            Input::HistoryArrived { question, page } => self.history_arrived(now_ms, question, page, &mut out),
            Input::HistoryFailed(question) => self.history_failed(question, &mut out),
            Input::WantMembers(room) => self.want_members(room, &mut out),
            Input::MembersArrived { room, after, page } => self.members_arrived((room, after), page, &mut out),
            Input::MembersFailed(room) => self.in_room(room, What::Members, &mut out, |room| room.members.failed()),
            Input::MarksArrived(page) => self.receipts_arrived(page, &mut out),
            Input::MarksFailed(room) => self.receipts_failed(room),
            Input::Focus(focused) => self.focused = focused,
            Input::Saw { room, seq } => self.saw(now_ms, room, seq, &mut out),
            Input::SeekUnread(room) => self.seek_unread(room, &mut out),
            Input::Away(away) => self.here(away, &mut out),
            Input::ShowPeople(people) => self.show_people(people, &mut out),
            Input::Upload { key, what } => self.upload_input(now_ms, key, what, &mut out),
            Input::Post { room, text, files, reply, at } => {
                self.post(now_ms, room, (Words { text, files, reply }, at), &mut out);
            }
            Input::Retry { room, key } => self.retry(now_ms, room, &key, &mut out),
            Input::Amend { room, message, deed } => self.amend(now_ms, room, (message, deed), &mut out),
            Input::Discard { room, key } => self.discard(now_ms, room, &key, &mut out),
            Input::Draft { room, text } => self.draft(now_ms, room, text, &mut out),
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
            let marks = room.reading.wake_at(room.tell_every_ms());
            asks.into_iter()
                .chain(room.outbox.wake_at())
                .chain(room.deeds.wake_at())
                .chain(room.typists.wake_at())
                .chain(room.notices.wake_at())
                .chain(marks)
        });
        line.into_iter().chain(rooms).chain(self.uploads_wake_at()).min()
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

    /// The life of the server's database that all places belong to, once the server said so.
    #[must_use]
    pub fn epoch(&self) -> Option<&Epoch> {
        self.epoch.as_ref()
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

    /// What the server takes of files; nothing before its first word, and where no files are taken.
    #[must_use]
    pub fn file_limits(&self) -> Option<FileLimits> {
        self.files
    }

    /// How many messages the person said that the server does not have, as far as this device knows.
    #[must_use]
    pub fn unsent(&self) -> usize {
        let waiting = self.rooms.values().flat_map(|room| room.outbox.iter());
        self.unsent.len() + waiting.filter(|pending| !matches!(pending.delivery, Delivery::Kept { .. })).count()
    }

    /// What stands in a room's timeline on the screen, oldest first.
    pub fn rows(&self, room: RoomId) -> impl Iterator<Item = Row<'_>> {
        let rows =
            self.rooms.get(&room).zip(self.me.as_ref()).into_iter().flat_map(|(room, me)| rows(room, &me.person));
        rows.map(|row| {
            let covered = self.regard(row.author.id) != Regard::Open;
            Row { author: self.named(row.author), covered, ..row }
        })
    }

    fn frame(&mut self, now_ms: u64, text: &str, out: &mut Vec<Effect>) {
        if !matches!(self.line.state, Connection::Connecting { .. } | Connection::Online) {
            return;
        }
        self.line.heard(now_ms);
        if let Ok(frame) = decode::<FromServer>(text) {
            self.hear(now_ms, frame, out);
            self.heard_ms = now_ms;
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
            room.deeds.interrupt();
            room.typists.rest();
        }
        self.people.rest();
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
            if self.rooms.get_mut(&id).is_some_and(|room| room.typists.tick(now_ms)) {
                out.push(Effect::Changed(What::Typists(id)));
            }
            self.post_next(now_ms, id, out);
            self.amend_next(now_ms, id, out);
            self.tell_marks(now_ms, id, out);
            self.notify_due(now_ms, id, out);
        }
        self.go_on(now_ms, out);
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
            let files = pending.files.iter().map(|file| file.id).collect();
            let reply = pending.reply.as_ref().map(|quote| quote.seq);
            out.push(Effect::Send(FromClient::Post { room: id, key, text, files, reply, forward: None }));
        }
    }

    fn post(&mut self, now_ms: u64, id: RoomId, (what, at): (Words, Timestamp), out: &mut Vec<Effect>) {
        let key = self.dice.key();
        let uploads = self.empty_tray(id);
        self.in_room(id, What::Timeline, out, |room| {
            room.outbox.push(key.clone(), what, at);
            room.outbox.hold(&key, uploads);
            room.typists.rested();
        });
        self.go_to_end(id, out);
        out.push(Effect::Changed(What::Tray(id)));
        self.keep(id, &key, out);
        self.hand_over(now_ms, id, out);
    }

    fn retry(&mut self, now_ms: u64, id: RoomId, key: &ClientKey, out: &mut Vec<Effect>) {
        let fresh = self.dice.key();
        for upload in self.held(id, key) {
            self.try_again(now_ms, &upload, out);
        }
        self.in_room(id, What::Timeline, out, |room| room.outbox.retry(key, fresh.clone()));
        // It comes after those that wait, perhaps under another name.
        out.push(Effect::Forget(key.clone()));
        self.keep(id, key, out);
        self.keep(id, &fresh, out);
        self.post_next(now_ms, id, out);
    }

    /// Gives up a message that failed, or that still waits for its files.
    fn discard(&mut self, now_ms: u64, id: RoomId, key: &ClientKey, out: &mut Vec<Effect>) {
        let uploads = self.held(id, key);
        let Some(room) = self.rooms.get_mut(&id) else { return };
        if room.outbox.discard(key) {
            out.extend([Effect::Forget(key.clone()), Effect::Changed(What::Timeline(id))]);
            for upload in uploads {
                self.detach(now_ms, &upload, out);
            }
        }
    }

    /// The uploads that a message waits for.
    fn held(&self, id: RoomId, key: &ClientKey) -> Vec<ClientKey> {
        let pending = self.rooms.get(&id).and_then(|room| room.outbox.iter().find(|pending| pending.key == *key));
        pending.map(|pending| pending.uploads.clone()).unwrap_or_default()
    }

    /// Has what was said kept on the device, if it is still there.
    pub(crate) fn keep(&mut self, id: RoomId, key: &ClientKey, out: &mut Vec<Effect>) {
        let pending = self.rooms.get(&id).and_then(|room| room.outbox.iter().find(|pending| pending.key == *key));
        let (Some(pending), Some(epoch)) = (pending, self.epoch.clone()) else { return };
        // What waits for its files cannot be said without them: their bytes are not kept on the device.
        if !pending.uploads.is_empty() {
            return;
        }
        let Pending { key, text, files, reply, at, uploads: _, delivery: _ } = pending.clone();
        out.push(Effect::Keep(Unsent { room: id, epoch, key, text, files, reply, at, turn: self.turn }));
        self.turn += 1;
    }

    pub(crate) fn in_room(
        &mut self,
        id: RoomId,
        what: fn(RoomId) -> What,
        out: &mut Vec<Effect>,
        change: impl FnOnce(&mut Room),
    ) {
        if let Some(room) = self.rooms.get_mut(&id) {
            change(room);
            out.push(Effect::Changed(what(id)));
        }
    }
}

#[cfg(test)]
mod tests;
