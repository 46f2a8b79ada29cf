//! Connections between a page and a node: they are slow, they break at any point, and they may be dead without telling.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    agenda::{Happening, PageId},
    node::{Life, NodeId},
    world::World,
};

/// One connection; its number is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineId(pub(crate) u64);

/// What the server puts on a line.
#[derive(Clone, Debug)]
pub(crate) enum Packet {
    Frame(Arc<str>),
    Close(u16),
}

/// A connection, and what is on its way.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) page: PageId,
    pub(crate) node: NodeId,
    pub(crate) life: Life,
    up: VecDeque<Arc<str>>,
    down: VecDeque<Packet>,
    /// When the last frame of each direction arrives: none overtakes another.
    up_at_ms: u64,
    down_at_ms: u64,
    /// What is put on it vanishes.
    pub(crate) up_mute: bool,
    pub(crate) down_mute: bool,
    /// It was cut: nothing more goes on it.
    pub(crate) gone: bool,
}

impl World {
    /// Opens a line to a node. Whether anybody is there shows later.
    pub(crate) fn open_line(&mut self, page: PageId, node: NodeId) -> LineId {
        self.lines_made += 1;
        let id = LineId(self.lines_made);
        let life = self.nodes[node.0].life;
        let (up, down) = (VecDeque::new(), VecDeque::new());
        let (up_mute, down_mute, gone) = (false, false, false);
        let opened = Line { page, node, life, up, down, up_at_ms: 0, down_at_ms: 0, up_mute, down_mute, gone };
        self.lines.insert(id, opened);
        let at_ms = self.later(self.weather.line_ms);
        self.agenda.plan(at_ms, Happening::Dialled(id));
        id
    }

    pub(crate) fn send_up(&mut self, id: LineId, text: Arc<str>) {
        let at_ms = self.later(self.line_ms());
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.gone && !line.up_mute) else { return };
        line.up_at_ms = line.up_at_ms.max(at_ms);
        line.up.push_back(text);
        self.agenda.plan(line.up_at_ms, Happening::Up(id));
    }

    pub(crate) fn send_down(&mut self, id: LineId, packet: Packet) {
        let at_ms = self.later(self.line_ms());
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.gone && !line.down_mute) else { return };
        line.down_at_ms = line.down_at_ms.max(at_ms);
        line.down.push_back(packet);
        self.agenda.plan(line.down_at_ms, Happening::Down(id));
    }

    /// The frame that arrives at the server now.
    pub(crate) fn take_up(&mut self, id: LineId) -> Option<Arc<str>> {
        self.lines.get_mut(&id)?.up.pop_front()
    }

    /// The frame that arrives at the client now.
    pub(crate) fn take_down(&mut self, id: LineId) -> Option<Packet> {
        self.lines.get_mut(&id)?.down.pop_front()
    }

    /// Breaks a line: of what is on its way some still arrives, and then both ends learn of it, unless they have gone already.
    pub(crate) fn cut(&mut self, id: LineId) {
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.gone) else { return };
        line.gone = true;
        let survive = |chance: &mut crate::chance::Chance, count: usize| {
            usize::try_from(chance.between(0, count as u64)).unwrap_or(count)
        };
        line.up.truncate(survive(&mut self.chance, line.up.len()));
        line.down.truncate(survive(&mut self.chance, line.down.len()));
        let (up_at_ms, down_at_ms) = (line.up_at_ms.max(self.now_ms) + 1, line.down_at_ms.max(self.now_ms) + 1);
        let (up_mute, down_mute) = (line.up_mute, line.down_mute);
        if !up_mute {
            self.agenda.plan(up_at_ms, Happening::Hung(id));
        }
        if !down_mute {
            self.agenda.plan(down_at_ms, Happening::Broken(id));
        }
    }

    /// The client lets go of a line. The server learns of it, unless nothing that the client says arrives any more.
    pub(crate) fn hang_up(&mut self, id: LineId) {
        let at_ms = self.later(self.line_ms());
        let Some(line) = self.lines.get_mut(&id) else { return };
        line.down_mute = true;
        line.down.clear();
        if !line.up_mute && !line.gone {
            let at_ms = line.up_at_ms.max(at_ms);
            self.agenda.plan(at_ms, Happening::Hung(id));
        }
    }

    fn line_ms(&self) -> u64 {
        if self.healed { 20 } else { self.weather.line_ms }
    }
}
