//! What waits for the decision whom it is pushed to.
//!
//! A message waits a moment first, whether it is read; what is said in the same room meanwhile is decided with it. Those who seemed to
//! be there are looked at once more later: a telephone that was put away still seems to be there until its silence is noticed.

use std::{
    collections::{BTreeSet, VecDeque},
    time::Duration,
};

use model::{
    PushId, RoomId, Seq,
    limits::{PUSH_BATCH_MAX, PUSH_ROOMS_MAX},
};
use tokio::time::Instant;

/// Messages of one room to decide upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) room: RoomId,
    /// The messages, by their places.
    pub(crate) seqs: Vec<Seq>,
    /// At the second look: the devices that it is about.
    pub(crate) held: Option<BTreeSet<PushId>>,
}

/// The looks to come. Those of each kind wait for the same time, so each kind is in the order of its time.
pub(crate) struct Settling {
    settle: Duration,
    look_again: Duration,
    first: VecDeque<(Instant, Look)>,
    again: VecDeque<(Instant, Look)>,
}

impl Settling {
    pub(super) fn new(settle: Duration, look_again: Duration) -> Self {
        Self { settle, look_again, first: VecDeque::new(), again: VecDeque::new() }
    }

    /// Something was said in a room.
    pub(crate) fn add(&mut self, now: Instant, room: RoomId, seq: Seq) {
        if let Some((_, look)) = self.first.iter_mut().find(|(_, look)| look.room == room) {
            look.seqs.push(seq);
            let beyond = look.seqs.len().saturating_sub(PUSH_BATCH_MAX);
            look.seqs.drain(..beyond);
        } else if self.first.len() < PUSH_ROOMS_MAX {
            self.first.push_back((now + self.settle, Look { room, seqs: vec![seq], held: None }));
        }
    }

    /// Some devices are to be looked at once more.
    pub(crate) fn look_again(&mut self, now: Instant, look: Look) {
        if self.again.len() < PUSH_ROOMS_MAX {
            self.again.push_back((now + self.look_again, look));
        }
    }

    /// When the next look is due.
    pub(crate) fn due(&self) -> Option<Instant> {
        [&self.first, &self.again].into_iter().filter_map(|looks| looks.front().map(|(due, _)| *due)).min()
    }

    /// The next look that is due.
    pub(crate) fn next(&mut self, now: Instant) -> Option<Look> {
        let looks = [&mut self.first, &mut self.again];
        let next = looks.into_iter().find_map(|looks| looks.pop_front_if(|(due, _)| *due <= now));
        next.map(|(_, look)| look)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId::new(1);

    fn settling() -> Settling {
        Settling::new(Duration::from_secs(3), Duration::from_secs(45))
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_said_in_one_room_meanwhile_is_decided_at_once() {
        let (mut settling, now) = (settling(), Instant::now());
        let second = Duration::from_secs(1);
        for (at, room, seq) in [(0, 1, 5), (1, 2, 9), (2, 1, 6)] {
            settling.add(now + second * at, RoomId::new(room), Seq::new(seq));
        }
        assert_eq!(settling.due(), Some(now + second * 3));
        assert_eq!(settling.next(now + second * 2), None);
        let look = settling.next(now + second * 3).unwrap();
        assert_eq!((look.room, look.seqs.as_slice()), (ROOM, &[Seq::new(5), Seq::new(6)][..]));
        settling.look_again(now + second * 3, Look { held: Some(BTreeSet::from([PushId::new(7)])), ..look.clone() });
        assert_eq!(settling.next(now + second * 4).unwrap().room, RoomId::new(2));
        assert_eq!(settling.due(), Some(now + second * 48));
        assert_eq!(settling.next(now + second * 48).unwrap().seqs, look.seqs);
        assert_eq!(settling.due(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_leaves_the_last_ones_and_is_bounded() {
        let (mut settling, now) = (settling(), Instant::now());
        for seq in 0..1_000 {
            settling.add(now, ROOM, Seq::new(seq));
        }
        for room in 0..10_000 {
            settling.add(now, RoomId::new(room), Seq::new(1));
        }
        assert_eq!(settling.first.len(), PUSH_ROOMS_MAX);
        let look = settling.next(now + Duration::from_secs(3)).unwrap();
        assert_eq!((look.seqs.len(), look.seqs.last()), (PUSH_BATCH_MAX, Some(&Seq::new(1))));
    }
}
