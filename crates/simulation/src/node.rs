//! A node: the real relay, a lane that commits, and its sessions. It may crash at any point.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use model::{Change, Event, Person, Scopes, Seq, Session, SessionId, Stream, Timestamp, UserId};
use relay::Hub;

use crate::{
    agenda::{Happening, PageId},
    line::LineId,
    plant::Plant,
    request::{Answer, Ask},
    session::Talk,
    store::{Command, Outcome},
    world::World,
};

/// The number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NodeId(pub(crate) usize);

/// How often a node was started. What was meant for an earlier life of it is void.
pub(crate) type Life = u64;

/// Who waits for an answer of a lane.
#[derive(Clone, Debug)]
pub(crate) enum Asker {
    Line(LineId),
    Page(PageId, Ask),
    Nobody,
}

/// A running or crashed server.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) life: Life,
    pub(crate) up: bool,
    pub(crate) hub: Arc<Hub<Arc<str>>>,
    pub(crate) talks: BTreeMap<LineId, Talk>,
    /// What waits for the next commit.
    lane: Vec<(Session, Command, Asker)>,
    committing: bool,
    /// When the last events of its own reach it: they keep their order.
    fed_at_ms: u64,
    /// How far its wall clock is off.
    pub(crate) skew_ms: i64,
    /// It dies at its next commit.
    pub(crate) doom: Option<Doom>,
}

/// Where a node dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doom {
    BeforeTheCommit,
    /// Nobody is told.
    AfterTheCommit,
    /// The commit fails, and the node lives.
    CommitFails,
}

/// Time that a commit takes, at most.
const COMMIT_MS: u64 = 30;
/// Time between two looks at the log.
const LOOK_EVERY_MS: u64 = 2_000;

impl Node {
    pub(crate) fn new(skew_ms: i64) -> Self {
        let (hub, talks, lane) = (Hub::new(), BTreeMap::new(), Vec::new());
        Self { life: 0, up: true, hub, talks, lane, committing: false, fed_at_ms: 0, skew_ms, doom: None }
    }
}

impl World {
    /// The time by a node's wall clock.
    pub(crate) fn wall(&self, node: NodeId) -> Timestamp {
        let now_ms = i64::try_from(self.now_ms).unwrap_or(0);
        Timestamp::from_ms(1_795_000_000_000 + now_ms + self.nodes[node.0].skew_ms)
    }

    /// Puts a command into a node's lane.
    pub(crate) fn ask(&mut self, node: NodeId, session: Session, command: Command, asker: Asker) {
        if self.plant == Some(Plant::AcknowledgeBeforeCommit) && matches!(command, Command::Post { .. }) {
            let wall = self.wall(node);
            let outcome = self.store.clone().execute(&session, &command, wall, &mut Vec::new());
            self.agenda.plan(self.now_ms, Happening::Replied(node, self.nodes[node.0].life, asker, outcome));
            return self.put(node, (session, command, Asker::Nobody));
        }
        self.put(node, (session, command, asker));
    }

    fn put(&mut self, id: NodeId, asked: (Session, Command, Asker)) {
        let at_ms = self.later(COMMIT_MS);
        let node = &mut self.nodes[id.0];
        node.lane.push(asked);
        if !std::mem::replace(&mut node.committing, true) {
            self.agenda.plan(at_ms, Happening::Commit(id, node.life));
        }
    }

    /// What waits is committed together; or the node dies on the way.
    pub(crate) fn commit(&mut self, id: NodeId) {
        let node = &mut self.nodes[id.0];
        node.committing = false;
        let batch = std::mem::take(&mut node.lane);
        let doom = node.doom.take();
        match doom {
            Some(Doom::BeforeTheCommit) => return self.crash(id),
            Some(Doom::CommitFails) => {
                for (_, _, asker) in batch {
                    self.reply(id, asker, Outcome::Fault);
                }
                return;
            }
            Some(Doom::AfterTheCommit) | None => {}
        }
        let wall = self.wall(id);
        let mut told = Vec::new();
        let mut replies = Vec::new();
        for (session, command, asker) in batch {
            let outcome = self.store.execute(&session, &command, wall, &mut told);
            replies.push((asker, outcome));
        }
        self.witness_commit(&told);
        if doom == Some(Doom::AfterTheCommit) {
            return self.crash(id);
        }
        self.tell(id, told);
        for (asker, outcome) in replies {
            self.reply(id, asker, outcome);
        }
    }

    fn reply(&mut self, id: NodeId, asker: Asker, outcome: Outcome) {
        let at_ms = self.later(10);
        self.agenda.plan(at_ms, Happening::Replied(id, self.nodes[id.0].life, asker, outcome));
    }

    /// Committed events go to the node's own hub, in order, and over the bus to the others.
    fn tell(&mut self, id: NodeId, events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        let others: Vec<NodeId> = (0..self.nodes.len()).map(NodeId).filter(|other| *other != id).collect();
        for event in &events {
            for other in &others {
                self.put_on_the_bus(*other, event);
            }
        }
        let at_ms = self.later(20);
        let node = &mut self.nodes[id.0];
        node.fed_at_ms = node.fed_at_ms.max(at_ms);
        self.agenda.plan(node.fed_at_ms, Happening::Fed(id, node.life, Arc::new(events)));
    }

