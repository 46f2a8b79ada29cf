//! No request takes for ever.

use std::time::Duration;

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::limits::REQUEST_TIMEOUT_MS;
use protocol::Code;

use crate::Failure;

/// Middleware: answers `timed_out` when the handler, or the sender of the body, takes too long.
pub(crate) async fn limit(request: Request, next: Next) -> Response {
    let limit = Duration::from_millis(REQUEST_TIMEOUT_MS);
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| Failure::Door(Code::TimedOut).into_response())
}
