//! Which messages are to be sent, how often, and what was answered; and whether all of that is true of what is there.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::RoomId;
use protocol::Code;
use testkit::chance::Chance;

/// A message is sent once, and again so many times at most.
const REPEATS_MAX: u64 = 5;
/// The copies of one message in so many are sent right after each other, and so at once, by several devices.
const AT_ONCE_EACH: u64 = 3;
/// The key of one message in so many is used for a second text.
const CONTESTED_EACH: u64 = 16;

/// What is to be sent.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Messages.
    pub messages: usize,
    /// Who sends them.
    pub authors: usize,
    /// Where.
    pub rooms: Vec<RoomId>,
}

/// One sending of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Which.
    pub message: usize,
    /// With the second text for the same key.
    pub second: bool,
}

/// The book of a run.
#[derive(Debug)]
pub struct Book {
    rooms: Vec<RoomId>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    messages: Vec<Message>,
    /// What each author has still to send.
    queues: Vec<VecDeque<Copy>>,
    left: usize,
    verdict: Verdict,
}

#[derive(Clone, Debug)]
struct Message {
    author: usize,
    room: RoomId,
    contested: bool,
    /// Which text was accepted, and its place.
    accepted: Option<(bool, u64)>,
    /// Which texts were refused because the key had another.
    reused: [bool; 2],
}

/// What was found, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Keys used for two texts.
    pub contested: usize,
    /// Sends of a second text that were refused as they should.
    pub reused: usize,
    /// Messages that are nowhere.
    pub lost: usize,
    /// Messages that are there once more than once.
    pub doubled: usize,
    /// Answers with another place than the first.
    pub moved: usize,
    /// Messages that stand elsewhere than was answered.
    pub misplaced: usize,
    /// Messages with another text than the accepted one.
    pub altered: usize,
    /// Keys of which both texts were accepted.
    pub accepted_twice: usize,
    /// Sends that were refused without reason.
    pub refused: usize,
}

impl Copy {
    /// The author's name for the message.
    #[must_use]
    pub fn key(&self) -> String {
        format!("m-{}", self.message)
    }

    /// What it says.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {}", if self.second { "something else" } else { "message" }, self.message)
    }
}

impl Book {
    /// A book for this plan.
    #[must_use]
    pub fn new(plan: &Plan, chance: &mut Chance) -> Self {
        let mut messages = Vec::with_capacity(plan.messages);
        let mut places: Vec<Vec<(u64, Copy)>> = vec![Vec::new(); plan.authors];
        for number in 0..plan.messages {
            let author = number % plan.authors;
            let room = *chance.one_of(&plan.rooms);
            let contested = chance.between(1, CONTESTED_EACH) == 1;
            messages.push(Message { author, room, contested, accepted: None, reused: [false; 2] });
            let at_once = chance.between(1, AT_ONCE_EACH) == 1;
            let first = chance.between(0, u64::MAX - 1);
            for repeat in 0..=chance.between(1, REPEATS_MAX) {
                let place = if at_once { first } else { chance.between(0, u64::MAX - 1) };
                let second = contested && repeat % 2 == 1;
                places[author].push((place, Copy { message: number, second }));
            }
        }
        let queues: Vec<VecDeque<Copy>> = places.into_iter().map(in_order).collect();
        let left = queues.iter().map(VecDeque::len).sum();
        let contested = messages.iter().filter(|message| message.contested).count();
        let verdict = Verdict { contested, ..Verdict::default() };
        Self { rooms: plan.rooms.clone(), state: Mutex::new(State { messages, queues, left, verdict }) }
    }

    /// Where messages go.
    #[must_use]
    pub fn rooms(&self) -> &[RoomId] {
        &self.rooms
    }

