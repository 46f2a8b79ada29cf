//! An id in a path. One that is not a number is nothing that exists.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use model::Refusal;
use serde::de::DeserializeOwned;

use crate::Failure;

/// The one variable of a path.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let named = Path::from_request_parts(parts, state).await;
        named.map(|Path(value)| Self(value)).map_err(|_| Refusal::NotFound.into())
    }
}
