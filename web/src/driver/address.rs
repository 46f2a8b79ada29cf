//! The address bar: `/rooms/`, `/rooms/{id}` and `/rooms/{id}/messages/{seq}`.

use model::{RoomId, Seq};
use wasm_bindgen::JsValue;
use web_sys::Window;

const ROOMS: &str = "/rooms/";

/// The path of a room, or of none.
pub(crate) fn path(room: Option<RoomId>) -> String {
    room.map_or_else(|| ROOMS.into(), |id| format!("{ROOMS}{id}"))
}

/// The path of a message.
pub(crate) fn message_path(room: RoomId, seq: Seq) -> String {
    format!("{ROOMS}{room}/messages/{seq}")
}

/// The address of a message, for whoever is to open it.
pub(crate) fn link(window: &Window, room: RoomId, seq: Seq) -> String {
    window.location().origin().unwrap_or_default() + &message_path(room, seq)
}

/// The room that the address bar names, and the message in it.
pub(crate) fn current(window: &Window) -> (Option<RoomId>, Option<Seq>) {
    let here = here(window);
    let Some(rest) = here.strip_prefix(ROOMS) else { return (None, None) };
    let (room, message) = rest.split_once("/messages/").unwrap_or((rest, ""));
    (room.parse().ok(), message.parse().ok().map(Seq::new))
}

/// The path in the address bar.
pub(crate) fn here(window: &Window) -> String {
    window.location().pathname().unwrap_or_default()
}

/// Puts a path into the address bar, as a step that "back" undoes.
pub(crate) fn go(window: &Window, path: &str) {
    if here(window) != path
        && let Ok(history) = window.history()
    {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Leaves the app for a page of the server.
pub(crate) fn leave(window: &Window, path: &str) {
    let _ = window.location().assign(path);
}
