//! Time: a clock that never goes back for the engine, the wall clock for people, and being called later.

use model::Timestamp;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::Window;

/// Milliseconds since the page was opened.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole milliseconds, from 0 on")]
pub fn now_ms(window: &Window) -> u64 {
    window.performance().map_or(0, |performance| performance.now().max(0.0) as u64)
}

/// What the wall clock says.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
pub fn wall() -> Timestamp {
    Timestamp::from_ms(js_sys::Date::now() as i64)
}

/// When the day ends here.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
pub fn midnight() -> Timestamp {
    let day = js_sys::Date::new_0();
    day.set_hours(24);
    day.set_minutes(0);
    day.set_seconds(0);
    day.set_milliseconds(0);
    Timestamp::from_ms(day.get_time() as i64)
}

/// Tomorrow at this hour, here.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
pub fn tomorrow(hour: u32) -> Timestamp {
    let day = js_sys::Date::new_0();
    day.set_date(day.get_date() + 1);
    day.set_hours(hour);
    day.set_minutes(0);
    day.set_seconds(0);
    day.set_milliseconds(0);
    Timestamp::from_ms(day.get_time() as i64)
}

/// A day and a time as a field for them says it, here; none if it says none.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, below 2^53")]
pub fn read(field: &str) -> Option<Timestamp> {
    // Without a zone, a date with a time is of the local one (ECMA-262, 21.4.1.32).
    let ms = js_sys::Date::new(&field.into()).get_time();
    ms.is_finite().then_some(Timestamp::from_ms(ms as i64))
}

/// Calls back once, after at least `after_ms`; returns the number to cancel it by.
pub fn later(window: &Window, after_ms: u64, call: impl FnOnce() + 'static) -> Option<i32> {
    let call = Closure::once_into_js(call);
    let after_ms = i32::try_from(after_ms).unwrap_or(i32::MAX);
    window.set_timeout_with_callback_and_timeout_and_arguments_0(call.unchecked_ref(), after_ms).ok()
}

/// Calls back before the next frame is drawn; soon, if the page is hidden and draws none.
pub fn next_frame(window: &Window, call: impl FnOnce() + 'static) {
    const HIDDEN_MS: u64 = 200;
    if window.document().is_some_and(|document| document.hidden()) {
        later(window, HIDDEN_MS, call);
    } else {
        let call = Closure::once_into_js(call);
        let _ = window.request_animation_frame(call.unchecked_ref());
    }
}
