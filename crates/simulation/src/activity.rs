//! What people do.

use client::{Deed, Delivery, Input};
use model::{Body, Emoji, Notify, Quote, Regard, RoomId, RoomPrefs, Seq, Timestamp, UserId, Visibility};

use crate::{agenda::Happening, device::DeviceId, store::Command, world::World};

/// One thing that a person does at a device.
#[derive(Clone, Copy, Debug)]
enum Act {
    Post,
    Burst,
    Open,
    LookAway,
    Focus,
    See,
    Older,
    Seek,
    Members,
    Write,
    Amend,
    Retry,
    Discard,
    People,
    Away,
    Ask(Asked),
    Reload,
    Offline,
    Cut,
}

/// Something that only the server can do.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Join,
    Leave,
    Add,
    Direct,
    Create,
    Receipts,
    Prefs,
    Regard,
    Topic,
    Profile,
    LogOut,
}

/// How often each is done.
const ACTS: [(u64, Act); 29] = [
    (30, Act::Post),
    (1, Act::Burst),
    (14, Act::Open),
    (3, Act::LookAway),
    (5, Act::Focus),
    (26, Act::See),
    (4, Act::Older),
    (2, Act::Seek),
    (3, Act::Members),
    (4, Act::Write),
    (3, Act::Retry),
    (1, Act::Discard),
    (2, Act::People),
    (2, Act::Away),
    (5, Act::Ask(Asked::Join)),
    (3, Act::Ask(Asked::Leave)),
    (4, Act::Ask(Asked::Add)),
    (4, Act::Ask(Asked::Direct)),
    (1, Act::Ask(Asked::Create)),
    (4, Act::Ask(Asked::Receipts)),
    (4, Act::Ask(Asked::Prefs)),
    (3, Act::Ask(Asked::Regard)),
    (2, Act::Ask(Asked::Topic)),
    (3, Act::Ask(Asked::Profile)),
    (1, Act::Ask(Asked::LogOut)),
    (16, Act::Amend),
    (4, Act::Reload),
    (3, Act::Offline),
    (3, Act::Cut),
];

/// Messages in a burst: more than wait in an outbox, more than are counted, and more than a timeline keeps aside.
const BURST: u64 = 230;

impl World {
    /// Somebody does something, and will do something else later.
    pub(crate) fn act(&mut self, id: DeviceId) {
        if self.healed {
            return;
        }
        let at_ms = self.now_ms + self.chance.between(1, self.weather.act_every_ms);
        self.agenda.plan(at_ms, Happening::Act(id));
        if self.devices[id.0].load == 0 || self.devices[id.0].signed_out {
            return;
        }
        if let Some(act) = self.chance.weighed(&ACTS) {
            self.trace.tell(self.now_ms, format_args!("{id:?} does {act:?}"));
            self.perform(id, act);
        }
    }

    fn perform(&mut self, id: DeviceId, act: Act) {
        let open = self.devices[id.0].looks_at;
        match act {
            Act::Post => {
                let room = self.some_room(id);
                self.post(id, room);
            }
            Act::Burst => {
                let (room, most) = (self.some_room(id), if self.weather.bursts { BURST } else { 4 });
                (0..self.chance.between(2, most)).for_each(|_| self.post(id, room));
            }
            Act::Open => {
                let room = self.some_room(id);
                self.turn_to(id, room);
            }
            Act::LookAway => self.turn_to(id, None),
            Act::Focus => self.focus(id),
            Act::See => self.see(id),
            Act::Older => self.in_open(id, open, Input::LoadOlder),
            Act::Seek => self.in_open(id, open, Input::SeekUnread),
            Act::Members => self.in_open(id, open, Input::WantMembers),
            Act::Write => {
                let text = if self.chance.percent(80) { "half a".to_owned() } else { String::new() };
                self.in_open(id, open, |room| Input::Draft { room, text });
            }
            Act::Amend => self.amend(id),
            Act::Retry => self.failed(id, true),
            Act::Discard => self.failed(id, false),
            Act::People => {
                let people = self.store.state.people.keys().copied().collect();
                self.give(id, Input::ShowPeople(people));
            }
            Act::Away => {
                let away = self.chance.percent(50);
                self.give(id, Input::Away(away));
            }
            Act::Ask(asked) => self.change(id, asked),
            Act::Reload => self.load(id),
            Act::Offline => {
                self.go_offline(id);
                let at_ms = self.now_ms + self.chance.between(500, 20_000);
                self.agenda.plan(at_ms, Happening::Back(id));
            }
            Act::Cut => self.cut_one(id),
        }
    }

