//! The address bar: `/rooms/` and `/rooms/{id}`.

use model::RoomId;
use wasm_bindgen::JsValue;
use web_sys::Window;

/// The path of a room, or of none.
pub(crate) fn path(room: Option<RoomId>) -> String {
    room.map_or_else(|| "/rooms/".into(), |id| format!("/rooms/{id}"))
}

/// The room that the address bar names.
pub(crate) fn current(window: &Window) -> Option<RoomId> {
    window.location().pathname().ok()?.strip_prefix("/rooms/")?.parse().ok()
}

/// Puts a room's path into the address bar, as a step that "back" undoes.
pub(crate) fn go(window: &Window, room: Option<RoomId>) {
    if current(window) != room
        && let Ok(history) = window.history()
    {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(&path(room)));
    }
}

/// Leaves the app for a page of the server.
pub(crate) fn leave(window: &Window, path: &str) {
    let _ = window.location().assign(path);
}