    /// The way between two nodes may lose, repeat, delay and reorder.
    fn put_on_the_bus(&mut self, to: NodeId, event: &Event) {
        let weather = self.weather.clone();
        if self.misfortune(weather.bus_lost_percent) {
            return;
        }
        let copies = if self.misfortune(weather.bus_repeated_percent) { 2 } else { 1 };
        for _ in 0..copies {
            let most_ms = if self.misfortune(weather.bus_late_percent) { 4_000 } else { 5 };
            let at_ms = self.later(most_ms);
            let life = self.nodes[to.0].life;
            self.agenda.plan(at_ms, Happening::Fed(to, life, Arc::new(vec![event.clone()])));
        }
    }

    /// Committed events reach a node's hub.
    pub(crate) fn fed(&mut self, id: NodeId, events: &[Event]) {
        let deaf = self.plant == Some(Plant::ForgetToUnsubscribe);
        let heard = events.iter().map(|event| match &event.change {
            Change::MemberLeft { .. } if deaf => Event { change: Change::Withheld {}, ..event.clone() },
            Change::MemberLeft { .. }
            | Change::MessagePosted(_)
            | Change::MessageEdited(_)
            | Change::MessageDeleted { .. }
            | Change::ReactionSet { .. }
            | Change::PinSet { .. }
            | Change::TopicSet { .. }
            | Change::MemberJoined { .. }
            | Change::MarksMoved(_)
            | Change::ProfileSet { .. }
            | Change::Reminded { .. }
            | Change::Withheld {}
            | Change::RoomJoined { .. }
            | Change::RoomLeft { .. }
            | Change::RoomRead { .. }
            | Change::RoomPrefsSet { .. }
            | Change::RegardSet(_)
            | Change::SavedSet { .. }
            | Change::NoticePrefsSet(_)
            | Change::ReceiptsSet { .. }
            | Change::SessionClosed { .. } => event.clone(),
        });
        self.nodes[id.0].hub.publish(heard.collect());
        self.pump(id);
    }

    /// The heads as the log has them, for what is listened to here.
    pub(crate) fn look(&mut self, id: NodeId) {
        if self.plant != Some(Plant::NeverLook) {
            let streams: BTreeSet<Stream> = self.nodes[id.0].hub.listened().into_iter().collect();
            let heads: Vec<(Stream, Seq)> = streams.into_iter().map(|s| (s, self.store.state.head(s))).collect();
            self.nodes[id.0].hub.look(heads);
            self.pump(id);
        }
        self.agenda.plan(self.now_ms + LOOK_EVERY_MS, Happening::Look(id, self.nodes[id.0].life));
    }

    /// A person's last socket here closed a while ago.
    pub(crate) fn depart(&mut self, id: NodeId, user: UserId) {
        let wall = self.wall(id);
        if self.nodes[id.0].hub.depart(user, wall) {
            let Some(person) = self.store.state.person(user).cloned() else { return };
            self.ask(id, nobody(person), Command::Seen { person: user }, Asker::Nobody);
            self.pump(id);
        }
    }

    /// Every session that waits looks whether there is something to write.
    pub(crate) fn pump(&mut self, id: NodeId) {
        let lines: Vec<LineId> = self.nodes[id.0].talks.keys().copied().collect();
        for line in lines {
            self.serve(line);
        }
    }

    /// The node is gone at once: what it had not committed, and whom it talked to.
    pub(crate) fn crash(&mut self, id: NodeId) {
        self.trace.tell(self.now_ms, format_args!("{id:?} crashes"));
        let node = &mut self.nodes[id.0];
        node.up = false;
        node.life += 1;
        node.committing = false;
        node.doom = None;
        let waiting = std::mem::take(&mut node.lane);
        let talks = std::mem::take(&mut node.talks);
        drop(talks);
        node.hub = Hub::new();
        for (_, _, asker) in waiting {
            if let Asker::Page(page, ask) = asker {
                self.answer(page, ask, Answer::Failed);
            }
        }
        let lines: Vec<LineId> = self.lines.iter().filter(|(_, line)| line.node == id).map(|(line, _)| *line).collect();
        for line in lines {
            self.cut(line);
        }
        let at_ms = self.now_ms + self.chance.between(100, 6_000);
        self.agenda.plan(at_ms, Happening::Restart(id));
    }

    pub(crate) fn restart(&mut self, id: NodeId) {
        let node = &mut self.nodes[id.0];
        if !std::mem::replace(&mut node.up, true) {
            node.fed_at_ms = 0;
            let life = node.life;
            self.agenda.plan(self.now_ms + LOOK_EVERY_MS, Happening::Look(id, life));
        }
    }
}

/// A session for what the server does by itself.
fn nobody(person: Person) -> Session {
    Session { id: SessionId::new(0), person, admin: false, scopes: Scopes::ALL }
}
