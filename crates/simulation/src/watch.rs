//! What is observed of one page: the things that may only grow.

use std::collections::BTreeMap;

use client::{RowState, What};
use model::{Epoch, Marks, RoomId, Seq};

use crate::{converge::is_one, device::DeviceId, invariant::Invariant, world::World};

/// Observations of one page.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    epoch: Option<Epoch>,
    receipts: Option<bool>,
    marks: BTreeMap<RoomId, Marks>,
    ticks: BTreeMap<(RoomId, Seq), u8>,
    /// When it last had its timer, and how often in that moment.
    ticked: (u64, u32),
    /// The second in which it last said something, and how often.
    said: (u64, u32),
}

/// Timers that one moment may see.
const TICKS_MAX: u32 = 20;
/// Time that a frame spends on its way, and a word of the bus, at most.
const ON_ITS_WAY_MS: u64 = 10_000;
/// Frames that one second may see.
const FRAMES_MAX: u32 = 400;

impl World {
    /// A page has changed in these ways.
    pub(crate) fn witness_page(&mut self, id: DeviceId, changed: &[What]) {
        self.turn_the_page(id);
        for what in changed {
            match what {
                What::Timeline(room) => self.witness_timeline(id, *room),
                What::Rooms => self.witness_marks(id),
                What::Connection | What::Me | What::Members(_) | What::Tray(_) | What::Typists(_) | What::People => {}
            }
        }
    }

    /// In another life of the database, and with other receipts, everything begins anew.
    fn turn_the_page(&mut self, id: DeviceId) {
        let device = &mut self.devices[id.0];
        let (epoch, receipts) = (device.epoch().cloned(), device.client.me().map(|me| me.receipts));
        if device.watch.epoch != epoch {
            device.watch = Watch { epoch, receipts, ..Watch::default() };
        } else if device.watch.receipts != receipts {
            device.watch.receipts = receipts;
            device.watch.ticks.clear();
        }
        let (client, watch) = (&device.client, &mut device.watch);
        watch.marks.retain(|room, _| client.room(*room).is_some());
        watch.ticks.retain(|(room, _), _| client.room(*room).is_some());
    }

    fn witness_marks(&mut self, id: DeviceId) {
        let device = &mut self.devices[id.0];
        let mut fault = None;
        for room in device.client.rooms() {
            let (before, now) = (device.watch.marks.entry(room.id()).or_default(), room.marks());
            if before.merge(now) != now {
                fault = Some(format!("{id:?} had {before:?} in {:?}, and has {now:?}", room.id()));
            }
            *before = now;
        }
        if let Some(fault) = fault {
            self.fail(Invariant::MarksNeverGoBack, fault);
        }
    }

    /// A room's rows are what the stream has, and their ticks are true.
    fn witness_timeline(&mut self, id: DeviceId, room: RoomId) {
        let device = &self.devices[id.0];
        let (Some(seen), Some(epoch)) = (device.client.room(room), device.epoch()) else { return };
        let (current, person) = (*epoch == self.store.epoch(), device.person.id);
        let life = self.store.life_of(epoch);
        let timeline = seen.timeline();
        let kept = life.rooms.get(&room).map(|kept| kept.messages.as_slice()).unwrap_or_default();
        let begin = kept.partition_point(|message| message.seq <= timeline.from());
        let mut expected = kept[begin..].iter();
        let stranger = timeline.messages().find(|message| !expected.next().is_some_and(|kept| is_one(message, kept)));
        if let Some(message) = stranger {
            let what = format!("{id:?} has {} in {room:?} out of order: {:?}", message.seq, message.said.text.as_str());
            return self.fail(Invariant::OneOrder, what);
        }
        if let Some(excerpt) = seen.excerpt() {
            // Far from the end, too, there is nothing between two messages but what the stream has.
            let begin = kept.partition_point(|message| message.seq <= excerpt.from());
            let mut expected = kept[begin..].iter();
            let same = excerpt.messages().all(|message| expected.next().is_some_and(|kept| is_one(message, kept)));
            if !same {
                return self.fail(Invariant::OneOrder, format!("{id:?} shows an excerpt of {room:?} with a hole"));
            }
        }
        let own =
            timeline.messages().filter(|message| message.said.author.id == person).map(|message| &message.said.key);
        let mut keys: Vec<_> = seen.pending().map(|pending| &pending.key).chain(own).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() < count {
            return self.fail(Invariant::NothingTwice, format!("{id:?} shows a message twice in {room:?}"));
        }
        if current {
            let seqs = timeline.messages().map(|message| message.seq);
            self.witness.had.entry((person, room)).or_default().extend(seqs);
        }
        self.witness_ticks(id, room);
    }

