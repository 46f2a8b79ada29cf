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
    routing::{delete, get, post, put},
};
use model::limits::FRAME_BYTES_MAX;
use protocol::{Code, SOCKET_PATH};

use crate::{Failure, House, failure, instant, ws};

/// Where an upload stands, in bytes.
pub(crate) const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// Every address of the server.
pub fn router(house: Arc<House>) -> Router {
    let timed = pages_of_people().merge(api_of_programs()).layer(from_fn(time_limit::limit));
    timed
        // What is sent here has a pace of its own to keep, and a large file takes its time.
        .route("/api/v1/uploads/{id}", api::uploads::routes())
        .route(SOCKET_PATH, get(ws::upgrade))
        .route("/api/v1/instant/{id}", get(instant::encrypted))
        .route("/ws/chat/{name}", get(instant::plain))
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
        .route("/assets/{name}", get(assets::serve))
        .route(assets::WORKER, get(assets::worker))
        .route("/favicon.ico", get(assets::icon))
        .route("/csp", post(csp_report::take))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
}

fn api_of_programs() -> Router<Arc<House>> {
    Router::new()
        .route("/api/v1/accounts", post(api::sign_up))
        .route("/api/v1/session", get(api::who_am_i).post(api::log_in).delete(api::log_out))
        .route("/api/v1/invitations", post(api::invite))
        .route("/api/v1/rooms", get(api::directory).post(api::create_room))
        .route("/api/v1/rooms/join", post(api::join_room_by_name))
        .route("/api/v1/rooms/{room}", get(api::room))
        .route("/api/v1/rooms/{room}/members", get(api::members).post(api::add_member))
        .route("/api/v1/rooms/{room}/members/me", put(api::join_room))
        .route("/api/v1/rooms/{room}/members/me", delete(api::leave_room))
        .route("/api/v1/rooms/{room}/messages", get(api::history).post(api::post_message))
        .route("/api/v1/rooms/{room}/messages/{seq}", delete(api::delete_message).patch(api::edit_message))
        .route("/api/v1/rooms/{room}/messages/{seq}/edits", get(api::edits))
        .route("/api/v1/rooms/{room}/messages/{seq}/pin", put(api::pin).delete(api::unpin))
        .route("/api/v1/rooms/{room}/messages/{seq}/preview", get(api::preview))
        .route("/api/v1/rooms/{room}/messages/{seq}/preview/picture", get(api::preview_picture))
        .route("/api/v1/rooms/{room}/messages/{seq}/reactions/{emoji}", put(api::react).delete(api::unreact))
        .route("/api/v1/rooms/{room}/messages/{seq}/saved", put(api::save).delete(api::let_go))
        .route("/api/v1/rooms/{room}/messages/{seq}/unread", put(api::mark_unread).delete(api::unmark_unread))
        .route("/api/v1/rooms/{room}/messages/{seq}/thread", get(api::thread))
        .route("/api/v1/rooms/{room}/pins", get(api::pins))
        .route("/api/v1/rooms/{room}/marks", get(api::marks).put(api::move_marks))
        .route("/api/v1/rooms/{room}/prefs", put(api::set_room_prefs))
        .route("/api/v1/rooms/{room}/topic", put(api::set_topic))
        .route("/api/v1/rooms/{room}/scheduled/{key}", put(api::schedule))
        .route("/api/v1/me/scheduled", get(api::scheduled))
        .route("/api/v1/me/scheduled/{key}", delete(api::cancel))
        .route("/api/v1/search", get(api::search))
        .route("/api/v1/directs", post(api::open_direct))
        .route("/api/v1/people", get(api::people))
        .route("/api/v1/people/{id}", get(api::person))
        .route("/api/v1/people/{id}/regard", put(api::set_regard))
        .route("/api/v1/me/saved", get(api::saved))
        .route("/api/v1/me/mentions", get(api::mentions))
        .route("/api/v1/me/profile", put(api::set_profile))
        .route("/api/v1/uploads", post(api::uploads::announce))
        .route("/api/v1/files/{id}", get(api::files::whole))
        .route("/api/v1/files/{id}/preview", get(api::files::preview))
        .route("/api/v1/people/{id}/picture", get(api::portrait))
        .route("/api/v1/me/picture", put(api::set_portrait).delete(api::remove_portrait))
        .route("/api/v1/emoji", get(api::custom_emoji))
        .route("/api/v1/emoji/{name}", put(api::add_emoji).delete(api::remove_emoji))
        .route("/api/v1/emoji/{name}/picture", get(api::emoji_picture))
        .route("/api/v1/me/receipts", put(api::set_receipts))
        .route("/api/v1/me/notices", put(api::set_notices))
        .route("/api/v1/push", get(api::pushes))
        .route("/api/v1/push/devices", post(api::subscribe))
        .route("/api/v1/push/devices/{id}", delete(api::unsubscribe))
        .route("/api/v1/push/devices/{id}/arrivals", post(api::arrived))
        .route("/api/v1/push/devices/{id}/test", post(api::test))
}
