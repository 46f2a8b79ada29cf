//! A name for each request, in the log and in the answer. Drawn here: one sent by a client is not believed.

use axum::{extract::Request, http::HeaderValue, middleware::Next, response::Response};

use crate::random;

/// A request's name.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// Middleware: names the request, and says the name in `X-Request-Id`.
pub(crate) async fn give(mut request: Request, next: Next) -> Response {
    let id = random::request_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
