//! What goes wrong beside what goes wrong all the time: crashes, dead lines, clocks that are set, a restore from backup.

use crate::{
    agenda::Happening,
    line::LineId,
    node::{Doom, NodeId},
    world::World,
};

#[derive(Clone, Copy, Debug)]
enum Misfortune {
    Crash,
    Doomed,
    DeadLine,
    Cut,
    Clock,
    LostThread,
    Restore,
}

const MISFORTUNES: [(u64, Misfortune); 7] = [
    (3, Misfortune::Crash),
    (5, Misfortune::Doomed),
    (5, Misfortune::DeadLine),
    (6, Misfortune::Cut),
    (2, Misfortune::Clock),
    (1, Misfortune::LostThread),
    (2, Misfortune::Restore),
];

impl World {
    /// Something goes wrong, and something else will.
    pub(crate) fn strike(&mut self) {
        if self.healed {
            return;
        }
        let at_ms = self.now_ms + self.chance.between(1, self.weather.fault_every_ms);
        self.agenda.plan(at_ms, Happening::Misfortune);
        let nodes: Vec<NodeId> = (0..self.nodes.len()).map(NodeId).filter(|node| self.nodes[node.0].up).collect();
        let (node, line) = (self.chance.pick(&nodes), self.open_lines());
        let line = self.chance.pick(&line);
        let Some(misfortune) = self.chance.weighed(&MISFORTUNES) else { return };
        self.trace.tell(self.now_ms, format_args!("{misfortune:?} strikes {node:?} {line:?}"));
        match misfortune {
            Misfortune::DeadLine | Misfortune::Cut => {
                if let Some(line) = line {
                    self.strike_line(line, misfortune);
                }
            }
            Misfortune::Restore if self.weather.restores => self.restore(),
            Misfortune::Restore => {}
            Misfortune::Crash | Misfortune::Doomed | Misfortune::Clock | Misfortune::LostThread => {
                if let Some(node) = node {
                    self.strike_node(node, misfortune);
                }
            }
        }
    }

    fn strike_node(&mut self, node: NodeId, misfortune: Misfortune) {
        match misfortune {
            Misfortune::Crash => self.crash(node),
            Misfortune::Doomed => {
                let dooms = [Doom::BeforeTheCommit, Doom::AfterTheCommit, Doom::CommitFails];
                self.nodes[node.0].doom = self.chance.pick(&dooms);
            }
            Misfortune::Clock => {
                let hours = self.chance.between(0, 4);
                self.nodes[node.0].skew_ms = (i64::try_from(hours).unwrap_or(0) - 2) * 3_600_000;
            }
            Misfortune::LostThread => {
                self.nodes[node.0].hub.lose_the_thread();
                self.pump(node);
            }
            Misfortune::DeadLine | Misfortune::Cut | Misfortune::Restore => {}
        }
    }

    fn strike_line(&mut self, line: LineId, misfortune: Misfortune) {
        if matches!(misfortune, Misfortune::Cut) {
            self.cut(line);
        } else {
            self.deaden(line);
        }
    }

    /// From here on a line swallows what is put on it, in one direction or both, and tells nobody.
    pub(crate) fn deaden(&mut self, id: LineId) {
        let both = self.chance.percent(50);
        let up = both || self.chance.percent(50);
        if let Some(line) = self.lines.get_mut(&id) {
            line.up_mute |= up;
            line.down_mute |= both || !up;
        }
    }

    /// All nodes stop, the backup takes the place of the store, and they start again.
    fn restore(&mut self) {
        for node in 0..self.nodes.len() {
            if self.nodes[node].up {
                self.crash(NodeId(node));
            }
            // What the bus still carries is of the life before, which it has to say.
            self.nodes[node].life += 1;
        }
        if self.store.restore() {
            self.trace.tell(self.now_ms, format_args!("the store is as it was at the last backup"));
            self.witness_restored();
        }
    }
}
