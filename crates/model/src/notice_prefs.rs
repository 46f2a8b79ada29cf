//! What a person wants of being told at once, on all their devices.

use serde::{Deserialize, Serialize};

use crate::Line;

/// Minutes of a day.
const DAY_MIN: u16 = 24 * 60;

/// A person's own settings of notices and pushes. Nobody else is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct NoticePrefs {
    /// Whether a notice says only that there is a message, and not whose, where or what.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// When nothing is told at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<Quiet>,
}

impl NoticePrefs {
    /// Whether everything is as it was before the person said anything.
    #[must_use]
    pub fn is_default(&self) -> bool {
        !self.hidden && self.quiet.is_none()
    }
}

/// Hours of each day in which somebody is told of nothing at once: no notice, no sound, no push. What is unread is counted all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Quiet {
    /// When they begin, in minutes after midnight.
    pub from_min: u16,
    /// When they are over, in minutes after midnight; less than the beginning: on the next day.
    pub to_min: u16,
    /// Where these are the times of day: a time zone, by its name in the IANA database.
    pub time_zone: Line,
}

impl Quiet {
    /// Hours between two different minutes of a day; `None` if they are not that.
    #[must_use]
    pub fn between(from_min: u16, to_min: u16, time_zone: Line) -> Option<Self> {
        let sound = from_min < DAY_MIN && to_min < DAY_MIN && from_min != to_min;
        sound.then_some(Self { from_min, to_min, time_zone })
    }

    /// Whether a minute of the day, in the time zone named, is one of these hours'.
    #[must_use]
    pub fn covers(&self, minute: u16) -> bool {
        let begun = self.from_min <= minute;
        let lasts = minute < self.to_min;
        if self.from_min < self.to_min { begun && lasts } else { begun || lasts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet(from: u16, to: u16) -> Option<Quiet> {
        Quiet::between(from, to, Line::kept("Europe/Vienna".into()))
    }

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let cases = [
            ((22 * 60, 7 * 60), [(22 * 60, true), (0, true), (7 * 60 - 1, true), (7 * 60, false), (12 * 60, false)]),
            ((9 * 60, 17 * 60), [(9 * 60, true), (17 * 60, false), (8 * 60, false), (12 * 60, true), (0, false)]),
        ];
        for ((from, to), minutes) in cases {
            for (minute, covered) in minutes {
                assert_eq!(quiet(from, to).unwrap().covers(minute), covered, "{from} to {to}: {minute}");
            }
        }
    }

    #[test]
    fn what_is_no_time_of_day_or_no_time_at_all_is_refused() {
        for (from, to) in [(0, DAY_MIN), (DAY_MIN, 0), (5, 5), (u16::MAX, 1)] {
            assert_eq!(quiet(from, to), None);
        }
    }
}
