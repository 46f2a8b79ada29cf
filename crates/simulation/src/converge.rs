//! Once everything has healed: whether everybody has what the store has.

use client::{Connection, Delivery};
use model::{Marks, Message, Person, Presence, Regard, RoomId, Seq, Username};

use crate::{
    device::{Device, DeviceId},
    invariant::{Invariant, Violation},
    store::Kept,
    world::World,
};

/// What does not hold yet.
#[derive(Debug, Default)]
struct Faults(Vec<(Invariant, String)>);

impl Faults {
    fn unless(&mut self, holds: bool, invariant: Invariant, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push((invariant, what()));
        }
    }
}

impl World {
    /// What does not hold yet.
    pub(crate) fn unconverged(&self) -> Vec<Violation> {
        let mut faults = Faults::default();
        self.acknowledged_is_kept(&mut faults);
        self.posts_are_answered(&mut faults);
        for (index, device) in self.devices.iter().enumerate() {
            self.device_converges(DeviceId(index), device, &mut faults);
        }
        let violation = |(invariant, what)| Violation { invariant, at_ms: self.now_ms, what };
        faults.0.into_iter().map(violation).collect()
    }

    fn device_converges(&self, id: DeviceId, device: &Device, faults: &mut Faults) {
        let (client, me) = (&device.client, device.person.id);
        let state = client.connection();
        faults.unless(state == Connection::Online, Invariant::Converges, || format!("{id:?} is {state:?}"));
        let receipts = self.store.state.gives_receipts(me);
        let known = client.me().map(|me| &me.person);
        faults.unless(known == self.store.state.person(me), Invariant::Converges, || format!("{id:?} is {known:?}"));
        let told = client.me().map(|me| me.receipts);
        faults.unless(told == Some(receipts), Invariant::Converges, || format!("{id:?} has receipts {told:?}"));
        let regards = self.store.state.regards.get(&me).into_iter().flatten().filter(|(_, it)| **it != Regard::Open);
        let same =
            regards.map(|(whom, regard)| (*whom, *regard)).eq(client.regarded().map(|it| (it.person.id, it.regard)));
        faults.unless(same, Invariant::Converges, || format!("{id:?} regards others otherwise"));
        let kept = self.store.state.rooms.values().filter(|kept| kept.members.contains_key(&me));
        let kept: Vec<&Kept> = kept.collect();
        let rooms: Vec<RoomId> = client.rooms().map(client::Room::id).collect();
        let should: Vec<RoomId> = kept.iter().map(|kept| kept.room.id).collect();
        faults.unless(rooms == should, Invariant::Converges, || format!("{id:?} is in {rooms:?}, not in {should:?}"));
        for kept in kept {
            self.room_converges(id, device, kept, faults);
        }
    }

    fn room_converges(&self, id: DeviceId, device: &Device, kept: &Kept, faults: &mut Faults) {
        let (me, at) = (device.person.id, kept.room.id);
        let Some(room) = device.client.room(at) else { return };
        faults.unless(*room.info() == kept.room, Invariant::Converges, || format!("{id:?} has another {at:?}"));

        let shown: Vec<&Message> = room.timeline().messages().collect();
        let begin = kept.messages.partition_point(|message| message.seq <= room.timeline().from());
        let same = shown.len() == kept.messages.len() - begin
            && shown.iter().zip(&kept.messages[begin..]).all(|(shown, kept)| is_same(shown, kept));
        let places = |messages: &[Message]| messages.iter().map(|message| message.seq).collect::<Vec<Seq>>();
        faults.unless(same, Invariant::Converges, || {
            let shown: Vec<Seq> = shown.iter().map(|message| message.seq).collect();
            format!("{id:?} shows {shown:?} of {at:?}, not {:?}", places(&kept.messages[begin..]))
        });
        let doing = shown.iter().find(|message| room.is_amending(message.seq)).map(|message| message.seq);
        faults.unless(doing.is_none(), Invariant::Converges, || format!("{id:?} still amends {doing:?} of {at:?}"));
        for pending in room.pending() {
            let failed = matches!(pending.delivery, Delivery::Failed { .. });
            faults.unless(failed, Invariant::Converges, || format!("{id:?} in {at:?} has pending {pending:?}"));
        }
        let prefs = kept.prefs.get(&me).copied().unwrap_or_default();
        faults.unless(room.prefs() == prefs, Invariant::Converges, || {
            format!("{id:?} wants {:?} of {at:?}, the store says {prefs:?}", room.prefs())
        });
        let marks = kept.members.get(&me).copied().unwrap_or_default();
        let read = room.marks().read;
        faults.unless(read == marks.read, Invariant::Converges, || {
            format!("{id:?} has read {at:?} up to {read}, the store says {}", marks.read)
        });
        let (unread, counted) = (room.unread(), self.store.state.unread(at, me, marks.read));
        faults.unless(unread == counted, Invariant::UnreadIsRight, || {
            format!("{id:?} has {unread} unread in {at:?}, a recount {counted}")
        });
        let last = kept.messages.iter().rev().find(|message| message.said.author.id != me).map(|message| message.seq);
        if let Some(last) = last.filter(|_| room.is_direct()) {
            faults.unless(last <= marks.delivered, Invariant::Converges, || {
                format!("{id:?} never says that it has {last} of {at:?}, but {marks:?}")
            });
        }
        let writing = device.client.typists(at).count();
        faults.unless(writing == 0, Invariant::Converges, || format!("{id:?} thinks that {writing} write in {at:?}"));
        self.others_converge(id, device, kept, faults);
    }

