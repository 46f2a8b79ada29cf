//! For machines that watch over the server.

use std::sync::Arc;

use axum::{extract::State, http::StatusCode};

use crate::{Failure, House};

/// The process lives.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can do its work: the database answers.
pub(crate) async fn readyz(State(house): State<Arc<House>>) -> (StatusCode, &'static str) {
    let answer: Result<bool, Failure> =
        house.store.read(|conn| Box::pin(async { Ok(store::users::any_admin(conn).await?) })).await;
    match answer {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(failure) => {
            failure.tell("readyz");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}
