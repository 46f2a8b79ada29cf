//! Lines, for programs and for browsers to which no socket comes through.

use std::{convert::Infallible, fmt::Write as _, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{State, ws::Utf8Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use model::{Refusal, Scopes, limits::LINE_WAIT_MS_MAX, rules};
use protocol::{
    FromClient, encode,
    http::{LineEnded, LineOpened},
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::{
    Failure, House,
    http::{
        Caller, Token,
        body::{Json, Parameters},
        path::Named,
    },
    line::{self, Ended, Line, LineId, Taken},
    query::whose_session,
};

/// Words that say nothing, so that whatever stands between does not take the line for dead, come this often.
const MURMUR: Duration = Duration::from_secs(15);

/// Where a poll goes on, and how patient it is.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// The number of the last frame that the client has.
    after: Option<u64>,
    /// How long to wait for something to happen, in milliseconds.
    #[serde(default)]
    wait_ms: u64,
}

/// `POST /api/v1/events`
pub(crate) async fn open_line(State(house): State<Arc<House>>, caller: Caller) -> Result<Response, Failure> {
    rules::may(&caller.session, Scopes::READ)?;
    let line = line::open(&house, caller)?.to_string();
    Ok((StatusCode::CREATED, json(&LineOpened { line })).into_response())
}

/// `GET /api/v1/events/{line}?after=&wait_ms=`: as server-sent events, if they are what is accepted.
pub(crate) async fn listen(
    State(house): State<Arc<House>>,
    Named(id): Named<LineId>,
    token: Token,
    Parameters(Wanted { after, wait_ms }): Parameters<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let line = find(&house, id, token).await?;
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if text(header::ACCEPT).is_some_and(|accepted| accepted.contains("text/event-stream")) {
        return Ok(streamed(line));
    }
    let tag = text(header::IF_NONE_MATCH).and_then(|tag| tag.trim_matches('"').parse().ok());
    let wait = Duration::from_millis(wait_ms.min(LINE_WAIT_MS_MAX));
    let came = line.take(after.or(tag).unwrap_or(0), wait).await?;
    let mut answer = if came.frames.is_empty() && came.ended.is_none() {
        let nothing = if tag.is_some() { StatusCode::NOT_MODIFIED } else { StatusCode::NO_CONTENT };
        nothing.into_response()
    } else {
        ([(header::CONTENT_TYPE, "application/json")], polled(&came)).into_response()
    };
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", came.last)) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    Ok(answer)
}

/// `POST /api/v1/events/{line}`: a frame. What it brings comes down the line.
pub(crate) async fn speak(
    State(house): State<Arc<House>>,
    Named(id): Named<LineId>,
    token: Token,
    Json(frame): Json<FromClient>,
) -> Result<StatusCode, Failure> {
    find(&house, id, token).await?.hear(Some(encode(&frame)))?;
    Ok(StatusCode::ACCEPTED)
}

/// `DELETE /api/v1/events/{line}`: a good-bye.
pub(crate) async fn close_line(
    State(house): State<Arc<House>>,
    Named(id): Named<LineId>,
    token: Token,
) -> Result<StatusCode, Failure> {
    find(&house, id, token).await?.hear(None)?;
    Ok(StatusCode::NO_CONTENT)
}

/// A line belongs to the session that opened it. Whether that still lives is looked at by the conversation, as for a socket; so here
/// only if there is no such line, to say which of the two is missing.
async fn find(house: &House, id: LineId, Token(shown): Token) -> Result<Arc<Line>, Failure> {
    let token = shown.hash();
    match house.lines.find(id, token) {
        Ok(line) => Ok(line),
        Err(none) => Err(whose_session(house, token).await?.map_or(Refusal::NotSignedIn, |_| none).into()),
    }
}

/// Frames are JSON already.
fn polled(taken: &Taken) -> String {
    let frames = taken.frames.iter().map(Utf8Bytes::as_str).collect::<Vec<_>>().join(",");
    let ended =
        taken.ended.map(|Ended(why)| format!(r#","ended":{}"#, encode(&LineEnded::of(why)))).unwrap_or_default();
    format!(r#"{{"frames":[{frames}],"last":{}{ended}}}"#, taken.last)
}

/// Ends the line when the stream is dropped: who lost it opens another one and says where they stand, as after a lost socket.
struct Streaming(Arc<Line>);

impl Drop for Streaming {
    fn drop(&mut self) {
        // One whose queue is full is closed by its silence.
        let _ = self.0.hear(None);
    }
}

fn streamed(line: Arc<Line>) -> Response {
    let next = async |(line, after, over): (Streaming, u64, bool)| {
        if over {
            return None;
        }
        let taken = line.0.take(after, MURMUR).await.ok()?;
        let (last, over) = (taken.last, taken.ended.is_some());
        Some((Ok::<_, Infallible>(said(&taken)), (line, last, over)))
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // For proxies that would gather what is to come at once.
        (header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::from_stream(stream::unfold((Streaming(line), 0, false), next))).into_response()
}

/// In the form of server-sent events (HTML, 9.2.6). A frame has no line breaks: it is JSON.
fn said(taken: &Taken) -> Bytes {
    let mut text = String::new();
    for frame in &taken.frames {
        let _ = write!(text, "data: {frame}\n\n");
    }
    if let Some(Ended(why)) = taken.ended {
        let _ = write!(text, "event: ended\ndata: {}\n\n", encode(&LineEnded::of(why)));
    }
    if text.is_empty() {
        text += ":\n\n";
    }
    text.into()
}
