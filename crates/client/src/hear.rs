//! What the server says, frame by frame. Anything out of place is mended by asking again from the cursor, never guessed.

use std::collections::BTreeMap;

use model::{Change, Event, Marks, Regard, RoomId, RoomPrefs, Seq, Stream, Visibility};
use protocol::{Code, FromClient, FromServer, Refused, Retry, RoomHead};

use crate::{Client, Connection, Effect, Room, What, hello::Hello, room::Listening};

/// How long to wait before listening again when the server says "later" without saying when.
const LISTEN_LATER_MS: u64 = 1_000;

impl Client {
    pub(crate) fn hear(&mut self, now_ms: u64, frame: FromServer, out: &mut Vec<Effect>) {
        match frame {
            FromServer::Hello { protocol: _, epoch, you, head, rooms, regards, limits } => {
                self.greeted(now_ms, Hello { epoch, you, head, rooms, regards, limits }, out);
            }
            FromServer::Subscribed { room, head: _ } => {
                if let Some(room) = self.rooms.get_mut(&room) {
                    room.listening = Listening::Yes;
                }
            }
            FromServer::Reset { room, epoch, head, marks, unread, topic } => {
                if self.epoch.as_ref() == Some(&epoch) {
                    if let Some(room) = self.rooms.get_mut(&room) {
                        room.begin_again(head);
                        room.info.topic = topic;
                        room.reading.begin(marks, unread, head);
                    }
                    self.reset(now_ms, room, out);
                } else {
                    self.reconnect(now_ms, out);
                }
            }
            FromServer::Event(event) => self.happened(now_ms, event, out),
            FromServer::Signal { signal } => self.signal(now_ms, signal, out),
            FromServer::Amended { room, key, seq } => self.amended(now_ms, room, (&key, seq), out),
            FromServer::Posted(posted) => {
                out.push(Effect::Forget(posted.key.clone()));
                self.unsent.retain(|unsent| unsent.key != posted.key);
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
                // Signals went with the rest.
                self.people.doubt();
                self.watch(out);
            }
            FromServer::Ping { heads } => {
                out.push(Effect::Send(FromClient::Pong {}));
                self.compare(now_ms, &heads, out);
                self.ask_again(now_ms, out);
            }
        }
    }

    fn reset(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        room.listening = Listening::Yes;
        out.extend([Effect::Changed(What::Timeline(id)), Effect::Changed(What::Rooms)]);
        // What was passed over may have been that somebody is called otherwise, and a direct chat is called by its people.
        if room.is_direct() {
            self.want_members(id, out);
        }
        self.read_open(out);
        self.post_next(now_ms, id, out);
        self.deliver(now_ms, id, out);
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
        if let Change::MemberJoined { member: person }
        | Change::ReactionSet { by: person, .. }
        | Change::PinSet { by: person, .. }
        | Change::TopicSet { by: person, .. } = &event.change
        {
            self.renew(person, out);
        }
        if let Change::MessagePosted(said) = &event.change {
            self.renew(&said.author, out);
        }
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
        let message = event.message();
        let by_another = message.as_ref().is_some_and(|message| message.said.author.id != me.person.id);
        if by_another && open && !self.focused && room.reading.unread() == 0 {
            room.line = Some(room.reading.marks().read);
        }
        room.deeds.settle(event.seq);
        if room.recent.heard(event) && room.undergo(event) {
            out.push(Effect::Changed(What::Timeline(id)));
        }
        let counted = room.reading.pass(event.seq, by_another);
        if let Some(message) = message {
            if !by_another && room.outbox.settle(&message.said.key) {
                out.push(Effect::Forget(message.said.key.clone()));
            }
            if room.typists.stop(message.said.author.id) {
                out.push(Effect::Changed(What::Typists(id)));
            }
            room.last_at = Some(message.at);
            room.timeline.append(message, open);
            out.extend([Effect::Changed(What::Timeline(id)), Effect::Changed(What::Rooms)]);
        }
        if counted {
            room.reading.recount(&room.timeline, room.cursor, me.person.id);
        }
        self.consider(now_ms, id, event, out);
        self.moved(id, event, out);
        self.post_next(now_ms, id, out);
        self.deliver(now_ms, id, out);
    }

    /// Who came into a room, left it, or came further in it; and who reacted.
    fn moved(&mut self, id: RoomId, event: &Event, out: &mut Vec<Effect>) {
        if let Change::ProfileSet { person } = &event.change {
            return self.renew(person, out);
        }
        let sees = event.receipt_of().is_none_or(|member| self.regard(member) != Regard::Blocked);
        let Some(room) = self.rooms.get_mut(&id) else { return };
        match &event.change {
            Change::MemberJoined { member } => {
                room.members.heard(self.names.of(member), true);
                room.receipts.came(member.id);
                out.push(Effect::Changed(What::Members(id)));
                self.watch_anew(member.id, out);
            }
            Change::MemberLeft { member } => {
                room.members.heard(member, false);
                room.receipts.went(member.id, event.seq);
                room.typists.stop(member.id);
                out.extend([Effect::Changed(What::Members(id)), Effect::Changed(What::Timeline(id))]);
                self.watch_anew(member.id, out);
            }
            Change::MarksMoved(moved) => {
                if sees && self.me.as_ref().is_some_and(|me| me.person.id != moved.member) {
                    room.receipts.heard(*moved);
                    out.push(Effect::Changed(What::Timeline(id)));
                }
            }
            Change::TopicSet { topic, .. } => {
                room.info.topic.clone_from(topic);
                out.push(Effect::Changed(What::Rooms));
            }
            Change::ReactionSet { by, .. } => room.heard_voice(by),
            Change::MessagePosted(_)
            | Change::MessageEdited(_)
            | Change::MessageDeleted { .. }
            | Change::PinSet { .. }
            | Change::ProfileSet { .. }
            | Change::Withheld {}
            | Change::RoomJoined { .. }
            | Change::RoomLeft { .. }
            | Change::RoomRead { .. }
            | Change::RoomPrefsSet { .. }
            | Change::NoticePrefsSet(_)
            | Change::RegardSet(_)
            | Change::Reminded { .. }
            | Change::ReceiptsSet { .. }
            | Change::SessionClosed { .. } => {}
        }
    }

