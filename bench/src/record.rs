//! What one client has shown: of every room the messages in their order, as its timeline had them.
//!
//! A timeline lets old messages go, and begins anew when the server says so; the record keeps all, knows where it has a hole,
//! and counts what a person would have seen twice or in the wrong order.

use std::collections::{BTreeMap, BTreeSet};

use client::{Client, Room, RowId};
use model::RoomId;

/// Rows are compared once in so many looks: they are all of a room's rows each time.
const ROWS_EACH: u64 = 64;

/// What one client has shown.
#[derive(Debug, Default)]
pub struct Record {
    /// Of each room.
    pub rooms: BTreeMap<RoomId, Shown>,
    /// Rows of one timeline with the same name, at some moment.
    pub doubled_rows: usize,
    looks: u64,
}

/// What it has shown of a room.
#[derive(Debug, Default)]
pub struct Shown {
    /// The key and the text of the message at each place.
    pub messages: BTreeMap<u64, [String; 2]>,
    /// Times that a message was shown after a later one.
    pub inverted: usize,
    /// Times that a message was shown twice.
    pub doubled: usize,
    /// Every message up to here is among them.
    whole_to: u64,
}

impl Record {
    /// How many messages it has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rooms.values().map(|shown| shown.messages.len()).sum()
    }

    /// Looks at a room. Says whether messages before the timeline are missing in the record.
    pub fn look(&mut self, client: &Client, room: &Room) -> bool {
        self.looks += 1;
        if self.looks.is_multiple_of(ROWS_EACH) {
            let mut names: BTreeSet<RowId> = BTreeSet::new();
            self.doubled_rows += client.rows(room.id()).filter(|row| !names.insert(row.id.clone())).count();
        }
        let from = room.timeline().from().number();
        let shown = self.rooms.entry(room.id()).or_insert_with(|| Shown { whole_to: from, ..Shown::default() });
        shown.look(room)
    }
}

impl Shown {
    fn look(&mut self, room: &Room) -> bool {
        let timeline = room.timeline();
        let mut newest = timeline.messages().rev();
        if let (Some(last), Some(before)) = (newest.next(), newest.next()) {
            self.doubled += usize::from(last.seq == before.seq);
            self.inverted += usize::from(last.seq < before.seq);
        }
        for message in timeline.messages().rev().take_while(|message| message.seq.number() > self.whole_to) {
            let texts = [message.said.key.as_str(), message.said.text.as_str()].map(str::to_owned);
            self.messages.insert(message.seq.number(), texts);
        }
        if timeline.from().number() > self.whole_to {
            return true;
        }
        let newest = self.messages.keys().next_back();
        self.whole_to = self.whole_to.max(newest.copied().unwrap_or(0));
        false
    }
}