    /// How many sends have no answer yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.lock().left
    }

    /// The next thing for an author to send, and where.
    #[must_use]
    pub fn take(&self, author: usize) -> Option<(Copy, RoomId)> {
        let mut state = self.lock();
        let copy = state.queues[author].pop_front()?;
        Some((copy, state.messages[copy.message].room))
    }

    /// There was no answer: somebody has to send it again.
    pub fn put_back(&self, copy: Copy) {
        let mut state = self.lock();
        let author = state.messages[copy.message].author;
        state.queues[author].push_front(copy);
    }

    /// It was accepted, and stands at this place.
    pub fn was_accepted(&self, copy: Copy, place: u64) {
        let mut state = self.lock();
        state.left -= 1;
        let State { messages, verdict, .. } = &mut *state;
        match messages[copy.message].accepted.get_or_insert((copy.second, place)) {
            (second, _) if *second != copy.second => verdict.accepted_twice += 1,
            (_, first) if *first != place => verdict.moved += 1,
            _ => {}
        }
    }

    /// It was refused for good.
    pub fn was_refused(&self, copy: Copy, code: Code) {
        let mut state = self.lock();
        state.left -= 1;
        let State { messages, verdict, .. } = &mut *state;
        let message = &mut messages[copy.message];
        if code == Code::KeyReused && message.contested {
            message.reused[usize::from(copy.second)] = true;
            verdict.reused += 1;
        } else {
            verdict.refused += 1;
        }
    }

    /// Compares what was answered with what is there: places and texts, by author and key.
    pub fn judge(&self, kept: impl Fn(usize, &str) -> Vec<(RoomId, u64, String)>) -> Verdict {
        let state = self.lock();
        let mut verdict = state.verdict;
        for (number, message) in state.messages.iter().enumerate() {
            let copy = |second| Copy { message: number, second };
            let places = kept(message.author, &copy(false).key());
            let (Some((second, place)), Some((room, found, text))) = (message.accepted, places.first()) else {
                verdict.lost += 1;
                continue;
            };
            verdict.doubled += places.len() - 1;
            verdict.misplaced += usize::from((*room, *found) != (message.room, place));
            verdict.altered += usize::from(*text != copy(second).text());
            // The text that was accepted is not a second one.
            verdict.refused += usize::from(message.reused[usize::from(second)]);
        }
        verdict
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn in_order(mut copies: Vec<(u64, Copy)>) -> VecDeque<Copy> {
    copies.sort_by_key(|(place, _)| *place);
    copies.into_iter().map(|(_, copy)| copy).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId::new(5);

    /// A book of one contested message, both of whose texts have been taken out to be sent.
    fn book() -> (Book, Copy) {
        let mut seeds = 0..;
        let contested = seeds.find_map(|seed| {
            let plan = Plan { messages: 1, authors: 1, rooms: vec![ROOM] };
            let book = Book::new(&plan, &mut Chance::new(seed));
            let contested = book.lock().verdict.contested == 1;
            contested.then_some(book)
        });
        (contested.unwrap(), Copy { message: 0, second: false })
    }

    fn judged(book: &Book, places: &[(u64, &str)]) -> Verdict {
        let places = || places.iter().map(|(place, text)| (ROOM, *place, (*text).to_owned())).collect();
        Verdict { contested: 0, reused: 0, ..book.judge(|_, _| places()) }
    }

    #[test]
    fn what_was_answered_is_compared_with_what_is_there() {
        let (book, copy) = book();
        book.was_accepted(copy, 7);
        let none = Verdict::default();
        assert_eq!(judged(&book, &[(7, "message 0")]), none);
        assert_eq!(judged(&book, &[]), Verdict { lost: 1, ..none });
        assert_eq!(judged(&book, &[(8, "message 0")]), Verdict { misplaced: 1, ..none });
        assert_eq!(judged(&book, &[(7, "something else 0")]), Verdict { altered: 1, ..none });
        assert_eq!(judged(&book, &[(7, "message 0"), (9, "message 0")]), Verdict { doubled: 1, ..none });
    }

    #[test]
    fn answers_that_contradict_each_other_are_counted() {
        let none = Verdict::default();
        let there = [(7, "message 0")];
        let (moved, copy) = book();
        moved.was_accepted(copy, 7);
        moved.was_accepted(copy, 8);
        assert_eq!(judged(&moved, &there), Verdict { moved: 1, ..none });
        let (twice, copy) = book();
        twice.was_accepted(copy, 7);
        twice.was_accepted(Copy { second: true, ..copy }, 7);
        assert_eq!(judged(&twice, &there), Verdict { accepted_twice: 1, ..none });
        let (refused, copy) = book();
        refused.was_accepted(copy, 7);
        refused.was_refused(Copy { second: true, ..copy }, Code::KeyReused);
        assert_eq!(judged(&refused, &there), none);
        refused.was_refused(copy, Code::KeyReused);
        assert_eq!(judged(&refused, &there), Verdict { refused: 1, ..none });
    }
}
