//! Moments in the words of the reader's language, by the browser's own tables.

use js_sys::{Date, Function, Object, Reflect};
use model::Timestamp;
use wasm_bindgen::JsValue;

const DAY_MS: i64 = 86_400_000;

/// Formatters are dear to make and cheap to use: made once.
pub(crate) struct Words {
    time: Option<Function>,
    day: Option<Function>,
    moment: Option<Function>,
}

impl Words {
    pub(crate) fn new() -> Self {
        Self {
            time: formatter(&[("hour", "numeric"), ("minute", "2-digit")]),
            day: formatter(&[("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")]),
            moment: formatter(&[("dateStyle", "full"), ("timeStyle", "medium")]),
        }
    }

    /// `14:05`
    pub(crate) fn time(&self, at: Timestamp) -> String {
        format(self.time.as_ref(), at)
    }

    /// `Today`, `Yesterday`, or the date.
    pub(crate) fn day(&self, at: Timestamp, now: Timestamp) -> String {
        match local_day(now) - local_day(at) {
            0 => "Today".into(),
            1 => "Yesterday".into(),
            _ => format(self.day.as_ref(), at),
        }
    }

    /// Everything, for who wants to know exactly.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        format(self.moment.as_ref(), at)
    }
}

/// The number of the reader's own day that a moment falls on.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "milliseconds and minutes below 2^53")]
pub(crate) fn local_day(at: Timestamp) -> i64 {
    let offset_min = Date::new(&JsValue::from_f64(at.as_ms() as f64)).get_timezone_offset() as i64;
    (at.as_ms() - offset_min * 60_000).div_euclid(DAY_MS)
}

/// The number of a moment's minute.
pub(crate) fn minute(at: Timestamp) -> i64 {
    at.as_ms().div_euclid(60_000)
}

fn formatter(options: &[(&str, &str)]) -> Option<Function> {
    let wanted = Object::new();
    for (name, value) in options {
        let _ = Reflect::set(&wanted, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
    let class: Function = Reflect::get(&intl, &JsValue::from_str("DateTimeFormat")).ok()?.into();
    let arguments = js_sys::Array::of2(&JsValue::UNDEFINED, &wanted);
    let format = Reflect::construct(&class, &arguments).ok()?;
    Reflect::get(&format, &JsValue::from_str("format")).ok().map(Into::into)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds below 2^53")]
fn format(formatter: Option<&Function>, at: Timestamp) -> String {
    let at = JsValue::from_f64(at.as_ms() as f64);
    formatter
        .and_then(|format| format.call1(&JsValue::UNDEFINED, &at).ok())
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
