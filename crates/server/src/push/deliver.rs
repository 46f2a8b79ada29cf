//! Brings a push to its push service, again and again if need be, for a while.

use std::{sync::Weak, time::Duration};

use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::Full;
use model::{
    Actor, Refusal,
    limits::{OUTBOUND_BYTES_MAX, PUSH_RETRY_MS_MAX, PUSH_TRIES_MAX, PUSH_TTL_S},
};
use store::{Fault, push::Device};

use super::{Letter, Push, seal};
use crate::{
    Failure, House,
    command::{NotePush, PushFate},
    outbound::NoAnswer,
};

/// What came of one try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The push service took it.
    Taken,
    /// There is no device any more at this address.
    Gone,
    /// It may be taken later, after so long if the push service said so. With the status that it gave; 0: none.
    Later(u16, Option<Duration>),
    /// It will never be taken. With the status that the push service gave; 0: it was not even asked.
    Refused(u16),
}

/// Tries once, and notes what came of it.
pub(crate) async fn deliver(house: &House, push: &Push, letter: &Letter) -> Result<Outcome, Failure> {
    let outcome = attempt(house, push, letter).await?;
    note(house, &letter.to, outcome).await?;
    Ok(outcome)
}

/// Tries until the push is taken or given up, or is not worth it any more.
pub(super) async fn try_until_taken(house: &Weak<House>, push: &Push, letter: &Letter) {
    if let Err(failure) = keep_trying(house, push, letter).await
        && !matches!(failure, Failure::Refused(Refusal::Busy))
    {
        failure.tell("push");
    }
}

async fn keep_trying(house: &Weak<House>, push: &Push, letter: &Letter) -> Result<(), Failure> {
    let mut wait = push.settings.retry;
    for tried in 1..=PUSH_TRIES_MAX {
        // Not held while it waits: whoever closes the house wants to be the last to hold it.
        let Some(house) = house.upgrade() else { return Ok(()) };
        if push.is_overtaken(letter) || tried > 1 && !is_wanted(&house, letter).await? {
            return Ok(());
        }
        let outcome = attempt(&house, push, letter).await?;
        let asked = match outcome {
            Outcome::Later(_, asked) => asked,
            Outcome::Taken | Outcome::Gone | Outcome::Refused(_) => return note(&house, &letter.to, outcome).await,
        };
        let pause = asked.unwrap_or(wait);
        if tried == PUSH_TRIES_MAX || pause > Duration::from_millis(PUSH_RETRY_MS_MAX) {
            return note(&house, &letter.to, outcome).await;
        }
        drop(house);
        tokio::time::sleep(pause).await;
        wait *= 4;
    }
    Ok(())
}

/// Whether the device is still there, and its person has not read the message meanwhile.
async fn is_wanted(house: &House, letter: &Letter) -> Result<bool, Failure> {
    let Some((room, seq)) = letter.about.filter(|_| letter.until_read) else { return Ok(true) };
    let id = letter.to.id;
    let read = house.store.read::<_, Fault, _>(move |conn| Box::pin(store::push::is_wanted(conn, id, room, seq)));
    Ok(read.await?)
}

async fn attempt(house: &House, push: &Push, letter: &Letter) -> Result<Outcome, Failure> {
    let key = push.key(house).await?;
    let now_ms = (house.clock)().as_ms();
    let Some(request) = request(push, key, letter, now_ms) else { return Ok(Outcome::Refused(0)) };
    let outcome = match push.outbound.send(request, |_| OUTBOUND_BYTES_MAX).await {
        Ok(answer) => judge(answer.status, &answer.headers),
        Err(NoAnswer::Away(_)) => Outcome::Later(0, None),
        // It led elsewhere when it was told of.
        Err(NoAnswer::Forbidden(_)) => Outcome::Refused(0),
    };
    tracing::debug!(device = %letter.to.id, ?outcome, "a push was tried");
    Ok(outcome)
}

fn judge(status: StatusCode, headers: &HeaderMap) -> Outcome {
    let number = status.as_u16();
    match number {
        200..300 => Outcome::Taken,
        404 | 410 => Outcome::Gone,
        408 | 429 | 500..600 => {
            // A date is as good as nothing: push services give seconds.
            let asked = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
            Outcome::Later(number, asked.map(Duration::from_secs))
        }
        _ => Outcome::Refused(number),
    }
}

fn request(push: &Push, key: &super::Key, letter: &Letter, now_ms: i64) -> Option<Request<Full<axum::body::Bytes>>> {
    let to = &letter.to.subscription;
    let uri: Uri = to.endpoint.parse().ok()?;
    let origin = format!("{}://{}", uri.scheme_str()?, uri.authority()?);
    let sealed = seal::seal(to, letter.text.as_bytes()).ok()?;
    let contact = push.settings.contact.as_deref();
    let mut request = Request::post(uri)
        .header(header::AUTHORIZATION, key.authorization(&origin, contact, now_ms)?)
        .header(header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"))
        .header(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
        .header("ttl", PUSH_TTL_S)
        .header("urgency", if letter.urgent { "high" } else { "normal" });
    if let Some(topic) = letter.topic() {
        request = request.header("topic", topic);
    }
    request.body(Full::from(sealed)).ok()
}

async fn note(house: &House, to: &Device, outcome: Outcome) -> Result<(), Failure> {
    let fate = match outcome {
        Outcome::Taken => PushFate::Taken,
        Outcome::Gone => PushFate::Gone { endpoint: to.subscription.endpoint.clone() },
        Outcome::Later(status, _) | Outcome::Refused(status) => PushFate::Failed { status },
    };
    house.execute(Actor::Operator, NotePush { user: to.user, id: to.id, fate }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_push_service_says_is_understood() {
        let says = |status: u16, after: &str| {
            let headers = [(header::RETRY_AFTER, HeaderValue::from_str(after).unwrap())].into_iter().collect();
            judge(StatusCode::from_u16(status).unwrap(), &headers)
        };
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (status, after, outcome) in [
            (201, "", Outcome::Taken),
            (202, "9", Outcome::Taken),
            (302, "", Outcome::Refused(302)),
            (400, "", Outcome::Refused(400)),
            (403, "", Outcome::Refused(403)),
            (404, "", Outcome::Gone),
            (410, "", Outcome::Gone),
            (413, "", Outcome::Refused(413)),
            (429, "120", Outcome::Later(429, seconds(120))),
            (429, "Wed, 21 Oct 2026 07:28:00 GMT", Outcome::Later(429, None)),
            (429, "-1", Outcome::Later(429, None)),
            (500, "", Outcome::Later(500, None)),
            (503, " 3 ", Outcome::Later(503, seconds(3))),
        ] {
            assert_eq!(says(status, after), outcome, "{status} {after}");
        }
    }
}