    fn tell_me(&mut self, now_ms: u64, change: Change, out: &mut Vec<Effect>) {
        match change {
            Change::RoomJoined { room, head } => {
                let (marks, prefs) = (Marks::at(head), RoomPrefs::default());
                self.enter(now_ms, RoomHead { room, head, marks, prefs, unread: 0, last_at: None }, out);
            }
            Change::RoomLeft { room } => {
                if let Some(room) = self.rooms.remove(&room) {
                    let epoch = self.epoch.clone();
                    self.put_aside(room, epoch.as_ref());
                }
                out.extend([
                    Effect::Changed(What::Rooms),
                    Effect::Changed(What::Timeline(room)),
                    Effect::Withdraw(room),
                ]);
                out.extend(self.home().map(|home| Effect::KeepHome(Box::new(home))));
                self.people.doubt();
                self.watch(out);
            }
            Change::RoomRead { room: id, read, unread, head } => {
                if let (Some(room), Some(me)) = (self.rooms.get_mut(&id), &self.me) {
                    room.reading.heard(read, unread, head);
                    room.reading.recount(&room.timeline, room.cursor, me.person.id);
                    out.push(Effect::Changed(What::Rooms));
                }
                self.withdraw_read(id, out);
            }
            Change::RoomPrefsSet { room, prefs } => {
                if let Some(room) = self.rooms.get_mut(&room) {
                    room.prefs = prefs;
                    out.push(Effect::Changed(What::Rooms));
                }
                out.extend(self.home().map(|home| Effect::KeepHome(Box::new(home))));
            }
            Change::NoticePrefsSet(notices) => {
                if let Some(me) = &mut self.me {
                    me.notices = notices;
                }
                out.push(Effect::Changed(What::Me));
            }
            Change::Reminded { room, message } => self.remind(now_ms, room, message),
            Change::RegardSet(what) => {
                self.renew(&what.person, out);
                self.regard_one(what, out);
            }
            Change::ReceiptsSet { on } => {
                if let Some(me) = &mut self.me {
                    me.receipts = on;
                }
                self.rooms.values_mut().for_each(|room| room.receipts.forget());
                out.push(Effect::Changed(What::Me));
                if let Some(open) = self.open {
                    out.push(Effect::Changed(What::Timeline(open)));
                }
                self.read_open(out);
            }
            Change::ProfileSet { person } => self.renew(&person, out),
            // If it is this session, the socket closes with the number that says so.
            Change::SessionClosed { .. }
            | Change::MessagePosted(_)
            | Change::MessageEdited(_)
            | Change::MessageDeleted { .. }
            | Change::ReactionSet { .. }
            | Change::PinSet { .. }
            | Change::TopicSet { .. }
            | Change::MarksMoved(_)
            | Change::Withheld {}
            | Change::MemberJoined { .. }
            | Change::MemberLeft { .. } => {}
        }
    }

    /// The person is in a room from now on.
    fn enter(&mut self, now_ms: u64, at: RoomHead, out: &mut Vec<Effect>) {
        let id = at.room.id;
        self.known_by(&at.room, out);
        // In a direct chat nothing was said before, and everything counts.
        let direct = at.room.visibility == Visibility::Direct;
        let mut at = if direct { RoomHead { marks: Marks::default(), ..at } } else { at };
        at.room.people.iter_mut().for_each(|person| *person = self.names.of(person).clone());
        self.rooms.entry(id).or_insert_with(|| Room::new(at));
        self.hand_out();
        out.push(Effect::Changed(What::Rooms));
        out.extend(self.home().map(|home| Effect::KeepHome(Box::new(home))));
        self.listen(id, out);
        self.post_next(now_ms, id, out);
        // Of those on the screen more may be told now.
        self.people.doubt();
        self.watch(out);
        if self.open == Some(id) {
            out.push(Effect::Changed(What::Timeline(id)));
            self.read_open(out);
            self.go_to_wanted(out);
        }
    }

    fn refused(&mut self, now_ms: u64, refused: &Refused, out: &mut Vec<Effect>) {
        if refused.code == Code::NotSignedIn {
            return self.line.sign_out(out);
        }
        if refused.frame.as_deref() == Some("watch") {
            self.people.doubt();
        }
        let Some(id) = refused.room else { return };
        match refused.frame.as_deref() {
            Some("mark") => return self.mark_refused(now_ms, id, refused.retry_after_ms),
            Some("typing") => return,
            Some("amend") => return self.amend_refused(now_ms, id, refused, out),
            Some(_) | None => {}
        }
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

    /// What was asked and did not come is asked again, from ping to ping.
    fn ask_again(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if self.line.state != Connection::Online {
            return;
        }
        self.watch(out);
        self.read_open(out);
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            if self.rooms.get(&id).is_some_and(|room| room.is_direct() && room.members.has_failed()) {
                self.want_members(id, out);
            }
            self.deliver(now_ms, id, out);
        }
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