    fn cut_one(&mut self, id: DeviceId) {
        let lines = self.open_lines();
        let own = lines.into_iter().find(|line| self.lines.get(line).is_some_and(|line| line.page.device == id));
        if let Some(line) = own {
            self.cut(line);
        }
    }

    /// Something that only the server can do.
    fn change(&mut self, id: DeviceId, asked: Asked) {
        let me = self.devices[id.0].person.id;
        let people: Vec<UserId> = self.store.state.people.keys().copied().collect();
        let others: Vec<UserId> = people.into_iter().filter(|other| *other != me).collect();
        let rooms: Vec<RoomId> = self.store.state.rooms.keys().copied().collect();
        let command = match asked {
            Asked::Join => self.chance.pick(&rooms).map(|room| Command::Join { room }),
            Asked::Leave => self.some_room(id).map(|room| Command::Leave { room }),
            Asked::Add => {
                self.some_room(id).zip(self.chance.pick(&others)).map(|(room, whom)| Command::Add { room, whom })
            }
            Asked::Direct => {
                let first = self.chance.pick(&others);
                let second = self.chance.pick(&others).filter(|_| self.chance.percent(25));
                Some(Command::Direct { people: first.into_iter().chain(second).collect() })
            }
            Asked::Create => {
                let visibility = if self.chance.percent(50) { Visibility::Public } else { Visibility::Private };
                Some(Command::Create { name: format!("room {}", self.chance.between(1, 999_999)), visibility })
            }
            Asked::Receipts => Some(Command::Receipts { on: self.chance.percent(60) }),
            Asked::Prefs => {
                let prefs = self.chance.pick(&Notify::CHOICES).map(|notify| RoomPrefs { notify });
                self.some_room(id).zip(prefs).map(|(room, prefs)| Command::Prefs { room, prefs })
            }
            Asked::Topic => {
                let topic = if self.chance.percent(70) {
                    format!("topic {}", self.chance.between(1, 9))
                } else {
                    String::new()
                };
                self.some_room(id).map(|room| Command::Topic { room, topic })
            }
            Asked::Regard => {
                // Mostly people make up again: else in the end nobody could say anything to anybody.
                let regard = self.chance.pick(&[Regard::Open, Regard::Open, Regard::Ignored, Regard::Blocked]);
                self.chance.pick(&others).zip(regard).map(|(whom, regard)| Command::Regard { whom, regard })
            }
            Asked::Profile => Some(Command::Profile),
            Asked::LogOut => Some(Command::LogOut),
        };
        if let Some(command) = command {
            self.command(id, command);
        }
    }

    fn some_room(&mut self, id: DeviceId) -> Option<RoomId> {
        let rooms: Vec<RoomId> = self.devices[id.0].client.rooms().map(client::Room::id).collect();
        self.chance.pick(&rooms)
    }

    fn in_open(&mut self, id: DeviceId, open: Option<RoomId>, input: impl FnOnce(RoomId) -> Input) {
        if let Some(room) = open {
            self.give(id, input(room));
        }
    }

    /// A person looks at a room, or at none.
    pub(crate) fn look_at(&mut self, id: DeviceId, room: Option<RoomId>) {
        self.devices[id.0].looks_at = room;
        self.give(id, Input::Open(room));
    }

