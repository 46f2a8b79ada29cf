//! What programs may ask, described for programs (`OpenAPI` 3.1) and for people.

mod door;
mod exact;
mod page;
mod table;

pub(crate) use door::{Door, delete, get, patch, post, put};
pub(crate) use table::Table;

use std::sync::Arc;

use axum::{Router, body::Bytes, http::header, routing};
use serde_json::Value;

use crate::House;

/// The document, and the same as a page.
pub(crate) fn pages(document: Value) -> Router<Arc<House>> {
    let bytes = Bytes::from(document.to_string());
    let json = async move || ([(header::CONTENT_TYPE, "application/json")], bytes);
    let document = Arc::new(document);
    Router::new()
        .route("/api/v1/openapi.json", routing::get(json))
        .route("/api/docs", routing::get(async move |house| page::page(house, &document)))
}
