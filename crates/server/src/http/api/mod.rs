//! `/api/v1/…`: JSON for programs, one file for each noun. PROTOCOL.md tells of it.

mod accounts;
mod custom_emoji;
mod directs;
pub(crate) mod files;
mod gathered;
mod marks;
mod members;
mod messages;
mod people;
mod portraits;
mod previews;
mod profile;
mod push;
mod regards;
mod room_prefs;
mod rooms;
mod scheduled;
mod search;
pub(crate) mod uploads;

pub(crate) use accounts::{invite, log_in, log_out, sign_up, who_am_i};
pub(crate) use custom_emoji::{add_emoji, custom_emoji, emoji_picture, remove_emoji};
pub(crate) use directs::open_direct;
pub(crate) use gathered::{mentions, saved};
pub(crate) use marks::{marks, move_marks, set_receipts};
pub(crate) use members::{add_member, join_room, leave_room, members};
pub(crate) use messages::{
    delete_message, edit_message, edits, history, let_go, mark_unread, pin, pins, post_message, react, save, thread,
    unmark_unread, unpin, unreact,
};
pub(crate) use people::people;
pub(crate) use portraits::{portrait, remove_portrait, set_portrait};
pub(crate) use previews::{preview, preview_picture};
pub(crate) use profile::{person, set_profile};
pub(crate) use push::{arrived, pushes, set_notices, subscribe, test, unsubscribe};
pub(crate) use regards::set_regard;
pub(crate) use room_prefs::set_room_prefs;
pub(crate) use rooms::{create_room, directory, join_room_by_name, room, set_topic};
pub(crate) use scheduled::{cancel, schedule, scheduled};
pub(crate) use search::search;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use protocol::encode;
use serde::Serialize;

/// An answer of JSON.
fn json<T: Serialize>(value: &T) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], encode(value)).into_response()
}
