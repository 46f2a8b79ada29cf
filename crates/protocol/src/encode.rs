//! Values to bytes.

use serde::Serialize;

/// One frame or body as JSON text.
///
/// # Panics
/// Never for the types of this crate: their map keys are strings and their numbers finite. A property test says so.
#[expect(clippy::expect_used, reason = "JSON of plain structs, strings and integers has no way to fail")]
pub fn encode<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("wire types encode")
}
