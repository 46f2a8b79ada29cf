//! A device of a person: the real client, and a driver that does what it wants done.

use std::collections::BTreeMap;

use client::{Client, Effect, Home, Input, Memory, Unsent, What};
use model::{ClientKey, Epoch, Person, RoomId, SessionId};
use protocol::{FromClient, encode};

use crate::{
    agenda::{Happening, PageId},
    line::{LineId, Packet},
    node::NodeId,
    request::Ask,
    watch::Watch,
    world::World,
};

/// The number of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DeviceId(pub(crate) usize);

/// A browser.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) person: Person,
    pub(crate) session: SessionId,
    pub(crate) client: Client,
    /// How often a page was loaded here; none: it was not opened yet.
    pub(crate) load: u64,
    /// Its clock: when the page was loaded, how it stood then, and what it counts while the world counts a thousand.
    born_ms: u64,
    offset_ms: u64,
    rate: u64,
    line: Option<LineId>,
    pub(crate) stored: Stored,
    pub(crate) looks_at: Option<RoomId>,
    pub(crate) focused: bool,
    pub(crate) online: bool,
    pub(crate) signed_out: bool,
    wake_ms: Option<u64>,
    /// What was observed of this page.
    pub(crate) watch: Watch,
}

/// What is kept on the device.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stored {
    pub(crate) home: Option<Home>,
    pub(crate) unsent: BTreeMap<ClientKey, Unsent>,
    drafts: BTreeMap<RoomId, String>,
}

impl Device {
    pub(crate) fn new(person: Person, session: SessionId) -> Self {
        Self {
            person,
            session,
            client: Client::new([0, 0]),
            load: 0,
            born_ms: 0,
            offset_ms: 0,
            rate: 1_000,
            line: None,
            stored: Stored::default(),
            looks_at: None,
            focused: false,
            online: true,
            signed_out: false,
            wake_ms: None,
            watch: Watch::default(),
        }
    }

    fn clock(&self, now_ms: u64) -> u64 {
        self.offset_ms + (now_ms - self.born_ms) * self.rate / 1_000
    }

    /// When the world's clock shows what this one will show at `at_ms`, or a little later.
    fn world_ms(&self, at_ms: u64) -> u64 {
        self.born_ms + (at_ms.saturating_sub(self.offset_ms) * 1_000).div_ceil(self.rate)
    }

    pub(crate) fn epoch(&self) -> Option<&Epoch> {
        self.stored.home.as_ref().map(|home| &home.epoch)
    }
}

impl World {
    /// Loads the page: a new client, from what the last one left.
    pub(crate) fn load(&mut self, id: DeviceId) {
        let seed = [self.chance.number(), self.chance.number()];
        let (offset_ms, rate) = (self.chance.between(0, 100_000), self.chance.between(850, 1_150));
        let now_ms = self.now_ms;
        self.let_go(id);
        let device = &mut self.devices[id.0];
        device.load += 1;
        device.client = Client::new(seed);
        device.watch = Watch::default();
        (device.born_ms, device.offset_ms, device.rate, device.wake_ms) = (now_ms, offset_ms, rate, None);
        device.signed_out = false;
        let stored = device.stored.clone();
        let (looks_at, unsent) = (device.looks_at, stored.unsent.into_values().collect());
        self.trace.tell(now_ms, format_args!("{id:?} loads the page"));
        self.give(id, Input::Remember(Memory { home: stored.home, unsent, drafts: stored.drafts }));
        self.give(id, Input::Open(looks_at));
        self.give(id, Input::Focus(self.devices[id.0].focused));
        self.give(id, Input::Connect);
    }

    /// Gives the client something, and does what it wants done.
    pub(crate) fn give(&mut self, id: DeviceId, input: Input) {
        let now_ms = self.now_ms;
        let device = &mut self.devices[id.0];
        if device.load == 0 {
            return;
        }
        let clock = device.clock(now_ms);
        let effects = device.client.step(clock, input);
        let mut changed = Vec::new();
        for effect in effects {
            self.carry_out(id, effect, &mut changed);
        }
        changed.sort_unstable();
        changed.dedup();
        self.witness_page(id, &changed);
        self.set_alarm(id);
    }

    fn carry_out(&mut self, id: DeviceId, effect: Effect, changed: &mut Vec<What>) {
        let page = PageId { device: id, load: self.devices[id.0].load };
        let stored = &mut self.devices[id.0].stored;
        match effect {
            Effect::Connect => self.dial(page),
            Effect::Disconnect => self.let_go(id),
            Effect::Send(frame) => self.send(id, &frame),
            Effect::CheckSession => self.request(page, Ask::Session),
            Effect::FetchHistory(question) => self.request(page, Ask::History(question)),
            Effect::FetchMembers { room, after } => self.request(page, Ask::Members { room, after }),
            Effect::FetchMarks(room) => self.request(page, Ask::Marks(room)),
            Effect::Keep(unsent) => {
                self.witness_said(id, &unsent);
                self.devices[id.0].stored.unsent.insert(unsent.key.clone(), unsent);
            }
            Effect::Forget(key) => drop(stored.unsent.remove(&key)),
            Effect::KeepDraft { room, text } if text.is_empty() => drop(stored.drafts.remove(&room)),
            Effect::KeepDraft { room, text } => drop(stored.drafts.insert(room, text)),
            Effect::KeepHome(home) => stored.home = Some(*home),
            Effect::Wipe => *stored = Stored::default(),
            Effect::SignedOut => self.signed_out(id),
            // Nobody chooses a file here, and nobody looks.
            Effect::Upload { .. }
            | Effect::Tell(_)
            | Effect::Notify { .. }
            | Effect::Withdraw(_)
            | Effect::Reveal { .. } => {}
            Effect::Changed(what) => changed.push(what),
        }
    }

