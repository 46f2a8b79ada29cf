//! The HTTP doors: pages for people, an API for programs, and what both need.
//!
//! A request passes, from the outside in: a name for the log, the security headers, the log line, the body of a failure, the
//! time limit, the check of its origin, and then its handler. The whole public face is the table in [`router`].

mod access_log;
mod address;
mod api;
mod assets;
mod body;
mod caller;
mod cookie;
mod csp_report;
mod headers;
mod health;
mod openapi;
pub(crate) mod origin;
pub(crate) mod pages;
mod path;
mod request_id;
mod time_limit;

pub(crate) use address::{Address, Peer, is_trusted};
pub use assets::{App, Asset, Front, Program};
pub(crate) use caller::{Caller, Token};
pub(crate) use path::Named;
pub(crate) use request_id::RequestId;

use std::sync::Arc;

use axum::http::HeaderName;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use model::limits::FRAME_BYTES_MAX;
use protocol::Code;

use crate::{Failure, House, failure, instant, seeds};

/// Where an upload stands, in bytes.
pub(crate) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// Every address of the server.
pub fn router(house: Arc<House>) -> Router {
    let ((quick, quick_doors), (slow, slow_doors)) = (api::quick().split(), api::slow().split());
    let described = openapi::pages(quick_doors.and(slow_doors).document());
    let timed = pages_of_people().merge(quick).merge(described).layer(from_fn(time_limit::limit));
    timed
        .merge(slow)
        .route("/ws/chat/{name}", get(instant::plain))
        .route("/ws/chat/{name}/", get(seeds::upgrade))
        .fallback(async || Failure::Door(Code::NotFound))
        .method_not_allowed_fallback(async || Failure::Door(Code::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(FRAME_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&house), origin::check))
        .layer(from_fn_with_state(Arc::clone(&house), failure::turn))
        .layer(from_fn(access_log::write))
        .layer(from_fn_with_state(Arc::clone(&house), headers::add))
        .layer(from_fn(request_id::give))
        .with_state(house)
}

fn pages_of_people() -> Router<Arc<House>> {
    Router::new()
        .route("/", get(pages::landing))
        .route("/i", get(pages::encrypted_room))
        .route("/i/{name}", get(pages::plain_room))
        .route("/signup", get(pages::show_sign_up).post(pages::sign_up))
        .route("/invite/{code}", get(pages::show_invite))
        .route("/login", get(pages::show_log_in).post(pages::log_in))
        .route("/logout", post(pages::log_out))
        .route("/setup/{token}", get(pages::show_set_up).post(pages::set_up))
        .route("/rooms", get(pages::to_rooms))
        .route("/rooms/", get(pages::app))
        .route("/rooms/{room}", get(pages::app))
        .route("/rooms/{room}/messages/{seq}", get(pages::app))
        .route("/plain", get(pages::to_plain))
        .route("/plain/", get(pages::show_rooms))
        .route("/plain/join", post(pages::join_by_form))
        .route("/plain/logout", post(pages::log_out_by_form))
        .route("/plain/rooms/{room}", get(pages::show_room))
        .route("/plain/rooms/{room}/follow", get(pages::follow_room))
        .route("/plain/rooms/{room}/join", post(pages::join_room_by_form))
        .route("/plain/rooms/{room}/leave", post(pages::leave_room_by_form))
        .route("/plain/rooms/{room}/messages", post(pages::say_by_form))
        .route("/assets/{name}", get(assets::serve))
        .route(assets::WORKER, get(assets::worker))
        .route("/favicon.ico", get(assets::icon))
        .route("/csp", post(csp_report::take))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
}