    /// Who is in a room, and how far they have come.
    fn others_converge(&self, id: DeviceId, device: &Device, kept: &Kept, faults: &mut Faults) {
        let (me, at) = (device.person.id, kept.room.id);
        let Some(room) = device.client.room(at) else { return };
        if room.members().is_known() {
            let here: Vec<_> = room.members().people().map(|person| person.id).collect();
            let same = here.iter().eq(kept.members.keys());
            faults.unless(same, Invariant::Converges, || format!("{id:?} thinks that {here:?} are in {at:?}"));
        }
        // Whoever has left is not told of here any more.
        let members = room.members().people().chain(device.client.rows(at).map(|row| row.author));
        for shown in members.filter(|person| kept.members.contains_key(&person.id)) {
            let person = self.store.state.person(shown.id);
            faults.unless(person == Some(shown), Invariant::Converges, || {
                format!("{id:?} knows {shown:?} in {at:?}, who is {person:?}")
            });
        }
        let looked_at = device.looks_at == Some(at) && self.store.state.gives_receipts(me);
        for reader in room.receipts().readers(Seq::ZERO).filter(|_| looked_at) {
            let inside = kept.members.contains_key(&reader);
            faults.unless(inside, Invariant::TicksAreTrue, || format!("{id:?} counts {reader:?}, who left {at:?}"));
        }
        for (member, marks) in kept.members.iter().filter(|(member, _)| **member != me) {
            let told = room.receipts().of(*member);
            if self.store.state.blocks(me, *member) {
                faults.unless(told == Marks::default(), Invariant::TicksAreTrue, || {
                    format!("{id:?} blocks {member:?} and thinks that they have come to {told:?} in {at:?}")
                });
                continue;
            }
            let most = told.read <= marks.read && told.delivered <= marks.delivered;
            // A member who came in and has read nothing since may not have been told of.
            let came = kept.joined.get(member).is_some_and(|joined| marks.read <= *joined);
            let toggled = self.witness.toggled.contains_key(member);
            let all = told.read == marks.read && (told.delivered == marks.delivered || !room.is_direct());
            faults.unless(
                most && (all || came && !room.is_direct() || toggled || !looked_at),
                Invariant::TicksAreTrue,
                || format!("{id:?} thinks that {member:?} has come to {told:?} in {at:?}, and it is {marks:?}"),
            );
        }
        if let [node] = self.nodes.as_slice() {
            for partner in room.info().people.iter().filter(|person| person.id != me) {
                let (told, presence) = (device.client.seen(partner.id), node.hub.presence(partner.id));
                let presence = Some(presence).filter(|_| !self.store.state.blocks(partner.id, me));
                let told_of =
                    told.map(|told| told.presence).filter(|told| presence.is_some() || *told != Presence::Offline);
                faults.unless(told_of == presence, Invariant::Converges, || {
                    format!("{id:?} is told that {:?} is {told:?}, and they are {presence:?}", partner.id)
                });
            }
        }
    }

    fn acknowledged_is_kept(&self, faults: &mut Faults) {
        for (name, seq) in &self.witness.acknowledged {
            let kept = self.store.state.keys.get(name).map(|(posted, _)| posted.seq);
            faults.unless(kept == Some(*seq), Invariant::AcknowledgedIsKept, || {
                format!("{name:?} was acknowledged at {seq}, and is at {kept:?}")
            });
        }
    }

    /// Every post is kept, or it is shown as failed, or it waits for its author to come back to the room. It may be both: after a
    /// fault nobody knows, until the page of history with it is read.
    fn posts_are_answered(&self, faults: &mut Faults) {
        for (text, said) in &self.witness.said {
            let device = &self.devices[said.by.0];
            let mut pending = device.client.rooms().flat_map(client::Room::pending);
            let shown = pending.any(|pending| pending.text.as_str() == text);
            let kept = self.witness.kept.contains_key(text);
            let waits = device
                .stored
                .unsent
                .values()
                .any(|unsent| unsent.text.as_str() == text && device.client.room(unsent.room).is_none());
            faults.unless(kept || shown || waits || said.excused, Invariant::PostsAreAnswered, || {
                format!("{text:?} of {:?} is neither kept nor shown", said.by)
            });
        }
    }
}

/// Whether two words of a message are of one message.
pub(crate) fn is_one(one: &Message, other: &Message) -> bool {
    let settled = |message: &Message| (message.seq, message.at, message.said.author.id, message.said.key.clone());
    settled(one) == settled(other)
}

/// Whether two words of a message say the same. What people are called may have changed between them; and how many replies its thread had
/// when a message was posted, nobody asks.
fn is_same(one: &Message, other: &Message) -> bool {
    let settled = |message: &Message| {
        let mut message = message.clone();
        let nameless = |id| Person::new(id, Username::kept(String::new()));
        message.said.author = nameless(message.said.author.id);
        if let Some(reply) = &mut message.said.reply {
            reply.to.author = nameless(reply.to.author.id);
            reply.replies = 0;
        }
        message
    };
    settled(one) == settled(other)
}
