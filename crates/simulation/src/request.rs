//! Requests over HTTP: they may fail, be late, or be done and not answered.

use std::sync::Arc;

use client::{Input, Question};
use model::{RoomId, UserId};
use protocol::http::{History, Members, RoomMarks};

use crate::{
    agenda::{Happening, PageId},
    node::{Asker, NodeId},
    store::{Command, Outcome},
    world::World,
};

/// What a page asks.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    History(Question),
    Members { room: RoomId, after: Option<UserId> },
    Marks(RoomId),
    Session,
    Do(Command),
}

/// What it gets.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    History(Arc<History>),
    Members(Members),
    Marks(Arc<RoomMarks>),
    Done,
    SignedOut,
    Failed,
}

/// Time that a request takes in one direction, at most.
const REQUEST_MS: u64 = 100;
/// Time that a late one takes, at most.
const LATE_MS: u64 = 8_000;

impl World {
    /// A page asks a node, any that is up.
    pub(crate) fn request(&mut self, page: PageId, ask: Ask) {
        let up: Vec<NodeId> = (0..self.nodes.len()).map(NodeId).filter(|node| self.nodes[node.0].up).collect();
        let lost = self.misfortune(self.weather.request_lost_percent);
        let at_ms = self.later(REQUEST_MS);
        match self.chance.pick(&up) {
            Some(node) if self.devices[page.device.0].online && !lost => {
                self.agenda.plan(at_ms, Happening::Asked(node, self.nodes[node.0].life, page, ask));
            }
            Some(_) | None => self.answer(page, ask, Answer::Failed),
        }
    }

    /// A request reaches a node.
    pub(crate) fn asked(&mut self, node: NodeId, page: PageId, ask: Ask) {
        let Some(session) = self.store.session(self.devices[page.device.0].session) else {
            return self.answer(page, ask, Answer::SignedOut);
        };
        let answer = match &ask {
            Ask::History(question) => {
                self.store.history(&session, question).map(|page| Answer::History(Arc::new(page)))
            }
            Ask::Members { room, after } => self.store.members(&session, *room, *after).map(Answer::Members),
            Ask::Marks(room) => self.store.marks(&session, *room).map(|page| Answer::Marks(Arc::new(page))),
            Ask::Session => Ok(Answer::Done),
            Ask::Do(command) => {
                let command = command.clone();
                return self.ask(node, session, command, Asker::Page(page, ask));
            }
        };
        let lost = self.misfortune(self.weather.request_lost_percent / 2);
        let answer = answer.ok().filter(|_| !lost).unwrap_or(Answer::Failed);
        self.answer(page, ask, answer);
    }

    /// A lane's answer to a request.
    pub(crate) fn done(&mut self, page: PageId, ask: Ask, outcome: &Outcome) {
        let answer = match outcome {
            Outcome::Done | Outcome::Posted(_) | Outcome::Amended(_) | Outcome::Refused(_) => Answer::Done,
            Outcome::Fault => Answer::Failed,
        };
        self.answer(page, ask, answer);
    }

    pub(crate) fn answer(&mut self, page: PageId, ask: Ask, answer: Answer) {
        let late = self.misfortune(self.weather.request_lost_percent);
        let at_ms = self.later(if late { LATE_MS } else { REQUEST_MS });
        self.agenda.plan(at_ms, Happening::Answered(page, ask, answer));
    }

    /// An answer reaches the page that asked, if it is still there.
    pub(crate) fn answered(&mut self, page: PageId, ask: &Ask, answer: Answer) {
        if self.devices[page.device.0].load != page.load {
            return;
        }
        let input = match (ask, answer) {
            (Ask::History(question), Answer::History(page)) => {
                Input::HistoryArrived { question: *question, page: Arc::unwrap_or_clone(page) }
            }
            (Ask::Members { room, after }, Answer::Members(page)) => {
                Input::MembersArrived { room: *room, after: *after, page }
            }
            (Ask::Marks(_), Answer::Marks(page)) => Input::MarksArrived(Arc::unwrap_or_clone(page)),
            (_, Answer::SignedOut) => Input::SignedOut,
            (ask, _) => match failed(ask) {
                Some(input) => input,
                None => return,
            },
        };
        self.give(page.device, input);
    }
}

/// What a page is told when an answer did not come.
fn failed(ask: &Ask) -> Option<Input> {
    match ask {
        Ask::History(question) => Some(Input::HistoryFailed(*question)),
        Ask::Members { room, .. } => Some(Input::MembersFailed(*room)),
        Ask::Marks(room) => Some(Input::MarksFailed(*room)),
        Ask::Session | Ask::Do(_) => None,
    }
}
