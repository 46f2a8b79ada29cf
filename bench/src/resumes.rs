//! How long it takes from dialling again until everything that was missed has come.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use model::{RoomId, Seq, Stream};
use protocol::{FromClient, FromServer, decode};

/// What is watched on a line from its dialling on; a line that breaks before it has everything is not counted.
#[derive(Debug)]
pub struct Resume {
    dialled: Instant,
    /// Where each room has to come to: known once the server has said so.
    rooms: BTreeMap<RoomId, Goal>,
    missed: u64,
}

#[derive(Clone, Copy, Debug)]
struct Goal {
    since: Seq,
    head: Option<Seq>,
    reached: bool,
}

/// A line that has everything.
#[derive(Clone, Copy, Debug)]
pub struct Resumed {
    /// From the dialling on.
    pub took: Duration,
    /// Events that were missed, in all rooms.
    pub missed: u64,
}

impl Resume {
    /// A line is dialled now.
    #[must_use]
    pub fn dialled() -> Self {
        Self { dialled: Instant::now(), rooms: BTreeMap::new(), missed: 0 }
    }

    /// The client says something.
    pub fn says(&mut self, frame: &FromClient) {
        if let FromClient::Subscribe { room, since: Some(since) } = frame {
            self.rooms.entry(*room).or_insert(Goal { since: since.seq, head: None, reached: false });
        }
    }

    /// The client hears something. Gives the figures once everything has come.
    pub fn hears(&mut self, text: &str) -> Option<Resumed> {
        let frame = decode::<FromServer>(text).ok()?;
        if let FromServer::Subscribed { room, head } | FromServer::Reset { room, head, .. } = &frame {
            let afresh = matches!(frame, FromServer::Reset { .. });
            let goal = self.rooms.get_mut(room)?;
            goal.head = Some(*head);
            goal.reached = afresh || goal.since >= *head;
            self.missed += head.number().saturating_sub(goal.since.number());
        } else if let FromServer::Event(event) = &frame
            && let Stream::Room(room) = event.stream
        {
            let goal = self.rooms.get_mut(&room)?;
            goal.reached |= goal.head.is_some_and(|head| event.seq >= head);
        }
        let complete = !self.rooms.is_empty() && self.rooms.values().all(|goal| goal.reached);
        complete.then(|| Resumed { took: self.dialled.elapsed(), missed: self.missed })
    }
}
