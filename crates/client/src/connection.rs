//! The line to the server: when to dial, when to give up, when to try again.
//!
//! A lost line is dialled again after a random time up to a bound that doubles from 0.5 s to 30 s (full jitter), so that a
//! thousand clients of a restarted server do not come back in one moment.

use protocol::{Close, Limits};

use crate::{dice::Dice, effect::Effect, effect::What};

const BACK_OFF_FIRST_MS: u64 = 500;
const BACK_OFF_MAX_MS: u64 = 30_000;
/// A line that carried nothing, not even `hello`, for this long is given up.
const HELLO_TIMEOUT_MS: u64 = 15_000;
/// A line that stood this long counts as good: the next loss starts with short waits again.
const STEADY_MS: u64 = 10_000;

/// How the client stands with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// No line; the next try is at `again_ms`.
    Offline {
        /// When to try again, by the driver's clock.
        again_ms: u64,
    },
    /// Dialling, or waiting for `hello`.
    Connecting {
        /// How many tries failed before this one.
        attempt: u32,
    },
    /// `hello` came.
    Online,
    /// The server said not to come back by oneself.
    Stopped {
        /// The number it gave.
        code: u16,
    },
    /// The session is over.
    SignedOut,
}

/// The state of the line and its timers.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) state: Connection,
    attempt: u32,
    /// When the line was last dialled or heard from.
    heard_ms: u64,
    online_since_ms: u64,
    silence_max_ms: u64,
}

impl Line {
    pub(crate) fn new() -> Self {
        Self {
            state: Connection::Offline { again_ms: 0 },
            attempt: 0,
            heard_ms: 0,
            online_since_ms: 0,
            silence_max_ms: silence(&Limits::HERE),
        }
    }

    pub(crate) fn dial(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        match self.state {
            Connection::Offline { .. } | Connection::Stopped { .. } => {
                self.heard_ms = now_ms;
                out.push(Effect::Connect);
                self.turn(Connection::Connecting { attempt: self.attempt }, out);
            }
            Connection::Connecting { .. } | Connection::Online | Connection::SignedOut => {}
        }
    }

    /// Any frame shows that the line lives; before `hello` only `hello` does.
    pub(crate) fn heard(&mut self, now_ms: u64) {
        if self.state == Connection::Online {
            self.heard_ms = now_ms;
        }
    }

    pub(crate) fn greeted(&mut self, now_ms: u64, limits: &Limits, out: &mut Vec<Effect>) {
        self.online_since_ms = now_ms;
        self.heard_ms = now_ms;
        self.silence_max_ms = silence(limits);
        self.turn(Connection::Online, out);
    }

    pub(crate) fn lost(&mut self, now_ms: u64, code: u16, dice: &mut Dice, out: &mut Vec<Effect>) {
        if code == Close::SessionEnded.number() {
            return self.sign_out(out);
        }
        match self.state {
            // Before `hello` the reason may be that the session is over, which a browser's socket does not tell.
            Connection::Connecting { .. } => {
                self.attempt += 1;
                out.push(Effect::CheckSession);
            }
            Connection::Online if now_ms.saturating_sub(self.online_since_ms) >= STEADY_MS => self.attempt = 0,
            Connection::Online => self.attempt += 1,
            Connection::Offline { .. } | Connection::Stopped { .. } | Connection::SignedOut => return,
        }
        if Close::reconnect(code) {
            let bound_ms = BACK_OFF_FIRST_MS.saturating_mul(1 << self.attempt.min(16)).min(BACK_OFF_MAX_MS);
            self.turn(Connection::Offline { again_ms: now_ms + dice.up_to(bound_ms) }, out);
        } else {
            self.turn(Connection::Stopped { code }, out);
        }
    }

    pub(crate) fn sign_out(&mut self, out: &mut Vec<Effect>) {
        if self.state != Connection::SignedOut {
            out.push(Effect::Disconnect);
            self.turn(Connection::SignedOut, out);
            out.push(Effect::SignedOut);
        }
    }

    pub(crate) fn wake_at(&self) -> Option<u64> {
        match self.state {
            Connection::Offline { again_ms } => Some(again_ms),
            Connection::Connecting { .. } => Some(self.heard_ms + HELLO_TIMEOUT_MS),
            Connection::Online => Some(self.heard_ms + self.silence_max_ms),
            Connection::Stopped { .. } | Connection::SignedOut => None,
        }
    }

    pub(crate) fn tick(&mut self, now_ms: u64, dice: &mut Dice, out: &mut Vec<Effect>) {
        if self.wake_at().is_none_or(|at_ms| now_ms < at_ms) {
            return;
        }
        match self.state {
            Connection::Offline { .. } => self.dial(now_ms, out),
            Connection::Connecting { .. } | Connection::Online => self.hang_up(now_ms, dice, out),
            Connection::Stopped { .. } | Connection::SignedOut => {}
        }
    }

    /// Gives the line up from this side, and comes back as after a loss.
    pub(crate) fn hang_up(&mut self, now_ms: u64, dice: &mut Dice, out: &mut Vec<Effect>) {
        out.push(Effect::Disconnect);
        self.lost(now_ms, 1006, dice, out);
    }

    fn turn(&mut self, state: Connection, out: &mut Vec<Effect>) {
        self.state = state;
        out.push(Effect::Changed(What::Connection));
    }
}

/// A server that pings is never silent for this long.
fn silence(limits: &Limits) -> u64 {
    u64::from(limits.ping_ms) + u64::from(limits.pong_timeout_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tries(seed: u64, count: usize) -> Vec<u64> {
        let (mut line, mut dice) = (Line::new(), Dice::new([seed, 1]));
        let mut waits = Vec::new();
        let mut now_ms = 0;
        for _ in 0..count {
            line.dial(now_ms, &mut Vec::new());
            line.lost(now_ms, 1006, &mut dice, &mut Vec::new());
            let Connection::Offline { again_ms } = line.state else { panic!("{:?}", line.state) };
            waits.push(again_ms - now_ms);
            now_ms = again_ms;
        }
        waits
    }

    #[test]
    fn waits_grow_to_thirty_seconds_and_are_spread() {
        let longest: Vec<u64> = (0..12).map(|n| (0..200).map(|seed| tries(seed, 12)[n]).max().unwrap_or(0)).collect();
        assert!(longest[0] <= 1_000 && longest[0] > 500, "{longest:?}");
        assert!(longest.iter().all(|wait| *wait <= 30_000) && longest[11] > 25_000, "{longest:?}");
        assert!((0..200).any(|seed| tries(seed, 12)[11] < 5_000), "full jitter begins at nothing");
    }

    #[test]
    fn what_the_server_forbids_is_not_tried_again() {
        for (code, expected) in [(4013, Connection::Stopped { code: 4013 }), (4001, Connection::SignedOut)] {
            let (mut line, mut dice) = (Line::new(), Dice::new([1, 1]));
            line.dial(0, &mut Vec::new());
            line.lost(5, code, &mut dice, &mut Vec::new());
            assert_eq!((line.state, line.wake_at()), (expected, None));
        }
    }

    #[test]
    fn a_silent_line_is_given_up() {
        let (mut line, mut dice, mut out) = (Line::new(), Dice::new([1, 1]), Vec::new());
        line.dial(0, &mut out);
        line.greeted(100, &Limits::HERE, &mut out);
        line.heard(100);
        line.tick(40_099, &mut dice, &mut out);
        assert_eq!(line.state, Connection::Online);
        line.tick(40_100, &mut dice, &mut out);
        assert!(out.contains(&Effect::Disconnect) && matches!(line.state, Connection::Offline { .. }));
    }
}
