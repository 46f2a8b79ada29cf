//! Reading what was said: the last page of the room that is looked at, those before it, and an excerpt from far away.

use model::{Event, RoomId, Seq};
use protocol::http::History;

use crate::{
    Client, Deed, Effect, Room, What,
    excerpt::{Excerpt, nearest},
    timeline::{Question, Side},
};

impl Room {
    /// Something happened to messages. Returns whether one that the client has is among them.
    pub(crate) fn undergo(&mut self, event: &Event) -> bool {
        let excerpt = self.excerpt.as_mut().is_some_and(|excerpt| excerpt.undergo(event));
        self.timeline.undergo(event) || excerpt
    }

    /// Asks for more of the excerpt, if there is one.
    fn ask_excerpt(&mut self, ask: fn(&mut Excerpt) -> Option<Side>) -> Option<Question> {
        let side = self.excerpt.as_mut().and_then(ask)?;
        Some(Question { room: self.id(), side })
    }

    /// Makes one window of the two, if they have met.
    fn join(&mut self) {
        if let Some(excerpt) = self.excerpt.take_if(|excerpt| excerpt.meets(&self.timeline)) {
            excerpt.join(&mut self.timeline);
        }
    }
}

impl Client {
    pub(crate) fn look_at(&mut self, now_ms: u64, id: Option<RoomId>, out: &mut Vec<Effect>) {
        let afresh = self.open != id;
        if let Some(left) = self.open.filter(|open| Some(*open) != id).and_then(|open| self.rooms.get_mut(&open)) {
            left.timeline.put_aside();
            left.excerpt = None;
        }
        self.open = id;
        self.wanted = self.wanted.filter(|(room, _)| Some(*room) == id);
        out.push(Effect::Changed(What::Rooms));
        if let Some(room) = id.and_then(|id| self.rooms.get_mut(&id)) {
            room.line = room.stopped_at();
            room.seeking = false;
            out.push(Effect::Changed(What::Timeline(room.id())));
        }
        if let Some(id) = id.filter(|_| afresh) {
            self.come_back(now_ms, id, out);
        }
        self.read_open(out);
    }

    /// The person came to a room that they wanted to see as unread: now they do.
    pub(crate) fn come_back(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        // What the last start left may be of long ago: the server says how it stands.
        let room = self.rooms.get(&id).filter(|room| !room.stale);
        if let Some(from) = room.and_then(Room::unread_from) {
            self.amend(now_ms, id, (from, Deed::Unread { on: false }), out);
        }
    }

    /// The room that is looked at needs at least its last page, and what the others say of their reading.
    pub(crate) fn read_open(&mut self, out: &mut Vec<Effect>) {
        let Some(room) = self.open.and_then(|id| self.rooms.get(&id)) else { return };
        let (id, lacks) = (room.id(), room.timeline.is_unread() || room.timeline.has_failed());
        if lacks {
            self.ask_older(id, out);
        }
        if room_failed(self.rooms.get(&id), Excerpt::has_failed) {
            self.load_older(id, out);
        }
        if room_failed(self.rooms.get(&id), Excerpt::has_failed_after) {
            self.load_newer(id, out);
        }
        self.want_receipts(id, out);
    }

    pub(crate) fn ask_older(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if let Some(question) = self.rooms.get_mut(&id).and_then(|room| room.timeline.ask_older(id)) {
            out.extend([Effect::FetchHistory(question), Effect::Changed(What::Timeline(id))]);
        }
    }

    /// The person has come to the top of what is shown.
    pub(crate) fn load_older(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        match self.rooms.get_mut(&id) {
            Some(room) if room.excerpt.is_some() => {
                let question = room.ask_excerpt(Excerpt::ask_older);
                fetch(question, out);
            }
            Some(_) => self.ask_older(id, out),
            None => {}
        }
    }

    /// The person has come to the end of an excerpt.
    pub(crate) fn load_newer(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        fetch(self.rooms.get_mut(&id).and_then(|room| room.ask_excerpt(Excerpt::ask_newer)), out);
    }

