//! Pages for people: server-rendered, a few kilobytes, no script needed. The rooms are the app's, which the last of them starts.

mod doors;
mod instant;
mod plain;
mod rooms;
mod templates;

pub(crate) use doors::{
    landing, log_in, log_out, set_up, show_invite, show_log_in, show_set_up, show_sign_up, sign_up,
};
pub(crate) use instant::{encrypted_room, plain_room};
pub(crate) use plain::{
    follow_room, join_by_form, join_room_by_form, leave_room_by_form, log_out_by_form, say_by_form, show_room,
    show_rooms, to_plain,
};
pub(crate) use rooms::{app, to_rooms};
pub(crate) use templates::Page;

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use crate::House;

/// A page that says what went wrong.
pub(crate) fn problem(house: &House, title: &'static str, message: String, request_id: String) -> Response {
    let page = templates::Problem { page: templates::Page::of(house), title: title.to_owned(), message, request_id };
    match askama::Template::render(&page) {
        Ok(text) => Html(text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
