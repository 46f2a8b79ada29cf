//! Bots, their tokens and their hooks, for their owners' programs.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::CACHE_CONTROL},
    response::{IntoResponse, Response},
};
use model::{
    BadProfile, HookId, HookWish, Line, MakeBot, MakeHook, MakeToken, Refusal, RemoveHook, RetireBot, RevokeToken,
    Scopes, SessionId, UserId, Username, rules,
};
use protocol::http::{BotBody, HookBody, HookMade, TokenBody, TokenMade};

use super::json;
use crate::{
    Failure, House, Secret,
    hooks::{self, Hooks},
    http::{Caller, body::Json, path::Named},
    query, random,
};

/// Bots and their hooks, if the operator wants any. No bot has bots.
fn open<'a>(house: &'a House, caller: &Caller) -> Result<&'a Arc<Hooks>, Failure> {
    rules::may(&caller.session, Scopes::ACCOUNT)?;
    Ok(house.hooks.as_ref().ok_or(Refusal::NotAllowed)?)
}

/// `GET /api/v1/bots`
pub(crate) async fn bots(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Failure> {
    open(&house, &caller)?;
    Ok(json(&query::bots(&house, &caller.session).await?))
}

/// `POST /api/v1/bots`
pub(crate) async fn make_bot(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<BotBody>,
) -> Result<Response, Failure> {
    open(&house, &caller)?;
    house.paces.act(caller.session.person.id)?;
    let username = Username::parse(&body.username).map_err(Refusal::from)?;
    let bot = house.execute(caller.actor(), MakeBot { username }).await?;
    Ok((StatusCode::CREATED, json(&bot)).into_response())
}

/// `DELETE /api/v1/bots/{bot}`
pub(crate) async fn retire_bot(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(bot): Named<UserId>,
) -> Result<StatusCode, Failure> {
    open(&house, &caller)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), RetireBot { bot }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/bots/{bot}/tokens`
pub(crate) async fn make_token(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(bot): Named<UserId>,
    Json(body): Json<TokenBody>,
) -> Result<Response, Failure> {
    open(&house, &caller)?;
    house.paces.act(caller.session.person.id)?;
    let label = Line::display_name(&body.label).map_err(Refusal::from)?;
    let label = label.ok_or(Refusal::from(BadProfile::DisplayName))?;
    if body.scopes.is_empty() {
        return Err(Failure::malformed("a token has at least one of the scopes read, post and join"));
    }
    let secret = Secret::draw_token()?;
    let scopes = Scopes::of(&body.scopes);
    let id = house.execute(caller.actor(), MakeToken { bot, label, scopes, token: secret.hash() }).await?;
    Ok(secretly(json(&TokenMade { id, token: secret.reveal().to_owned() })))
}

/// `DELETE /api/v1/bots/{bot}/tokens/{token}`
pub(crate) async fn revoke_token(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named((bot, id)): Named<(UserId, SessionId)>,
) -> Result<StatusCode, Failure> {
    open(&house, &caller)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), RevokeToken { bot, id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/bots/{bot}/hooks`
pub(crate) async fn make_hook(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(bot): Named<UserId>,
    Json(body): Json<HookBody>,
) -> Result<Response, Failure> {
    let tells = open(&house, &caller)?;
    house.paces.act(caller.session.person.id)?;
    let address = Secret::draw()?;
    let (room, wish, url, secret) = match body {
        HookBody::Incoming { room } => {
            let url = format!("{}/api/v1/hooks/{}", origin(&house), address.reveal());
            (room, HookWish::Incoming, Some(url), None)
        }
        HookBody::Outgoing { room, url } => {
            tells.admit(&url).await?;
            let key = random::hook_key()?;
            let secret = hooks::written(&key);
            (room, HookWish::Outgoing { url, key }, None, Some(secret))
        }
    };
    let id = house.execute(caller.actor(), MakeHook { bot, room, wish, token: address.hash() }).await?;
    Ok(secretly(json(&HookMade { id, url, secret })))
}

/// `DELETE /api/v1/bots/{bot}/hooks/{hook}`
pub(crate) async fn remove_hook(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named((bot, id)): Named<(UserId, HookId)>,
) -> Result<StatusCode, Failure> {
    open(&house, &caller)?;
    house.paces.act(caller.session.person.id)?;
    house.execute(caller.actor(), RemoveHook { bot, id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where others reach the server, if its operator has said so; else an address is told without.
fn origin(house: &House) -> String {
    house.settings.public.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// 201, which nobody keeps.
fn secretly(answer: Response) -> Response {
    (StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], answer).into_response()
}