    /// Shows a message in its place: where it is, if that is here, and in an excerpt if not.
    pub(crate) fn go_to(&mut self, id: RoomId, seq: Seq, out: &mut Vec<Effect>) {
        // What the last start left of a room says nothing of its messages.
        let Some(room) = self.rooms.get_mut(&id).filter(|room| !room.stale) else {
            self.wanted = Some((id, seq));
            return;
        };
        self.wanted = None;
        if room.excerpt.as_ref().is_none_or(|excerpt| !excerpt.spans(seq)) {
            let far = seq <= room.timeline.from() && room.timeline.has_older();
            let (excerpt, questions) = far.then(|| Excerpt::around(id, seq)).unzip();
            if far || room.excerpt.is_some() {
                room.excerpt = excerpt;
                out.push(Effect::Changed(What::Timeline(id)));
            }
            if let Some(questions) = questions {
                room.seeking = false;
                return out.extend(questions.map(Effect::FetchHistory));
            }
        }
        if let Some(seq) = nearest(room.shown(), seq) {
            out.push(Effect::Reveal { room: id, seq });
        }
    }

    /// Does what was wanted of a room that was not there when it was.
    pub(crate) fn go_to_wanted(&mut self, out: &mut Vec<Effect>) {
        if let Some((id, seq)) = self.wanted.filter(|(id, _)| self.open == Some(*id)) {
            self.go_to(id, seq, out);
        }
    }

    /// Shows the newest messages again.
    pub(crate) fn go_to_end(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if self.rooms.get_mut(&id).is_some_and(|room| room.excerpt.take().is_some()) {
            out.push(Effect::Changed(What::Timeline(id)));
            self.read_open(out);
        }
    }

    pub(crate) fn history_arrived(&mut self, now_ms: u64, asked: Question, page: History, out: &mut Vec<Effect>) {
        // In another life of the database people may have been called otherwise, and later.
        let people = page.messages.iter().map(|message| &message.said.author).chain(&page.people);
        for person in people.filter(|_| self.epoch.as_ref() == Some(&page.epoch)).cloned().collect::<Vec<_>>() {
            self.renew(&person, out);
        }
        let Some(room) = self.rooms.get_mut(&asked.room) else { return };
        page.people.iter().for_each(|person| room.heard_voice(person));
        let now = (&room.recent, self.epoch.as_ref());
        if let Some(excerpt) = &mut room.excerpt
            && excerpt.waits_for(asked.side)
        {
            excerpt.extend(asked.side, page, now);
            let reveal = excerpt.take_wanted().map(|seq| Effect::Reveal { room: asked.room, seq });
            out.push(Effect::Changed(What::Timeline(asked.room)));
            out.extend(reveal);
        } else if !room.timeline.prepend(asked, page, now) {
            return;
        }
        room.join();
        self.read(now_ms, asked.room, out);
    }

    /// Something of a room's history came.
    fn read(&mut self, now_ms: u64, id: RoomId, out: &mut Vec<Effect>) {
        let (Some(room), Some(me)) = (self.rooms.get_mut(&id), &self.me) else { return };
        // A message whose event was on no connection of ours (it was under way when the epoch's log was lost, or a reset passed
        // over it) is found here.
        for message in room.timeline.messages().filter(|message| message.said.author.id == me.person.id) {
            if room.outbox.settle(&message.said.key) {
                out.push(Effect::Forget(message.said.key.clone()));
            }
        }
        room.reading.recount(&room.timeline, room.cursor, me.person.id);
        let (seeking, failed) = (room.seeking, room.timeline.has_failed());
        out.extend([Effect::Changed(What::Timeline(id)), Effect::Changed(What::Rooms)]);
        self.post_next(now_ms, id, out);
        if !failed {
            self.deliver(now_ms, id, out);
        }
        if seeking && !failed {
            self.seek_unread(id, out);
        }
    }

    pub(crate) fn history_failed(&mut self, asked: Question, out: &mut Vec<Effect>) {
        self.in_room(asked.room, What::Timeline, out, |room| {
            room.timeline.fail(asked);
            room.seeking = false;
            if let Some(excerpt) = &mut room.excerpt {
                excerpt.fail(asked.side);
            }
        });
    }
}

fn fetch(question: Option<Question>, out: &mut Vec<Effect>) {
    if let Some(question) = question {
        out.extend([Effect::FetchHistory(question), Effect::Changed(What::Timeline(question.room))]);
    }
}

fn room_failed(room: Option<&Room>, failed: fn(&Excerpt) -> bool) -> bool {
    room.and_then(Room::excerpt).is_some_and(failed)
}
