//! Searching, for programs.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use model::{Refusal, Search, limits::SEARCH_PAGE};
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Parameters},
    query,
};

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// What was typed.
    q: String,
    /// How many messages.
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<i64>,
    /// The minutes that the asker's clock is before that of Greenwich: it says when their days begin.
    #[serde(default)]
    offset_min: i32,
}

/// `GET /api/v1/search?q=&limit=&cursor=&offset_min=`
pub(crate) async fn search(
    State(house): State<Arc<House>>,
    caller: Caller,
    Parameters(asked): Parameters<Asked>,
) -> Result<Response, Failure> {
    house.paces.search(caller.session.person.id)?;
    let search = Search::parse(&asked.q, asked.offset_min).map_err(Refusal::from)?;
    let wanted = query::Wanted { search, before: asked.cursor, limit: asked.limit.unwrap_or(SEARCH_PAGE) };
    Ok(json(&query::search(&house, caller.session, wanted).await?))
}
