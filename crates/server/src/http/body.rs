//! Reading what a request brings, once, with every mistake in the house's own words.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{StatusCode, header, request::Parts},
    response::IntoResponse,
};
use protocol::{Code, decode};
use serde::de::DeserializeOwned;

use crate::Failure;

/// A JSON body. Needs `Content-Type: application/json`, which a form of another site cannot send unasked.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
        if !kind.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json") {
            return Err(Failure::Door(Code::UnsupportedMediaType));
        }
        let bytes = bytes(request, state).await?;
        let text = str::from_utf8(&bytes).map_err(|_| Failure::malformed("the body is not UTF-8"))?;
        Ok(Self(decode(text)?))
    }
}

/// The fields of an HTML form.
pub(crate) struct Form<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(fields)) => Ok(Self(fields)),
            Err(rejection) => {
                Err(by_status(rejection.into_response().status(), "the form lacks a field or has a wrong one"))
            }
        }
    }
}

/// The parameters of a query string.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Parameters<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = Query::from_request_parts(parts, state).await;
        query.map(|Query(fields)| Self(fields)).map_err(|e| Failure::malformed(e.body_text()))
    }
}

async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Failure> {
    let read = Bytes::from_request(request, state).await;
    read.map_err(|rejection| by_status(rejection.into_response().status(), "the body broke off"))
}

fn by_status(status: StatusCode, what: &'static str) -> Failure {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::Door(Code::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Failure::Door(Code::UnsupportedMediaType),
        _ => Failure::malformed(what),
    }
}
