//! The line to an instant room: when to dial, when to give up, when to try again. As in the rest of the client, a lost line is
//! dialled again after a random time up to a bound that doubles from 0.5 s to 30 s.

use protocol::Close;

use super::Effect;
use crate::dice::Dice;

const BACK_OFF_FIRST_MS: u64 = 500;
const BACK_OFF_MAX_MS: u64 = 30_000;
/// A socket that does not open for this long is given up.
const DIAL_TIMEOUT_MS: u64 = 15_000;
/// A line that stood this long counts as good: the next loss starts with short waits again.
const STEADY_MS: u64 = 10_000;

/// How a guest stands with the room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    /// Not in it.
    #[default]
    Away,
    /// On the way in.
    Dialling,
    /// In it.
    Here,
    /// Lost; the next try is at `again_ms`.
    Waiting {
        /// When to try again, by the driver's clock.
        again_ms: u64,
    },
    /// The server said not to come back by oneself.
    Stopped {
        /// The number it gave.
        code: u16,
    },
}

/// The line and its timers.
#[derive(Debug, Default)]
pub(super) struct Calls {
    pub(super) line: Line,
    attempt: u32,
    /// When the line was last dialled or opened.
    since_ms: u64,
    /// How often it was open.
    opened: u32,
}

impl Calls {
    pub(super) fn dial(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        match self.line {
            Line::Away | Line::Waiting { .. } | Line::Stopped { .. } => {
                (self.line, self.since_ms) = (Line::Dialling, now_ms);
                out.push(Effect::Dial);
            }
            Line::Dialling | Line::Here => {}
        }
    }

    /// Dials for somebody who has come in before.
    pub(super) fn dial_again(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if self.line != Line::Away {
            self.dial(now_ms, out);
        }
    }

    /// The socket is open. `false`: nobody wants it any more.
    pub(super) fn up(&mut self, now_ms: u64) -> bool {
        if self.line != Line::Dialling {
            return false;
        }
        (self.line, self.since_ms) = (Line::Here, now_ms);
        self.opened = self.opened.saturating_add(1);
        true
    }

    /// Whether the line is open not for the first time.
    pub(super) fn is_back(&self) -> bool {
        self.opened > 1
    }

    pub(super) fn down(&mut self, now_ms: u64, code: u16, dice: &mut Dice) {
        match self.line {
            Line::Here if now_ms.saturating_sub(self.since_ms) >= STEADY_MS => self.attempt = 0,
            Line::Here | Line::Dialling => self.attempt = self.attempt.saturating_add(1),
            Line::Away | Line::Waiting { .. } | Line::Stopped { .. } => return,
        }
        self.line = if Close::reconnect(code) {
            let bound_ms = BACK_OFF_FIRST_MS.saturating_mul(1 << self.attempt.min(16)).min(BACK_OFF_MAX_MS);
            Line::Waiting { again_ms: now_ms + dice.up_to(bound_ms) }
        } else {
            Line::Stopped { code }
        };
    }

    pub(super) fn is_late(&self, now_ms: u64) -> bool {
        self.line == Line::Dialling && now_ms >= self.since_ms + DIAL_TIMEOUT_MS
    }

    pub(super) fn dial_if_due(&mut self, now_ms: u64, out: &mut Vec<Effect>) {
        if matches!(self.line, Line::Waiting { again_ms } if now_ms >= again_ms) {
            self.dial(now_ms, out);
        }
    }

    pub(super) fn wake_at(&self) -> Option<u64> {
        match self.line {
            Line::Waiting { again_ms } => Some(again_ms),
            Line::Dialling => Some(self.since_ms + DIAL_TIMEOUT_MS),
            Line::Away | Line::Here | Line::Stopped { .. } => None,
        }
    }
}