    fn turn_to(&mut self, id: DeviceId, room: Option<RoomId>) {
        self.look_at(id, room);
        if !self.devices[id.0].focused && self.chance.percent(70) {
            self.focus(id);
        }
    }

    fn focus(&mut self, id: DeviceId) {
        let device = &mut self.devices[id.0];
        device.focused = !device.focused;
        let focused = device.focused;
        self.give(id, Input::Focus(focused));
    }

    /// A person says something; every text is another.
    fn post(&mut self, id: DeviceId, room: Option<RoomId>) {
        let Some(room) = room else { return };
        self.texts += 1;
        let text = format!("{} says {}", self.devices[id.0].person.name.as_str(), self.texts);
        if let Ok(text) = Body::parse(&text) {
            let now_ms = i64::try_from(self.now_ms).unwrap_or(0);
            let reply = self.some_row(id, room).filter(|_| self.chance.percent(20)).map(|(_, quote, _)| quote);
            self.give(id, Input::Post { room, text, files: Vec::new(), reply, at: Timestamp::from_ms(now_ms) });
        }
    }

    /// A message on the screen that the server has: its author, the message as it is quoted, and how often it was changed.
    fn some_row(&mut self, id: DeviceId, room: RoomId) -> Option<(UserId, Quote, u32)> {
        let rows = self.devices[id.0].client.rows(room).filter_map(|row| {
            let (seq, author, text) = (row.seq?, row.author.clone(), Quote::beginning(row.text.as_str()));
            Some((author.id, Quote { seq, author, text, deleted: row.deleted }, row.edits))
        });
        let rows: Vec<_> = rows.collect();
        self.chance.pick(&rows)
    }

    /// A person does something to a message on the screen, or to several.
    fn amend(&mut self, id: DeviceId) {
        let Some(room) = self.some_room(id) else { return };
        for _ in 0..self.chance.between(1, 4) {
            let Some((author, Quote { seq: message, .. }, edits)) = self.some_row(id, room) else { return };
            let own = author == self.devices[id.0].person.id;
            self.texts += 1;
            let text = Body::parse(&format!("changed {}", self.texts));
            let deed = match (self.chance.between(0, 10), text) {
                (0, _) if own => Deed::Delete,
                (1..=3, Ok(text)) if own => Deed::Edit { edits, text },
                (4, _) => Deed::Pin { on: self.chance.percent(60) },
                _ => {
                    let Some(Ok(emoji)) = self.chance.pick(&["👍", "🐦", "❤️"]).map(Emoji::parse) else {
                        return;
                    };
                    Deed::React { emoji, on: self.chance.percent(65) }
                }
            };
            self.give(id, Input::Amend { room, message, deed });
        }
    }

    /// A person sees what is on the screen: mostly all of it.
    fn see(&mut self, id: DeviceId) {
        let device = &self.devices[id.0];
        let Some(room) = device.looks_at.filter(|_| device.focused) else { return };
        let places: Vec<Seq> = device.client.rows(room).filter_map(|row| row.seq).collect();
        let skip = if self.chance.percent(70) { 0 } else { self.chance.between(0, 5) };
        let skip = usize::try_from(skip).unwrap_or(0);
        if let Some(seq) = places.iter().rev().nth(skip).copied() {
            self.witness_saw(id, room, seq);
            self.give(id, Input::Saw { room, seq });
        }
    }

    /// A person deals with a message that failed.
    fn failed(&mut self, id: DeviceId, again: bool) {
        let failed = self.devices[id.0].client.rooms().flat_map(|room| {
            let failed = room.pending().filter(|pending| matches!(pending.delivery, Delivery::Failed { .. }));
            failed.map(|pending| (room.id(), pending.key.clone(), pending.text.clone()))
        });
        let failed: Vec<_> = failed.collect();
        let Some((room, key, text)) = self.chance.pick(&failed) else { return };
        if again {
            self.witness_retried(id, room, &text);
            self.give(id, Input::Retry { room, key });
        } else {
            self.witness_discarded(&text);
            self.give(id, Input::Discard { room, key });
        }
    }
}
