//! What time it is for somebody else.

use jiff::tz::TimeZone;
use model::{Quiet, Timestamp};

/// Whether there is a time zone of this name.
pub(crate) fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// Whether somebody's quiet hours are now. A zone that is not known any more has no hours.
pub(super) fn are_now(quiet: &Quiet, now: Timestamp) -> bool {
    let now = jiff::Timestamp::from_millisecond(now.as_ms());
    let (Ok(zone), Ok(now)) = (TimeZone::get(quiet.time_zone.as_str()), now) else { return false };
    let time = now.to_zoned(zone).time();
    let minute = u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs());
    quiet.covers(minute)
}

#[cfg(test)]
mod tests {
    use model::Line;

    use super::*;

    #[test]
    fn the_hours_are_those_of_the_zone_also_when_its_clocks_were_changed() {
        let at = |text: &str| Timestamp::from_ms(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let night = |zone: &str| Quiet::between(22 * 60, 7 * 60, Line::kept(zone.to_owned())).unwrap();
        for (time, zone, quiet) in [
            ("2026-07-01T20:00:00Z", "Europe/Vienna", true),
            ("2026-07-01T19:59:59Z", "Europe/Vienna", false),
            ("2026-12-01T20:00:00Z", "Europe/Vienna", false),
            ("2026-12-01T21:00:00Z", "Europe/Vienna", true),
            ("2026-12-01T05:59:00Z", "Europe/Vienna", true),
            ("2026-12-01T06:00:00Z", "Europe/Vienna", false),
            ("2026-12-01T06:00:00Z", "America/New_York", true),
            ("2026-12-01T16:15:00Z", "Asia/Kathmandu", true),
            ("2026-12-01T16:14:00Z", "Asia/Kathmandu", false),
            ("2026-12-01T23:00:00Z", "No/Where", false),
        ] {
            assert_eq!(are_now(&night(zone), at(time)), quiet, "{time} {zone}");
        }
        assert!(is_zone("Europe/Vienna") && is_zone("UTC") && !is_zone("No/Where") && !is_zone(""));
    }
}
