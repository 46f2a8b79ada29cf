//! Whether the window is in front of somebody, and what the browser tells of their hands.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{VisibilityState, Window};

/// What shows that somebody is at the device.
pub(crate) const STIRS: [&str; 5] = ["pointerdown", "pointermove", "keydown", "touchstart", "wheel"];
/// What may change whether the window is in front.
pub(crate) const TURNS: [&str; 5] = ["focus", "blur", "visibilitychange", "pageshow", "pagehide"];

/// The page can be seen, and what is typed would go into it.
pub(crate) fn is_in_front(window: &Window) -> bool {
    let document = window.document();
    document.is_some_and(|document| {
        document.visibility_state() == VisibilityState::Visible && document.has_focus().unwrap_or(false)
    })
}

/// Calls back whenever one of these happens in the window, as long as the page lives.
pub(crate) fn listen(window: &Window, names: &[&str], call: impl Fn() + 'static) {
    let call = Closure::<dyn Fn()>::new(call);
    for name in names {
        // What happens to the document bubbles up to the window.
        let _ = window.add_event_listener_with_callback(name, call.as_ref().unchecked_ref());
    }
    call.forget();
}
