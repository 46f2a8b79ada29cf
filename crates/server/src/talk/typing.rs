//! How often one socket may say that its person is writing.

use std::{collections::HashMap, time::Duration};

use model::{
    RoomId,
    limits::{ROOMS_PER_USER_MAX, TYPING_EVERY_MS},
};
use tokio::time::Instant;

/// Between two words from one room.
const EVERY: Duration = Duration::from_millis(TYPING_EVERY_MS);

/// When each room was last told.
#[derive(Debug, Default)]
pub(super) struct TypingPace(HashMap<RoomId, Instant>);

impl TypingPace {
    /// Whether the room may be told now. What comes too soon is passed over.
    pub(super) fn admits(&mut self, room: RoomId, now: Instant) -> bool {
        // What is old enough no longer counts, and what a socket can say in between is few.
        if self.0.len() >= ROOMS_PER_USER_MAX {
            self.0.retain(|_, told| now.duration_since(*told) < EVERY);
        }
        let admitted = self.0.get(&room).is_none_or(|told| now.duration_since(*told) >= EVERY);
        if admitted {
            self.0.insert(room, now);
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_told_seldom_and_each_by_itself() {
        let (mut pace, now) = (TypingPace::default(), Instant::now());
        let [one, other] = [1, 2].map(RoomId::new);
        assert!(pace.admits(one, now) && !pace.admits(one, now) && pace.admits(other, now));
        assert!(pace.admits(one, now + EVERY));
    }

    #[test]
    fn rooms_without_end_are_forgotten() {
        let (mut pace, mut now) = (TypingPace::default(), Instant::now());
        for room in 0..10 * ROOMS_PER_USER_MAX {
            if room % 100 == 0 {
                now += EVERY;
            }
            assert!(pace.admits(RoomId::new(i64::try_from(room).unwrap()), now));
        }
        assert!(pace.0.len() <= ROOMS_PER_USER_MAX);
    }
}
