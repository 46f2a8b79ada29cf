//! Messages of all rooms that one saved, or that name one, for programs.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use model::Seq;
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Parameters},
    query,
};

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// How many messages.
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// `GET /api/v1/me/saved?limit=&cursor=`
pub(crate) async fn saved(
    State(house): State<Arc<House>>,
    caller: Caller,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Failure> {
    let before = match wanted.cursor.map(|cursor| cursor.parse()) {
        Some(cursor) => Some(Seq::new(cursor.map_err(|_| no_cursor())?)),
        None => None,
    };
    Ok(json(&query::saved(&house, caller.session, before, wanted.limit).await?))
}

/// `GET /api/v1/me/mentions?limit=&cursor=`
pub(crate) async fn mentions(
    State(house): State<Arc<House>>,
    caller: Caller,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Failure> {
    let before = match &wanted.cursor {
        Some(cursor) => Some(query::naming(cursor).ok_or_else(no_cursor)?),
        None => None,
    };
    Ok(json(&query::mentions(&house, caller.session, before, wanted.limit).await?))
}

fn no_cursor() -> Failure {
    Failure::malformed("this is no cursor")
}
