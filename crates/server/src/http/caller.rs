//! Who is at the door: the session that a request's token or cookie belongs to.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use model::{Actor, Refusal, Scopes, Session, TokenHash, rules};
use url::form_urlencoded;

use super::cookie;
use crate::{Failure, House, Secret, query};

/// What programs call a token that they put into a query string (RFC 6750, 2.3), and others like it.
const IN_ADDRESSES: [&str; 4] = ["access_token", "token", "bearer", "authorization"];

/// Somebody who is signed in.
pub(crate) struct Caller {
    pub(crate) session: Session,
    pub(crate) token: TokenHash,
}

/// The secret that a request shows: `Authorization: Bearer …` for programs, the cookie for browsers. Nobody has looked whose it is.
pub(crate) struct Token(pub(crate) Secret);

impl Caller {
    pub(crate) fn actor(&self) -> Actor {
        Actor::SignedIn(self.session.clone())
    }
}

impl FromRequestParts<Arc<House>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Self, Failure> {
        let Token(secret) = Token::from_request_parts(parts, house).await?;
        let token = secret.hash();
        let session = query::whose_session(house, token).await?.ok_or(Refusal::NotSignedIn)?;
        // What is changed, each command looks at by itself.
        if parts.method.is_safe() {
            rules::may(&session, Scopes::READ)?;
        }
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
        Ok(Self(shown(parts, house)?.ok_or(Refusal::NotSignedIn)?))
    }
}

fn shown(parts: &Parts, house: &House) -> Result<Option<Secret>, Failure> {
    let named = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).map(|(name, _)| name);
    if named.into_iter().any(|name| IN_ADDRESSES.contains(&&*name)) {
        let what =
            "a token is sent as `Authorization: Bearer …`, and never in an address, which is written down on its way";
        return Err(Failure::malformed(what));
    }
    Ok(match parts.headers.get(header::AUTHORIZATION) {
        Some(value) => {
            let bearer = value.to_str().ok().and_then(|value| value.strip_prefix("Bearer "));
            bearer.map(|token| Secret::shown(token.trim()))
        }
        None => cookie::session(&parts.headers, house.settings.public.as_ref()),
    })
}
