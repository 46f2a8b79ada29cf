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

/// Which page of the saved messages.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedPage {
    /// How many messages.
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<Seq>,
}

/// Which page of the mentions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct MentionsPage {
    /// How many messages.
    limit: Option<usize>,
    /// Where the page before ended.
    #[param(pattern = "^[0-9]{1,15}\\.[0-9]{1,15}\\.[0-9]{1,15}$")]
    cursor: Option<String>,
}

/// `GET /api/v1/me/saved?limit=&cursor=`
pub(crate) async fn saved(
    State(house): State<Arc<House>>,
    caller: Caller,
    Parameters(wanted): Parameters<SavedPage>,
) -> Result<Response, Failure> {
    Ok(json(&query::saved(&house, caller.session, wanted.cursor, wanted.limit).await?))
}

/// `GET /api/v1/me/mentions?limit=&cursor=`
pub(crate) async fn mentions(
    State(house): State<Arc<House>>,
    caller: Caller,
    Parameters(wanted): Parameters<MentionsPage>,
) -> Result<Response, Failure> {
    let before = match &wanted.cursor {
        Some(cursor) => Some(query::naming(cursor).ok_or_else(|| Failure::malformed("this is no cursor"))?),
        None => None,
    };
    Ok(json(&query::mentions(&house, caller.session, before, wanted.limit).await?))
}
