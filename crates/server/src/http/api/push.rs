//! Pushes to devices, and what people want of being told at once, for programs.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use model::{
    BadProfile, Line, NoteArrival, NoticePrefs, PushId, Quiet, Refusal, SetNoticePrefs, Subscribe, Subscription,
    Unsubscribe,
};
use protocol::http::{NoticePrefsBody, PushTried, Pushes, QuietBody, SubscribeBody, Subscribed};

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Json, path::Named},
    push::{self, Letter, Outcome, Push},
    query,
};

fn open(house: &House) -> Result<&Arc<Push>, Failure> {
    house.push.as_ref().ok_or(Failure::Refused(Refusal::NotFound))
}

/// `GET /api/v1/push`
pub(crate) async fn pushes(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Failure> {
    let key = match &house.push {
        Some(push) => Some(push.public_key(&house).await?.to_owned()),
        None => None,
    };
    let (devices, server) = query::pushes(&house, &caller.session).await?;
    Ok(json(&Pushes { key, devices, server }))
}

/// `POST /api/v1/push/devices`
pub(crate) async fn subscribe(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<SubscribeBody>,
) -> Result<Response, Failure> {
    house.paces.act(caller.session.person.id)?;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| Refusal::PushInvalid);
    let SubscribeBody { endpoint, p256dh, auth } = body;
    let subscription = Subscription { endpoint, public_key: bytes(&p256dh)?, auth: bytes(&auth)? };
    open(&house)?.admit(&subscription).await?;
    let id = house.execute(caller.actor(), Subscribe { subscription }).await?;
    Ok((StatusCode::CREATED, json(&Subscribed { id })).into_response())
}

/// `DELETE /api/v1/push/devices/{id}`
pub(crate) async fn unsubscribe(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<PushId>,
) -> Result<StatusCode, Failure> {
    house.execute(caller.actor(), Unsubscribe { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/v1/push/devices/{id}/test`
pub(crate) async fn test(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<PushId>,
) -> Result<Response, Failure> {
    house.paces.act(caller.session.person.id)?;
    let push = open(&house)?;
    let device = query::device_of(&house, &caller.session, id).await?.ok_or(Refusal::NotFound)?;
    let status = match push::deliver(&house, push, &Letter::test(device)).await? {
        Outcome::Taken => 201,
        Outcome::Gone => 410,
        Outcome::Later(status, _) | Outcome::Refused(status) => status,
    };
    Ok(json(&PushTried { taken: status == 201, status }))
}

/// `POST /api/v1/push/devices/{id}/arrivals`
pub(crate) async fn arrived(
    State(house): State<Arc<House>>,
    caller: Caller,
    Named(id): Named<PushId>,
) -> Result<StatusCode, Failure> {
    house.paces.mark(caller.session.person.id)?;
    house.execute(caller.actor(), NoteArrival { id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/v1/me/notices`
pub(crate) async fn set_notices(
    State(house): State<Arc<House>>,
    caller: Caller,
    Json(body): Json<NoticePrefsBody>,
) -> Result<StatusCode, Failure> {
    house.paces.act(caller.session.person.id)?;
    let NoticePrefsBody { hidden, quiet } = body;
    let quiet = quiet.map(hours).transpose()?;
    house.execute(caller.actor(), SetNoticePrefs { prefs: NoticePrefs { hidden, quiet } }).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn hours(body: QuietBody) -> Result<Quiet, Failure> {
    let QuietBody { from_min, to_min, time_zone } = body;
    let zone = Line::time_zone(&time_zone).map_err(Refusal::from)?;
    let zone = zone.filter(|zone| push::is_zone(zone.as_str())).ok_or(Refusal::from(BadProfile::TimeZone))?;
    Quiet::between(from_min, to_min, zone)
        .ok_or_else(|| Failure::malformed("quiet hours lie between two different minutes of a day, 0 to 1439"))
}
