//! `/api/v1/…`: JSON for programs, one file for each noun. PROTOCOL.md tells of it.

mod accounts;
mod bots;
mod custom_emoji;
mod directs;
mod events;
mod files;
mod gathered;
mod hooks;
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
mod table;
mod uploads;

pub(crate) use table::{quick, slow};

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
