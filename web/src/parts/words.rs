//! Moments in the words of the reader's language, by the browser's own tables.

use js_sys::{Array, Date, Function, Object, Reflect};
use model::Timestamp;
use wasm_bindgen::JsValue;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// Formatters are dear to make and cheap to use: made once.
pub struct Words {
    time: Option<Function>,
    day: Option<Function>,
    moment: Option<Function>,
    date: Option<Function>,
    /// A `RelativeTimeFormat`. English, as the sentences that it stands in.
    ago: Option<JsValue>,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            time: formatter(&[("hour", "numeric"), ("minute", "2-digit")]),
            day: formatter(&[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")]),
            moment: formatter(&[("dateStyle", "full"), ("timeStyle", "medium")]),
            date: formatter(&[("dateStyle", "medium")]),
            ago: made("RelativeTimeFormat", &JsValue::from_str("en"), &[("numeric", "always")]),
        }
    }
}

impl Words {
    /// `14:05`
    pub fn time(&self, at: Timestamp) -> String {
        format(self.time.as_ref(), at)
    }

    /// `Today`, `Yesterday`, or the date.
    pub fn day(&self, at: Timestamp, now: Timestamp) -> String {
        match local_day(now) - local_day(at) {
            0 => "Today".into(),
            1 => "Yesterday".into(),
            _ => format(self.day.as_ref(), at),
        }
    }

    /// `today at 14:05`, `yesterday at 14:05`, `on 3 Mar 2026`
    pub fn when(&self, at: Timestamp, now: Timestamp) -> String {
        match local_day(now) - local_day(at) {
            ..=0 => format!("today at {}", self.time(at)),
            1 => format!("yesterday at {}", self.time(at)),
            2.. => format!("on {}", format(self.date.as_ref(), at)),
        }
    }

    /// `just now`, `5 minutes ago`, `3 days ago`
    pub fn ago(&self, at: Timestamp, now: Timestamp) -> String {
        let passed_ms = now.as_ms() - at.as_ms();
        let (count, unit) = match passed_ms {
            ..MINUTE_MS => return "just now".into(),
            MINUTE_MS..HOUR_MS => (passed_ms / MINUTE_MS, "minute"),
            HOUR_MS..DAY_MS => (passed_ms / HOUR_MS, "hour"),
            DAY_MS.. => (passed_ms / DAY_MS, "day"),
        };
        let words = || -> Option<String> {
            let ago = self.ago.as_ref()?;
            let format: Function = Reflect::get(ago, &"format".into()).ok()?.into();
            #[expect(clippy::cast_precision_loss, reason = "days, hours and minutes below 2^53")]
            let count = JsValue::from_f64(-(count as f64));
            format.call2(ago, &count, &unit.into()).ok()?.as_string()
        };
        words().unwrap_or_else(|| self.when(at, now))
    }

    /// Everything, for who wants to know exactly.
    pub fn moment(&self, at: Timestamp) -> String {
        format(self.moment.as_ref(), at)
    }
}

/// `14:05`, in another time zone; none if there is no such zone.
pub fn time_in(at: Timestamp, zone: &str) -> Option<String> {
    let writer = formatter(&[("hour", "numeric"), ("minute", "2-digit"), ("timeZone", zone)])?;
    Some(format(Some(&writer), at))
}

/// The minute of the day, in a time zone; none if there is no such zone.
pub fn minute_in(at: Timestamp, zone: &str) -> Option<u16> {
    let wanted = [("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23"), ("timeZone", zone)];
    let writer = made("DateTimeFormat", &JsValue::from_str("en-GB"), &wanted)?;
    let text = format(Reflect::get(&writer, &"format".into()).ok().map(Into::into).as_ref(), at);
    let (hour, minute) = text.split_once(':')?;
    Some(hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?)
}

/// The number of the reader's own day that a moment falls on.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "milliseconds and minutes below 2^53")]
pub fn local_day(at: Timestamp) -> i64 {
    let offset_min = Date::new(&JsValue::from_f64(at.as_ms() as f64)).get_timezone_offset() as i64;
    (at.as_ms() - offset_min * MINUTE_MS).div_euclid(DAY_MS)
}

/// The number of a moment's minute.
pub fn minute(at: Timestamp) -> i64 {
    at.as_ms().div_euclid(MINUTE_MS)
}

/// So many bytes, in the unit that people know from their devices: 1 MB is 1,024 × 1,024 bytes.
pub fn size(bytes: u64) -> String {
    const UNITS: [(u64, &str); 2] = [(1 << 20, "MB"), (1 << 10, "KB")];
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| bytes >= *unit) else {
        return format!("{bytes} bytes");
    };
    let tenths = (bytes * 10).div_ceil(unit);
    if tenths >= 100 {
        format!("{} {name}", tenths.div_ceil(10))
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

/// A moment's writer, in the reader's language.
fn formatter(options: &[(&str, &str)]) -> Option<Function> {
    let format = made("DateTimeFormat", &JsValue::UNDEFINED, options)?;
    Reflect::get(&format, &"format".into()).ok().map(Into::into)
}

/// One of the browser's writers.
fn made(class: &str, language: &JsValue, options: &[(&str, &str)]) -> Option<JsValue> {
    let wanted = Object::new();
    for (name, value) in options {
        let _ = Reflect::set(&wanted, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &class.into()).ok()?.into();
    Reflect::construct(&class, &Array::of2(language, &wanted)).ok()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds below 2^53")]
fn format(formatter: Option<&Function>, at: Timestamp) -> String {
    let at = JsValue::from_f64(at.as_ms() as f64);
    formatter
        .and_then(|format| format.call1(&JsValue::UNDEFINED, &at).ok())
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
