//! Who sees everything that the server does, and says so at once when a promise is broken.

use std::collections::{BTreeMap, BTreeSet};

use client::Unsent;
use model::{Body, Change, ClientKey, Event, Marks, Posted, Room, RoomId, Seq, Stream, UserId};

use crate::{
    device::DeviceId,
    invariant::{Invariant, Violation},
    line::LineId,
    store::Step,
    world::World,
};

/// What the witness has seen.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    pub(crate) violations: Vec<Violation>,
    pub(crate) said: BTreeMap<String, Said>,
    /// What is kept, by its text, each of which is said once.
    pub(crate) kept: BTreeMap<String, RoomId>,
    pub(crate) acknowledged: BTreeMap<(UserId, ClientKey), Seq>,
    /// What each person's devices have had.
    pub(crate) had: BTreeMap<(UserId, RoomId), BTreeSet<Seq>>,
    /// How far each person has looked.
    saw: BTreeMap<(UserId, RoomId), Seq>,
    /// Whoever turned receipts on or off, or was parted from somebody, and when last.
    pub(crate) toggled: BTreeMap<UserId, u64>,
    marks: BTreeMap<(RoomId, UserId), Marks>,
    /// What each socket has given out.
    wire: BTreeMap<(LineId, Stream), Seq>,
}

/// Something that a person said.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) by: DeviceId,
    pub(crate) room: Room,
    /// It was given up, or a restore lost it.
    pub(crate) excused: bool,
}

impl World {
    pub(crate) fn fail(&mut self, invariant: Invariant, what: String) {
        self.trace.tell(self.now_ms, format_args!("VIOLATION {invariant:?}: {what}"));
        self.witness.violations.push(Violation { invariant, at_ms: self.now_ms, what });
    }

    /// Somebody said something. It is kept on the device from now on.
    pub(crate) fn witness_said(&mut self, by: DeviceId, unsent: &Unsent) {
        if let Some(room) = self.devices[by.0].client.room(unsent.room).map(|room| room.info().clone()) {
            let said = Said { by, room, excused: false };
            self.witness.said.entry(unsent.text.as_str().to_owned()).or_insert(said);
        }
    }

    /// A person sends a failed message again: to this room, whichever it was meant for.
    pub(crate) fn witness_retried(&mut self, id: DeviceId, room: RoomId, text: &Body) {
        let info = self.devices[id.0].client.room(room).map(|room| room.info().clone());
        if let Some((said, info)) = self.witness.said.get_mut(text.as_str()).zip(info) {
            said.room = info;
        }
    }

    pub(crate) fn witness_discarded(&mut self, text: &Body) {
        if let Some(said) = self.witness.said.get_mut(text.as_str()) {
            said.excused = true;
        }
    }

    /// A person has looked so far.
    pub(crate) fn witness_saw(&mut self, id: DeviceId, room: RoomId, seq: Seq) {
        let device = &self.devices[id.0];
        if device.epoch() == Some(&self.store.epoch()) {
            let saw = self.witness.saw.entry((device.person.id, room)).or_default();
            *saw = seq.max(*saw);
        }
    }

    /// These were committed.
    pub(crate) fn witness_commit(&mut self, told: &[Event]) {
        for step in std::mem::take(&mut self.store.steps) {
            self.witness_step(step);
        }
        for event in told {
            self.trace.tell(self.now_ms, format_args!("kept {event:?}"));
            match (event.stream, &event.change) {
                (Stream::Room(room), change) => self.witness_room(room, change),
                (Stream::User(user), change) => {
                    if let Change::RegardSet(what) = change {
                        self.witness.toggled.insert(what.person.id, self.now_ms);
                    }
                    if matches!(change, Change::ReceiptsSet { .. } | Change::RegardSet(_)) {
                        self.witness.toggled.insert(user, self.now_ms);
                    }
                }
            }
        }
    }

    fn witness_room(&mut self, room: RoomId, change: &Change) {
        match change {
            Change::MessagePosted(said) => self.witness_kept(room, &said.text),
            Change::MarksMoved(moved) => {
                let before = self.witness.marks.insert((room, moved.member), moved.marks).unwrap_or_default();
                if before.merge(moved.marks) != moved.marks {
                    self.fail(Invariant::MarksNeverGoBack, format!("{before:?} became {moved:?} in {room:?}"));
                }
            }
            Change::MemberLeft { member } => {
                self.witness.marks.remove(&(room, member.id));
                self.witness.saw.remove(&(member.id, room));
            }
            Change::MessageEdited(_)
            | Change::MessageDeleted { .. }
            | Change::ReactionSet { .. }
            | Change::PinSet { .. }
            | Change::TopicSet { .. }
            | Change::MemberJoined { .. }
            | Change::ProfileSet { .. }
            | Change::Reminded { .. }
            | Change::Withheld {}
            | Change::RoomJoined { .. }
            | Change::RoomLeft { .. }
            | Change::RoomRead { .. }
            | Change::RoomPrefsSet { .. }
            | Change::NoticePrefsSet(_)
            | Change::RegardSet(_)
            | Change::ReceiptsSet { .. }
            | Change::SessionClosed { .. } => {}
        }
    }

