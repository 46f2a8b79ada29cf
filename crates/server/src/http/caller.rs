//! Who is at the door: the session that a request's token or cookie belongs to.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use model::{Actor, Refusal, Session, TokenHash};

use super::cookie;
use crate::{Failure, House, Secret, query};

/// Somebody who is signed in.
pub(crate) struct Caller {
    pub(crate) session: Session,
    pub(crate) token: TokenHash,
}

/// The secret that a request shows, if it shows one: `Authorization: Bearer …` for programs, the cookie for browsers.
pub(crate) struct Token(pub(crate) Option<Secret>);

impl Caller {
    pub(crate) fn actor(&self) -> Actor {
        Actor::SignedIn(self.session.clone())
    }
}

impl FromRequestParts<Arc<House>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Failure> {
        let token = shown(&parts.headers, house).ok_or(Refusal::NotSignedIn)?.hash();
        let session = query::whose_session(house, token).await?.ok_or(Refusal::NotSignedIn)?;
        Ok(Self { session, token })
    }
}

impl axum::extract::OptionalFromRequestParts<Arc<House>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Option<Self>, Failure> {
        match <Self as FromRequestParts<_>>::from_request_parts(parts, house).await {
            Ok(caller) => Ok(Some(caller)),
            Err(Failure::Refused(Refusal::NotSignedIn)) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

impl FromRequestParts<Arc<House>> for Token {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Failure> {
        Ok(Self(shown(&parts.headers, house)))
    }
}

fn shown(headers: &HeaderMap, house: &House) -> Option<Secret> {
    match headers.get(header::AUTHORIZATION) {
        Some(value) => value.to_str().ok()?.strip_prefix("Bearer ").map(|token| Secret::shown(token.trim())),
        None => cookie::session(headers, house.settings.public.as_ref()),
    }
}
