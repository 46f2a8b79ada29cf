//! Takes browsers' reports about breaches of our content security policy, which in a sound client never come.

use std::sync::Arc;

use axum::{body::Bytes, extract::State, http::StatusCode};
use serde::Deserialize;

use super::Address;
use crate::{Failure, House};

#[derive(Deserialize)]
struct Report {
    #[serde(rename = "csp-report")]
    report: Breach,
}

#[derive(Deserialize)]
struct Breach {
    #[serde(rename = "effective-directive", default)]
    directive: String,
}

/// Writes down which directive was broken. What broke it may hold a person's words, and stays out of the log.
pub(crate) async fn take(
    State(house): State<Arc<House>>,
    address: Address,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    house.paces.report(address.0)?;
    if let Ok(Report { report }) = serde_json::from_slice(&body) {
        let directive: String = report.directive.chars().filter(char::is_ascii_graphic).take(64).collect();
        tracing::warn!(csp.directive = directive, "a browser reports a breach of the content security policy");
    }
    Ok(StatusCode::NO_CONTENT)
}
