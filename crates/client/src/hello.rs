//! The server's first word: who this is, which rooms there are, where each stands.

use model::{Epoch, Regarded, Seq, Visibility, limits::RESUME_EVENTS_MAX};
use protocol::{Limits, Me, RoomHead};

use crate::{Client, Effect, Room, What, notices::MISSED_MS};

/// What `hello` says.
pub(crate) struct Hello {
    pub(crate) epoch: Epoch,
    pub(crate) you: Me,
    pub(crate) head: Seq,
    pub(crate) rooms: Vec<RoomHead>,
    pub(crate) regards: Vec<Regarded>,
    pub(crate) limits: Limits,
}

impl Client {
    /// Makes the list of rooms what the server says, and asks for what was missed in each.
    pub(crate) fn greeted(&mut self, now_ms: u64, hello: Hello, out: &mut Vec<Effect>) {
        self.line.greeted(now_ms, &hello.limits, out);
        if self.me.as_ref().is_some_and(|me| me.person.id != hello.you.person.id) {
            self.wipe(out);
        }
        let missed_ms = now_ms.saturating_sub(self.heard_ms);
        let before = self.epoch.replace(hello.epoch);
        let another_life = self.epoch != before;
        if self.me.as_ref().is_some_and(|me| me.receipts != hello.you.receipts) {
            self.rooms.values_mut().for_each(|room| room.receipts.forget());
        }
        if another_life {
            self.names.forget();
        }
        self.regard_all(hello.regards, out);
        // What this says is read just now; what came before it on another line may be newer all the same.
        self.renew(&hello.you.person, out);
        hello.rooms.iter().for_each(|at| self.known_by(&at.room, out));
        self.me = Some(Me { person: self.named(&hello.you.person).clone(), ..hello.you });
        self.files = hello.limits.files;
        self.own = hello.head;
        self.own_beyond = None;

        let unread_before = self.open.and_then(|id| self.rooms.get(&id)).filter(|room| !room.stale).map(Room::unread);
        let mut had = std::mem::take(&mut self.rooms);
        for mut at in hello.rooms {
            at.room.people.iter_mut().for_each(|person| *person = self.names.of(person).clone());
            let (id, last) = (at.room.id, at.head);
            let mut room = match had.remove(&id) {
                Some(room) => take_up(room, at, another_life),
                None => Room::new(at),
            };
            if missed_ms > MISSED_MS {
                room.notices.skip(last);
            }
            self.rooms.insert(id, room);
            self.withdraw_read(id, out);
        }
        self.draw_line(unread_before);
        // What was said in rooms that are not there now waits for their return.
        for room in had.into_values() {
            self.put_aside(room, before.as_ref());
        }
        self.hand_out();
        if another_life {
            self.keep_again(out);
        }
        out.extend([Effect::Changed(What::Me), Effect::Changed(What::Rooms)]);
        out.extend(self.home().map(|home| Effect::KeepHome(Box::new(home))));
        if let Some(open) = self.open {
            out.push(Effect::Changed(What::Timeline(open)));
        }

        self.introduce(out);
        let ids: Vec<_> = self.rooms.keys().copied().collect();
        for id in ids {
            self.listen(id, out);
            self.post_next(now_ms, id, out);
            self.amend_next(now_ms, id, out);
            self.deliver(now_ms, id, out);
            self.tell_marks(now_ms, id, out);
        }
        self.take_up_uploads(now_ms, another_life, out);
        self.read_open(out);
        self.go_to_wanted(out);
    }

    /// The person looks at a room of which something new is heard now: it begins where they stopped reading. `before` is what
    /// they had not read of it until now, if that was known.
    fn draw_line(&mut self, before: Option<u32>) {
        let Some(room) = self.open.and_then(|id| self.rooms.get_mut(&id)) else { return };
        let line = (room.reading.unread() > 0).then(|| room.reading.marks().read);
        match before {
            None => room.line = line,
            Some(0) => room.line = line.or(room.line),
            Some(_) => {}
        }
    }
}

/// A room that was known before, as the server says that it stands now.
fn take_up(mut room: Room, at: RoomHead, another_life: bool) -> Room {
    if another_life {
        room.reading.forget();
        room.receipts.forget();
        room.line = None;
        // What was kept may be lost; and another room may have this one's number now.
        room.outbox.doubt();
        room.deeds.forget();
        if !is_same(&room.info, &at.room) {
            room.outbox.strand();
        }
    }
    // A cursor beyond the head is of a life that the epoch should have told apart. What is too far behind would be reset.
    let behind = at.head.number().checked_sub(room.cursor.number());
    let resumes = behind.is_some_and(|behind| behind <= RESUME_EVENTS_MAX as u64);
    if another_life || room.stale || !resumes {
        room.begin_again(at.head);
    }
    room.reading.begin(at.marks, at.unread, at.head);
    room.info = at.room;
    room.prefs = at.prefs;
    room.last_at = at.last_at;
    room
}

/// Whether two lives of the database mean one room by one number.
fn is_same(one: &model::Room, other: &model::Room) -> bool {
    let people = |room: &model::Room| room.people.iter().map(|person| person.id).collect::<Vec<_>>();
    match one.visibility {
        Visibility::Public | Visibility::Private => one.visibility == other.visibility && one.name == other.name,
        Visibility::Direct => one.visibility == other.visibility && people(one) == people(other),
    }
}
