//! The world of one seed: what it has, and how it goes on.

use std::collections::BTreeMap;

use client::Input;
use model::{RoomId, Timestamp, UserId, Visibility};

use crate::{
    agenda::{Agenda, Happening},
    chance::Chance,
    device::{Device, DeviceId},
    invariant::{Invariant, Violation},
    line::{Line, LineId},
    node::{Asker, Node, NodeId},
    plant::Plant,
    store::{Command, Store},
    trace::Trace,
    weather::Weather,
    witness::Witness,
};

/// Everything.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now_ms: u64,
    pub(crate) chance: Chance,
    pub(crate) weather: Weather,
    pub(crate) plant: Option<Plant>,
    pub(crate) agenda: Agenda,
    pub(crate) store: Store,
    pub(crate) nodes: Vec<Node>,
    pub(crate) lines: BTreeMap<LineId, Line>,
    pub(crate) lines_made: u64,
    pub(crate) devices: Vec<Device>,
    /// How many messages were said.
    pub(crate) texts: u64,
    pub(crate) witness: Witness,
    pub(crate) trace: Trace,
    /// Nothing goes wrong any more, and nobody does anything.
    pub(crate) healed: bool,
    pub(crate) happenings: u64,
}

/// Time that everything has to come to rest after the storm: two silences, a full back-off and some pings.
const CALM_MS: u64 = 240_000;
/// Time between two looks at whether it has.
const GLANCE_MS: u64 = 5_000;
/// Time that rest must last, so that a ping passes.
const REST_MS: u64 = 25_000;
/// Time that a person takes for reading one room to its beginning.
const READ_MS: u64 = 60_000;

impl World {
    pub(crate) fn new(seed: u64, plant: Option<Plant>, traced: bool) -> Self {
        let mut chance = Chance::new(seed);
        let weather = Weather::of(&mut chance);
        let store = Store::new(weather.people, weather.bounds, plant);
        let nodes = (0..weather.nodes).map(|node| Node::new(i64::try_from(node).unwrap_or(0) * 700)).collect();
        let mut world = Self {
            now_ms: 0,
            chance,
            weather,
            plant,
            agenda: Agenda::default(),
            store,
            nodes,
            lines: BTreeMap::new(),
            lines_made: 0,
            devices: Vec::new(),
            texts: 0,
            witness: Witness::default(),
            trace: Trace::new(traced),
            healed: false,
            happenings: 0,
        };
        world.trace.tell(0, format_args!("{:?}", world.weather));
        world.begin();
        world
    }

    /// The people have devices, and a room and a direct chat to begin with.
    fn begin(&mut self) {
        for id in 1..=self.weather.people {
            let user = UserId::new(id);
            let second = self.chance.percent(self.weather.second_device_percent);
            for _ in 0..if second { 2 } else { 1 } {
                let session = self.store.log_in(user);
                let Some(person) = self.store.state.person(user).cloned() else { continue };
                let device = DeviceId(self.devices.len());
                self.devices.push(Device::new(person, session));
                let at_ms = self.later(3_000);
                self.agenda.plan(at_ms, Happening::Start(device));
                self.agenda.plan(at_ms + 1, Happening::Act(device));
            }
        }
        let lobby = Command::Create { name: "lobby".into(), visibility: Visibility::Public };
        let chat = Command::Direct { people: vec![UserId::new(2)] };
        let joins = (2..=self.weather.people).map(|id| (id, Command::Join { room: RoomId::new(1) }));
        for (id, command) in [(1, lobby), (1, chat)].into_iter().chain(joins) {
            let session = self.store.state.sessions.iter().find(|(_, user)| user.number() == id).map(|(id, _)| *id);
            if let Some(session) = session.and_then(|session| self.store.session(session)) {
                self.store.execute(&session, &command, Timestamp::from_ms(0), &mut Vec::new());
            }
        }
        for node in 0..self.nodes.len() {
            self.agenda.plan(1, Happening::Look(NodeId(node), 0));
        }
        let (backup_ms, fault_ms) = (self.later(self.weather.storm_ms), self.later(self.weather.fault_every_ms));
        self.agenda.plan(backup_ms, Happening::Backup);
        self.agenda.plan(fault_ms, Happening::Misfortune);
    }

    /// Some time from now.
    pub(crate) fn later(&mut self, most_ms: u64) -> u64 {
        self.now_ms + self.chance.between(0, most_ms)
    }

    /// Whether something goes wrong that goes wrong in so many of a hundred cases.
    pub(crate) fn misfortune(&mut self, percent: u64) -> bool {
        !self.healed && percent > 0 && self.chance.percent(percent)
    }

