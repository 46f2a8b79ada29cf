//! The page that starts the app.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};

use super::templates::{AppShell, NoApp, Page};
use crate::{Failure, House, http::Caller};

/// `GET /rooms`: the list of rooms is a folder.
pub(crate) async fn to_rooms() -> Redirect {
    Redirect::permanent("/rooms/")
}

/// `GET /rooms/`, `GET /rooms/{room}` and `GET /rooms/{room}/messages/{seq}`: which room is shown, and which of its messages, is
/// the app's to read.
pub(crate) async fn app(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Failure> {
    let page = Page::of(&house);
    let text = match house.front.app {
        Ok(_) => AppShell { page, person: caller.session.person.id }.render()?,
        Err(why) => NoApp { page, why }.render()?,
    };
    Ok(Html(text).into_response())
}
