//! One line for each request, at the level `debug`; `warn` for those that failed by our fault. The route's template is
//! written, never the path: paths hold invitation codes and names.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};

use super::RequestId;

/// Middleware: writes the line after the answer.
pub(crate) async fn write(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let duration_ms = began.elapsed().as_secs_f64() * 1_000.0;
    if response.status().is_server_error() {
        tracing::warn!(request.id = id, http.method = %method, http.route = route, http.status = status, duration_ms, "request failed");
    } else {
        tracing::debug!(request.id = id, http.method = %method, http.route = route, http.status = status, duration_ms, "request answered");
    }
    response
}
