//! Who has an account here, for programs.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use model::UserId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::json;
use crate::{
    Failure, House,
    http::{Caller, body::Parameters},
    query,
};

/// Which people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// How the name begins.
    #[serde(default)]
    q: String,
    /// People with an id above this.
    after: Option<UserId>,
}

/// `GET /api/v1/people?q=&after=`
pub(crate) async fn people(
    State(house): State<Arc<House>>,
    caller: Caller,
    Parameters(wanted): Parameters<Wanted>,
) -> Result<Response, Failure> {
    let after = wanted.after.unwrap_or(UserId::new(0));
    Ok(json(&query::people(&house, &caller.session, &wanted.q, after).await?))
}
