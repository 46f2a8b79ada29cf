//! What a client leaves on its device, so that a reload loses no word: what was said and not kept yet, what stands in the
//! composers, and which rooms there are.
//!
//! A driver writes each piece when an effect says so, and gives them all back as [`Memory`] at the next start. They are one
//! person's; of another's nothing is shown.

use std::collections::BTreeMap;

use model::{Body, ClientKey, Epoch, File, Quote, RoomId, Timestamp};
use protocol::{Me, RoomHead};
use serde::{Deserialize, Serialize};

use crate::{
    Client, Delivery, Effect, Pending, Room, What,
    outbox::{Outbox, Words},
    regards::Regards,
};

/// Something that the person said and the server has not kept, as far as this device knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsent {
    /// Where.
    pub room: RoomId,
    /// The life of the database that the room's number belongs to.
    pub epoch: Epoch,
    /// Its name, the same for ever.
    pub key: ClientKey,
    /// What.
    pub text: Body,
    /// The files that go with it, which the server has already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<File>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Quote>,
    /// When, by the device's clock.
    pub at: Timestamp,
    /// How many were said before it on this device, so that the order stands.
    pub turn: u64,
}

/// Who was signed in, and the rooms as they stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// Who.
    pub me: Me,
    /// The life of the database.
    pub epoch: Epoch,
    /// The rooms.
    pub rooms: Vec<RoomHead>,
}

/// All that was left on the device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Who was signed in; without it nothing else is of use.
    pub home: Option<Home>,
    /// What was said, in any order.
    pub unsent: Vec<Unsent>,
    /// What stood in the composers.
    pub drafts: BTreeMap<RoomId, String>,
}

impl Client {
    /// Takes up what the last start left on the device. To be given before connecting.
    pub(crate) fn remember(&mut self, memory: Memory, out: &mut Vec<Effect>) {
        let Some(home) = memory.home else { return };
        self.me = Some(home.me);
        self.epoch = Some(home.epoch);
        let stale = |head: RoomHead| (head.room.id, Room { stale: true, ..Room::new(head) });
        self.rooms = home.rooms.into_iter().map(stale).collect();
        self.drafts = memory.drafts;
        self.unsent = memory.unsent;
        self.unsent.sort_by_key(|unsent| (unsent.turn, unsent.at));
        self.turn = self.unsent.last().map_or(0, |unsent| unsent.turn + 1);
        self.hand_out();
        out.extend([Effect::Changed(What::Me), Effect::Changed(What::Rooms)]);
    }

    /// Gives the rooms that are there what was left of them. What is left of others waits: the person may come back to them.
    pub(crate) fn hand_out(&mut self) {
        let (here, elsewhere) =
            std::mem::take(&mut self.unsent).into_iter().partition(|unsent| self.rooms.contains_key(&unsent.room));
        self.unsent = elsewhere;
        let here: Vec<Unsent> = here;
        for unsent in here {
            if let Some(room) = self.rooms.get_mut(&unsent.room) {
                let mut said = Outbox::default();
                let Unsent { text, files, reply, .. } = unsent;
                said.push(unsent.key, Words { text, files, reply }, unsent.at);
                if self.epoch != Some(unsent.epoch) {
                    said.strand();
                }
                room.outbox.append(said);
            }
        }
        for (id, room) in &mut self.rooms {
            if let Some(draft) = self.drafts.remove(id) {
                room.draft = draft;
            }
        }
    }

    /// The person is not in a room any more. What they said there and what they were writing waits: they may come back.
    pub(crate) fn put_aside(&mut self, room: Room, epoch: Option<&Epoch>) {
        let (id, Some(epoch)) = (room.id(), epoch) else { return };
        for pending in room.outbox.into_unkept() {
            let Pending { key, text, files, reply, at, uploads, delivery: _ } = pending;
            // Files that were on their way are given up with the room; a text that was to go with them is not.
            if !uploads.is_empty() && text.is_empty() {
                continue;
            }
            let epoch = epoch.clone();
            self.unsent.push(Unsent { room: id, epoch, key, text, files, reply, at, turn: self.turn });
            self.turn += 1;
        }
        if !room.draft.is_empty() {
            self.drafts.insert(id, room.draft);
        }
    }

    /// In another life of the database: has what waits in the rooms that are still there kept as of this one.
    pub(crate) fn keep_again(&mut self, out: &mut Vec<Effect>) {
        let waiting = self.rooms.values().flat_map(|room| room.pending().map(|pending| (room.id(), pending)));
        let waiting = waiting.filter(|(_, pending)| !matches!(pending.delivery, Delivery::Failed { .. }));
        let names: Vec<_> = waiting.map(|(id, pending)| (id, pending.key.clone())).collect();
        for (id, key) in names {
            self.keep(id, &key, out);
        }
    }

    /// What a driver should keep of who is signed in and of the rooms.
    pub(crate) fn home(&self) -> Option<Home> {
        let rooms = self.rooms.values().map(|room| RoomHead {
            room: room.info.clone(),
            head: room.cursor,
            marks: room.reading.marks(),
            prefs: room.prefs,
            unread: room.reading.unread(),
            last_at: room.last_at,
        });
        Some(Home { me: self.me.clone()?, epoch: self.epoch.clone()?, rooms: rooms.collect() })
    }

    /// The person here is another than the one who left something: none of it is theirs.
    pub(crate) fn wipe(&mut self, out: &mut Vec<Effect>) {
        self.rooms.clear();
        self.names.forget();
        self.regards = Regards::default();
        self.unsent.clear();
        self.drafts.clear();
        out.push(Effect::Wipe);
    }
}
