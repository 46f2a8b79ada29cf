//! What is going to happen, in the order of virtual time; what falls on one moment, in the order in which it was planned.

use std::{collections::BTreeMap, sync::Arc};

use model::{Event, UserId};

use crate::{
    device::DeviceId,
    line::LineId,
    node::{Asker, Life, NodeId},
    request::{Answer, Ask},
    store::Outcome,
};

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    /// A person does something at a device.
    Act(DeviceId),
    /// A device opens the page.
    Start(DeviceId),
    /// A client's timer runs out.
    Wake(DeviceId),
    /// The network of a device is back.
    Back(DeviceId),
    /// Somebody logs in again.
    LogIn(DeviceId),
    /// A request reaches a node.
    Asked(NodeId, Life, PageId, Ask),
    /// An answer reaches a page.
    Answered(PageId, Ask, Answer),
    /// A socket is opened at a node.
    Dialled(LineId),
    /// The next frame of a line reaches the server.
    Up(LineId),
    /// The next frame of a line reaches the client.
    Down(LineId),
    /// The server notices that a line is gone.
    Hung(LineId),
    /// The client notices that a line is gone.
    Broken(LineId),
    /// A session has waited for what it waits for.
    Proceed(LineId),
    /// A session's ping is due, or the answer to it.
    Beat(LineId),
    /// A node's lane commits.
    Commit(NodeId, Life),
    /// The lane's answer reaches who asked.
    Replied(NodeId, Life, Asker, Outcome),
    /// Committed events reach a node.
    Fed(NodeId, Life, Arc<Vec<Event>>),
    /// A node looks at the log.
    Look(NodeId, Life),
    /// A person's last socket closed some time ago.
    Depart(NodeId, Life, UserId),
    /// Something goes wrong.
    Misfortune,
    /// A node starts.
    Restart(NodeId),
    /// The store is copied.
    Backup,
}

/// One page load on one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PageId {
    pub(crate) device: DeviceId,
    pub(crate) load: u64,
}

/// What is planned.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    planned: BTreeMap<(u64, u64), Happening>,
    count: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at_ms: u64, happening: Happening) {
        self.count += 1;
        self.planned.insert((at_ms, self.count), happening);
    }

    /// The next thing, if it happens before `until_ms`.
    pub(crate) fn next(&mut self, until_ms: u64) -> Option<(u64, Happening)> {
        let first = self.planned.first_entry()?;
        let at_ms = first.key().0;
        (at_ms < until_ms).then(|| (at_ms, first.remove()))
    }
}