    fn witness_kept(&mut self, room: RoomId, text: &Body) {
        let text = text.as_str().to_owned();
        let info = self.store.state.rooms.get(&room).map(|kept| kept.room.clone());
        match self.witness.said.get(&text).map(|said| said.room.clone()) {
            None => self.fail(Invariant::PostsAreAnswered, format!("nobody said {text:?}")),
            Some(place) if !info.as_ref().is_some_and(|info| is_same(info, &place)) => {
                self.fail(Invariant::PostsAreAnswered, format!("{text:?} was said in {place:?} and is in {info:?}"));
            }
            Some(_) => {}
        }
        if let Some(other) = self.witness.kept.insert(text.clone(), room) {
            self.fail(Invariant::NothingTwice, format!("{text:?} is kept in {other:?} and in {room:?}"));
        }
    }

    fn witness_step(&mut self, step: Step) {
        let Step { person, room, from, to } = step;
        let saw = self.witness.saw.get(&(person, room)).copied().unwrap_or_default();
        if to.read > from.read && to.read > saw {
            let what = format!("{person:?} read {room:?} up to {}, and saw it up to {saw}", to.read);
            self.fail(Invariant::ReadWasSeen, what);
        }
        let Some(kept) = self.store.state.rooms.get(&room) else { return };
        let after = from.delivered.max(to.read);
        let had = self.witness.had.get(&(person, room));
        let claimed =
            kept.messages.iter().filter(|m| m.seq > after && m.seq <= to.delivered && m.said.author.id != person);
        let lacking = claimed.filter(|message| had.is_none_or(|had| !had.contains(&message.seq)));
        // A device that has this many fetches no more before somebody looks.
        let long = had.is_some_and(|had| had.len() >= 200);
        if let Some(seq) = lacking.map(|message| message.seq).next().filter(|_| !long) {
            let what = format!("{person:?} claims {room:?} up to {}, and no device had {seq}", to.delivered);
            self.fail(Invariant::DeliveredWasThere, what);
        }
    }

    /// A receipt is given.
    pub(crate) fn witness_acknowledged(&mut self, id: LineId, posted: &Posted) {
        let Some(author) = self.talker(id).map(|session| session.person.id) else { return };
        let name = (author, posted.key.clone());
        let earlier = self.witness.acknowledged.insert(name, posted.seq);
        if let Some(earlier) = earlier.filter(|earlier| *earlier != posted.seq) {
            self.fail(Invariant::AcknowledgedIsKept, format!("{posted:?} was told to be at {earlier} before"));
        }
    }

    /// From here on a stream is given out.
    pub(crate) fn witness_from(&mut self, id: LineId, stream: Stream, seq: Seq) {
        self.witness.wire.insert((id, stream), seq);
    }

    pub(crate) fn witness_unlisten(&mut self, id: LineId, room: RoomId) {
        self.witness.wire.remove(&(id, Stream::Room(room)));
    }

    /// Listening to rooms has ended.
    pub(crate) fn witness_behind(&mut self, id: LineId) {
        self.witness.wire.retain(|(line, stream), _| *line != id || matches!(stream, Stream::User(_)));
    }

    /// An event is written to a socket.
    pub(crate) fn witness_write(&mut self, id: LineId, stream: Stream, seq: Seq) {
        let last = self.witness.wire.insert((id, stream), seq);
        if last.map(Seq::next) != Some(seq) {
            self.fail(Invariant::WireInOrder, format!("{id:?} gives out {seq} of {stream} after {last:?}"));
        }
        let Some(user) = self.talker(id).map(|session| session.person.id) else { return };
        let Stream::Room(room) = stream else { return };
        let Some(kept) = self.store.state.rooms.get(&room) else { return };
        let left = kept.left.get(&user).copied().unwrap_or_default();
        if !kept.members.contains_key(&user) && seq > left {
            let what = format!("{user:?} left {room:?} at {left} and hears {seq}");
            self.fail(Invariant::RemovedHearNothing, what);
        }
    }

    pub(crate) fn witness_malformed(&mut self, text: &str) {
        self.fail(Invariant::FramesAreUnderstood, format!("the server does not understand {text}"));
    }

    /// The store is as it was before: what was lost is excused, and what people had and saw counts no more.
    pub(crate) fn witness_restored(&mut self) {
        let (state, witness) = (&self.store.state, &mut self.witness);
        witness.acknowledged.retain(|name, _| state.keys.contains_key(name));
        witness.had.clear();
        witness.saw.clear();
        witness.marks.clear();
        witness.toggled.values_mut().for_each(|at_ms| *at_ms = self.now_ms);
        let lost = std::mem::take(&mut witness.kept);
        for kept in state.rooms.values() {
            for message in &kept.messages {
                witness.kept.insert(message.said.text.as_str().to_owned(), kept.room.id);
            }
        }
        for text in lost.into_keys().filter(|text| !witness.kept.contains_key(text)).collect::<Vec<_>>() {
            if let Some(said) = witness.said.get_mut(&text) {
                said.excused = true;
            }
        }
    }
}

/// Whether two words of a room are of the same one. What its people are called may have changed between them.
fn is_same(one: &Room, other: &Room) -> bool {
    let people = |room: &Room| room.people.iter().map(|person| person.id).collect::<Vec<_>>();
    (one.id, &one.name, one.visibility) == (other.id, &other.name, other.visibility) && people(one) == people(other)
}
