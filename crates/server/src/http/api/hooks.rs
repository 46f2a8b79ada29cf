//! Incoming hooks: the door for programs that know how to talk to Slack's incoming webhooks, and nothing else of this house.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, Request, State},
    http::{HeaderMap, header},
};
use model::{Refusal, Scopes, Session, SessionId};
use protocol::{decode, http::SlackBody};
use serde::Deserialize;

use crate::{
    Failure, House, Secret,
    hooks::slack,
    http::{
        body::{Form, Json},
        path::Named,
    },
    post::{self, Wish},
    query,
};

/// What a program calls its write, if it wants to be able to repeat it.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// A payload: as JSON, or as a form's field, both of which Slack takes.
pub(crate) struct Payload(SlackBody);

#[derive(Deserialize)]
struct Fields {
    payload: String,
}

impl<S: Send + Sync> FromRequest<S> for Payload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Json::from_request(request, state).await.map(|Json(body)| Self(body));
        }
        let Form(Fields { payload }) = Form::from_request(request, state).await?;
        Ok(Self(decode(&payload)?))
    }
}

/// `POST /api/v1/hooks/{secret}`
pub(crate) async fn say(
    State(house): State<Arc<House>>,
    Named(secret): Named<String>,
    headers: HeaderMap,
    Payload(body): Payload,
) -> Result<&'static str, Failure> {
    if house.hooks.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let (room, bot) = query::hook(&house, Secret::shown(&secret).hash()).await?.ok_or(Refusal::NotFound)?;
    let given = headers.get(IDEMPOTENCY_KEY).map(|key| key.to_str().map_err(|_| Refusal::from(model::BadClientKey)));
    let key = match given.transpose()? {
        Some(key) => key.to_owned(),
        None => Secret::draw()?.reveal().to_owned(),
    };
    // It says something, and may do nothing else.
    let session = Session { id: SessionId::new(0), person: bot, admin: false, scopes: Scopes::POST };
    let wish = Wish { key: &key, text: &slack::text(&body), files: &[], reply: None, forward: None };
    post::post(&house, &session, room, wish).await?;
    Ok("ok")
}
