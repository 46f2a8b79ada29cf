//! What is asked for by request, page by page: history, and who is in a room.

use model::RoomId;
use protocol::http::{History, Members};

use crate::{Before, Client, Effect, What};

impl Client {
    /// The room that is looked at needs at least its last page, and what the others say of their reading.
    pub(crate) fn read_open(&mut self, out: &mut Vec<Effect>) {
        let Some(room) = self.open.and_then(|id| self.rooms.get(&id)) else { return };
        let (id, lacks) = (room.id(), room.timeline.is_unread() || room.timeline.has_failed());
        if lacks {
            self.ask_older(id, out);
        }
        self.want_receipts(id, out);
    }

    pub(crate) fn ask_older(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if let Some(before) = self.rooms.get_mut(&id).and_then(|room| room.timeline.ask_older(id)) {
            out.extend([Effect::FetchHistory(before), Effect::Changed(What::Timeline(id))]);
        }
    }

    pub(crate) fn history_arrived(&mut self, now_ms: u64, before: Before, page: History, out: &mut Vec<Effect>) {
        // In another life of the database people may have been called otherwise, and later.
        let people = page.messages.iter().map(|message| &message.said.author).chain(&page.people);
        for person in people.filter(|_| self.epoch.as_ref() == Some(&page.epoch)).cloned().collect::<Vec<_>>() {
            self.renew(&person, out);
        }
        let (Some(room), Some(me)) = (self.rooms.get_mut(&before.room), &self.me) else { return };
        page.people.iter().for_each(|person| room.heard_voice(person));
        if room.timeline.prepend(before, page, (&room.recent, self.epoch.as_ref())) {
            // A message whose event was on no connection of ours (it was under way when the epoch's log was lost, or a reset
            // passed over it) is found here.
            for message in room.timeline.messages().filter(|message| message.said.author.id == me.person.id) {
                if room.outbox.settle(&message.said.key) {
                    out.push(Effect::Forget(message.said.key.clone()));
                }
            }
            room.reading.recount(&room.timeline, room.cursor, me.person.id);
            let (seeking, failed) = (room.seeking, room.timeline.has_failed());
            out.extend([Effect::Changed(What::Timeline(before.room)), Effect::Changed(What::Rooms)]);
            self.post_next(now_ms, before.room, out);
            if !failed {
                self.deliver(now_ms, before.room, out);
            }
            if seeking && !failed {
                self.seek_unread(before.room, out);
            }
        }
    }

    pub(crate) fn history_failed(&mut self, before: Before, out: &mut Vec<Effect>) {
        self.in_room(before.room, What::Timeline, out, |room| {
            room.timeline.fail(before);
            room.seeking = false;
        });
    }

    pub(crate) fn want_members(&mut self, id: RoomId, out: &mut Vec<Effect>) {
        if self.rooms.get_mut(&id).is_some_and(|room| room.members.ask()) {
            out.extend([Effect::FetchMembers { room: id, after: None }, Effect::Changed(What::Members(id))]);
        }
    }

    pub(crate) fn members_arrived(&mut self, id: RoomId, page: Members, out: &mut Vec<Effect>) {
        let Members { epoch, members: mut page, next } = page;
        // An answer from another life of the database answers nobody: what was known then is forgotten, and asked anew.
        if self.epoch.as_ref() != Some(&epoch) {
            return;
        }
        for person in &mut page {
            self.renew(person, out);
            *person = self.named(person).clone();
        }
        self.in_room(id, What::Members, out, |room| room.members.arrived(page, next.is_none()));
        if next.is_some() && self.rooms.contains_key(&id) {
            out.push(Effect::FetchMembers { room: id, after: next });
        }
    }
}