    /// The storm, the calm, and the reading; the first promise that was broken.
    pub(crate) fn play(&mut self) -> Option<Violation> {
        self.go_on(self.weather.storm_ms);
        self.heal();
        self.come_to_rest(CALM_MS, REST_MS);
        for room in self.store.state.rooms.keys().copied().collect::<Vec<_>>() {
            self.read_to_the_beginning(room);
        }
        self.come_to_rest(READ_MS, 0);
        self.witness.violations.first().cloned()
    }

    /// Lets things happen until then, or until a promise is broken.
    fn go_on(&mut self, until_ms: u64) {
        while self.witness.violations.is_empty() {
            let Some((at_ms, happening)) = self.agenda.next(until_ms) else { break };
            self.now_ms = at_ms;
            self.happenings += 1;
            self.happen(happening);
        }
        self.now_ms = self.now_ms.max(until_ms);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Act(device) => self.act(device),
            Happening::Start(device) => self.load(device),
            Happening::Wake(device) => self.wake(device),
            Happening::Back(device) => self.back(device),
            Happening::LogIn(device) => self.log_in(device),
            Happening::Asked(node, life, page, ask) => {
                if self.lives(node, life) {
                    self.asked(node, page, ask);
                } else {
                    self.answer(page, ask, crate::request::Answer::Failed);
                }
            }
            Happening::Answered(page, ask, answer) => self.answered(page, &ask, answer),
            Happening::Dialled(line) => self.dialled(line),
            Happening::Up(line) => self.arrives(line),
            Happening::Down(line) => self.heard(line),
            Happening::Hung(line) => self.hung(line),
            Happening::Broken(line) => self.broken(line),
            Happening::Proceed(line) => self.proceed(line),
            Happening::Beat(line) => self.beat(line),
            Happening::Commit(node, life) if self.lives(node, life) => self.commit(node),
            Happening::Replied(node, life, asker, outcome) => match asker {
                Asker::Line(id) if self.lives(node, life) => self.replied(id, outcome),
                Asker::Page(page, ask) => self.done(page, ask, &outcome),
                Asker::Line(_) | Asker::Nobody => {}
            },
            Happening::Fed(node, life, events) if self.lives(node, life) => self.fed(node, &events),
            Happening::Look(node, life) if self.lives(node, life) => self.look(node),
            Happening::Depart(node, life, user) if self.lives(node, life) => self.depart(node, user),
            Happening::Commit(..) | Happening::Fed(..) | Happening::Look(..) | Happening::Depart(..) => {}
            Happening::Misfortune => self.strike(),
            Happening::Restart(node) => self.restart(node),
            Happening::Backup => self.store.back_up(),
        }
    }

    fn lives(&self, node: NodeId, life: u64) -> bool {
        self.nodes[node.0].up && self.nodes[node.0].life == life
    }

    /// From here on nothing goes wrong, and nobody does anything. What is broken has to be noticed.
    fn heal(&mut self) {
        self.trace.tell(self.now_ms, format_args!("everything heals"));
        self.healed = true;
        for node in &mut self.nodes {
            node.doom = None;
        }
        for device in (0..self.devices.len()).map(DeviceId) {
            self.back(device);
            if self.devices[device.0].load == 0 {
                self.load(device);
            }
        }
    }

    /// Waits until everybody has what the store has, and a little longer.
    fn come_to_rest(&mut self, within_ms: u64, rest_ms: u64) {
        let end_ms = self.now_ms + within_ms;
        let mut rested_ms = None;
        while self.witness.violations.is_empty() {
            self.go_on(self.now_ms + GLANCE_MS);
            let missing = self.unconverged();
            let since_ms = *rested_ms.get_or_insert(self.now_ms);
            if !missing.is_empty() {
                rested_ms = None;
            } else if self.now_ms >= since_ms + rest_ms {
                return;
            }
            if self.now_ms >= end_ms && !missing.is_empty() {
                self.witness.violations.extend(missing);
            }
        }
    }

    /// Everybody opens a room, reads on to its end, and then to its beginning.
    fn read_to_the_beginning(&mut self, room: RoomId) {
        if !self.witness.violations.is_empty() {
            return;
        }
        let end_ms = self.now_ms + READ_MS;
        for device in (0..self.devices.len()).map(DeviceId) {
            self.look_at(device, Some(room));
        }
        while self.now_ms < end_ms && self.witness.violations.is_empty() {
            self.go_on(self.now_ms + 300);
            let mut more = false;
            for device in (0..self.devices.len()).map(DeviceId) {
                let Some(seen) = self.devices[device.0].client.room(room) else { continue };
                if seen.excerpt().is_some() {
                    more = true;
                    self.give(device, Input::LoadNewer(room));
                } else if seen.timeline().has_older() {
                    more = true;
                    self.give(device, Input::LoadOlder(room));
                }
            }
            if !more {
                return;
            }
        }
        let what = format!("not everybody can read {room:?} to its beginning");
        self.fail(Invariant::Converges, what);
    }
}
