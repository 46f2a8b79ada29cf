//! What people tell of themselves, for programs.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode, response::Response};
use model::{Line, Profile, Refusal, SetProfile, Status, UserId, Username};
use protocol::http::{ProfileBody, StatusBody};

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Json, path::Named},
    query,
};

/// `GET /api/v1/people/{id}`
pub(crate) async fn person(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(user): Named<UserId>,
) -> Result<Response, Failure> {
    Ok(json(&query::person(&house, &caller.session, user).await?))
}

/// `PUT /api/v1/me/profile`
pub(crate) async fn set_profile(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<ProfileBody>,
) -> Result<StatusCode, Failure> {
    let wish = wish(&body)?;
    house.paces.profile(caller.session.person.id)?;
    house.execute(caller.actor(), wish).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn wish(body: &ProfileBody) -> Result<SetProfile, Refusal> {
    Ok(SetProfile {
        username: body.username.as_deref().map(Username::parse).transpose()?,
        display: Line::display_name(&body.display)?,
        profile: Profile {
            about: Line::about(&body.about)?,
            time_zone: Line::time_zone(&body.time_zone)?,
            status: body.status.as_ref().map(status).transpose()?.flatten(),
        },
    })
}

/// An emoji alone says nothing to whoever does not see it: without words there is no status.
fn status(body: &StatusBody) -> Result<Option<Status>, Refusal> {
    let emoji = Line::emoji(&body.emoji)?;
    Ok(Line::status(&body.text)?.map(|text| Status { text, emoji, until: body.until }))
}