    fn signed_out(&mut self, id: DeviceId) {
        self.trace.tell(self.now_ms, format_args!("{id:?} is signed out"));
        self.devices[id.0].signed_out = true;
        let at_ms = self.later(3_000);
        self.agenda.plan(at_ms, Happening::LogIn(id));
    }

    /// Whoever was signed out logs in again, and the page is loaded.
    pub(crate) fn log_in(&mut self, id: DeviceId) {
        if self.devices[id.0].signed_out {
            self.devices[id.0].session = self.store.log_in(self.devices[id.0].person.id);
            self.load(id);
        }
    }

    fn dial(&mut self, page: PageId) {
        self.let_go(page.device);
        let nodes: Vec<NodeId> = (0..self.nodes.len()).map(NodeId).collect();
        let Some(node) = self.chance.pick(&nodes) else { return };
        let line = self.open_line(page, node);
        self.devices[page.device.0].line = Some(line);
        if !self.devices[page.device.0].online {
            self.cut(line);
        } else if self.misfortune(3) {
            self.deaden(line);
        }
    }

    /// The page lets go of its line, and hears nothing more of it.
    fn let_go(&mut self, id: DeviceId) {
        if let Some(line) = self.devices[id.0].line.take() {
            self.hang_up(line);
        }
    }

    fn send(&mut self, id: DeviceId, frame: &FromClient) {
        let Some(line) = self.devices[id.0].line else { return };
        let text = encode(frame);
        self.trace.tell(self.now_ms, format_args!("{id:?} says {text}"));
        self.witness_sent(id);
        self.send_up(line, text.into());
    }

    /// A frame of a line reaches its client.
    pub(crate) fn heard(&mut self, line: LineId) {
        let Some(packet) = self.take_down(line) else { return };
        let Some(page) = self.lines.get(&line).map(|line| line.page) else { return };
        if self.devices[page.device.0].line != Some(line) {
            return;
        }
        match packet {
            Packet::Frame(text) => {
                self.trace.tell(self.now_ms, format_args!("{:?} hears {text}", page.device));
                self.witness_heard(page.device, &text);
                self.give(page.device, Input::Frame(String::from(&*text)));
            }
            Packet::Close(code) => self.socket_closed(page.device, code),
        }
    }

    /// The client notices that its line is gone.
    pub(crate) fn broken(&mut self, line: LineId) {
        let Some(page) = self.lines.get(&line).map(|line| line.page) else { return };
        if self.devices[page.device.0].line == Some(line) {
            self.socket_closed(page.device, 1006);
        }
    }

    fn socket_closed(&mut self, id: DeviceId, code: u16) {
        self.trace.tell(self.now_ms, format_args!("{id:?} sees its socket closed: {code}"));
        if let Some(line) = self.devices[id.0].line.take() {
            self.hang_up(line);
        }
        self.give(id, Input::SocketClosed { code });
    }

    /// Sets the timer that the client asks for. Browsers are late with them.
    fn set_alarm(&mut self, id: DeviceId) {
        let late_ms = if self.misfortune(5) { self.chance.between(0, 1_500) } else { 0 };
        let (now_ms, device) = (self.now_ms, &mut self.devices[id.0]);
        let Some(at_ms) = device.client.wake_at() else { return };
        let at_ms = device.world_ms(at_ms).max(now_ms) + late_ms;
        if device.wake_ms.is_none_or(|planned_ms| at_ms < planned_ms) {
            device.wake_ms = Some(at_ms);
            self.agenda.plan(at_ms, Happening::Wake(id));
        }
    }

    pub(crate) fn wake(&mut self, id: DeviceId) {
        let now_ms = self.now_ms;
        let device = &mut self.devices[id.0];
        if device.wake_ms != Some(now_ms) {
            return;
        }
        device.wake_ms = None;
        let clock = device.clock(now_ms);
        if device.client.wake_at().is_some_and(|at_ms| at_ms <= clock) {
            self.witness_tick(id);
            self.give(id, Input::Tick);
        } else {
            self.set_alarm(id);
        }
    }

    /// The network of a device is back, and the browser says so.
    pub(crate) fn back(&mut self, id: DeviceId) {
        if !std::mem::replace(&mut self.devices[id.0].online, true) {
            self.give(id, Input::Connect);
        }
    }

    /// The network of a device is gone.
    pub(crate) fn go_offline(&mut self, id: DeviceId) {
        self.devices[id.0].online = false;
        if let Some(line) = self.devices[id.0].line {
            self.cut(line);
        }
    }

    /// The lines that pages have open, in order.
    pub(crate) fn open_lines(&self) -> Vec<LineId> {
        self.devices.iter().filter_map(|device| device.line).collect()
    }

    /// What a page asks its server to do.
    pub(crate) fn command(&mut self, id: DeviceId, command: crate::store::Command) {
        self.trace.tell(self.now_ms, format_args!("{id:?} asks {command:?}"));
        let page = PageId { device: id, load: self.devices[id.0].load };
        self.request(page, Ask::Do(command));
    }
}
