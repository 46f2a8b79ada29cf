//! Accounts, sessions and invitations, for programs: the token comes in the answer, and goes back in `Authorization: Bearer …`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{CloseSession, Invite, Session};
use protocol::{
    Me,
    http::{Invitation, LogInBody, SignUpBody, SignedIn, WhoAmI},
};

use super::json;
use crate::{
    Failure, House, Secret,
    http::{Address, Caller, body::Json, cookie},
    query::{notice_prefs, sight, whose_session},
    settle::{self, NewAccount},
};

/// `POST /api/v1/accounts`. A page of ours gets the session as a cookie, too: whoever makes an account in an instant room has the
/// rooms in another tab.
pub(crate) async fn sign_up(
    State(house): State<Arc<House>>,
    address: Address,
    headers: HeaderMap,
    Json(body): Json<SignUpBody>,
) -> Result<Response, Failure> {
    let SignUpBody { username, password, invitation } = body;
    let account = NewAccount { username, password, invitation };
    let (session, secret) = settle::sign_up(&house, address.0, account).await?;
    let answer = SignedIn { you: session.person, token: secret.reveal().to_owned() };
    let mut response = (StatusCode::CREATED, json(&answer)).into_response();
    if headers.contains_key(header::ORIGIN)
        && let Some(value) = cookie::keep(&secret, house.settings.public.as_ref())
    {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// `POST /api/v1/session`
pub(crate) async fn log_in(
    State(house): State<Arc<House>>,
    address: Address,
    Json(body): Json<LogInBody>,
) -> Result<Response, Failure> {
    let secret = settle::log_in(&house, address.0, &body.username, body.password).await?;
    let session = whose_session(&house, secret.hash()).await?.ok_or(model::Refusal::NotSignedIn)?;
    Ok(json(&SignedIn { you: session.person, token: secret.reveal().to_owned() }))
}

/// `GET /api/v1/session`
pub(crate) async fn who_am_i(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Failure> {
    let Session { person, admin, .. } = caller.session;
    let receipts = sight(&house, person.id).await?.receipts;
    let notices = notice_prefs(&house, person.id).await?;
    Ok(json(&WhoAmI { you: Me { person, admin, receipts, notices } }))
}

/// `DELETE /api/v1/session`
pub(crate) async fn log_out(State(house): State<Arc<House>>, caller: Caller) -> Result<StatusCode, Failure> {
    house.execute(caller.actor(), CloseSession).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/invitations`
pub(crate) async fn invite(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Failure> {
    house.paces.act(caller.session.person.id)?;
    let secret = Secret::draw()?;
    house.execute(caller.actor(), Invite { token: secret.hash() }).await?;
    Ok((StatusCode::CREATED, json(&Invitation { code: secret.reveal().to_owned() })).into_response())
}