    fn witness_ticks(&mut self, id: DeviceId, room: RoomId) {
        let device = &self.devices[id.0];
        let (Some(epoch), me) = (device.epoch(), device.person.id) else { return };
        let Some(kept) = self.store.life_of(epoch).rooms.get(&room) else { return };
        let others = kept.members.iter().filter(|(member, _)| **member != me);
        let (mut delivered, mut read) = (Seq::new(u64::MAX), Seq::new(u64::MAX));
        for (_, marks) in others {
            (delivered, read) = (delivered.min(marks.delivered), read.min(marks.read));
        }
        let toggled = kept.members.keys().any(|member| self.witness.toggled.contains_key(member));
        let mut fault = None;
        let mut seen = Vec::new();
        for row in device.client.rows(room).filter(|row| row.author.id == me) {
            let Some(seq) = row.seq else { continue };
            let (rank, true_so_far) = match row.state {
                RowState::Sending | RowState::Kept | RowState::Failed(_) => (0, true),
                RowState::Delivered => (1, seq <= delivered),
                RowState::Read => (2, seq <= read),
            };
            let before = device.watch.ticks.get(&(room, seq)).copied().unwrap_or(0);
            if !true_so_far {
                fault = Some((Invariant::TicksAreTrue, format!("{id:?} shows {seq} in {room:?} as {:?}", row.state)));
            } else if rank < before && !toggled {
                let what = format!("{id:?} shows {seq} in {room:?} as {:?}, and it was more before", row.state);
                fault = Some((Invariant::MarksNeverGoBack, what));
            }
            seen.push(((room, seq), rank));
        }
        self.devices[id.0].watch.ticks.extend(seen);
        if let Some((invariant, what)) = fault {
            self.fail(invariant, what);
        }
    }

    /// A client gets its timer.
    pub(crate) fn witness_tick(&mut self, id: DeviceId) {
        let now_ms = self.now_ms;
        let (at_ms, count) = &mut self.devices[id.0].watch.ticked;
        (*at_ms, *count) = (now_ms, if *at_ms == now_ms { *count + 1 } else { 1 });
        if *count > TICKS_MAX {
            self.fail(Invariant::ClientsAreCalm, format!("{id:?} wants to be woken again and again"));
        }
    }

    /// A client says something.
    pub(crate) fn witness_sent(&mut self, id: DeviceId) {
        let second = self.now_ms / 1_000;
        let (at, count) = &mut self.devices[id.0].watch.said;
        (*at, *count) = (second, if *at == second { *count + 1 } else { 1 });
        if *count > FRAMES_MAX {
            self.fail(Invariant::ClientsAreCalm, format!("{id:?} says more than {FRAMES_MAX} things in a second"));
        }
    }

    /// A client hears something.
    pub(crate) fn witness_heard(&mut self, id: DeviceId, text: &str) {
        let device = &self.devices[id.0];
        let (none, user) = (device.client.me().is_some_and(|me| !me.receipts), device.person.id);
        // What was written while they were on may be on its way still.
        let set_ms = self.witness.toggled.get(&user).copied().unwrap_or(0);
        if none
            && self.now_ms > set_ms + ON_ITS_WAY_MS
            && text.contains("\"marks_moved\"")
            && !self.store.state.gives_receipts(user)
        {
            self.fail(Invariant::TicksAreTrue, format!("{id:?} wants no receipts and gets {text}"));
        }
    }
}
