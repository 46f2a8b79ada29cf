//! What is behind a link.

use serde::{Deserialize, Serialize};

/// `GET /api/v1/rooms/{room}/messages/{seq}/preview`: what a page says of itself. Its words are a stranger's: text, one line each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Preview {
    /// What the site calls itself, or its host.
    pub site: String,
    /// The page's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its picture, which `…/preview/picture` gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PreviewPicture>,
}

/// The measures of a page's picture; one of the same form is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PreviewPicture {
    /// In pixels; at least 1.
    pub width: u32,
    /// In pixels; at least 1.
    pub height: u32,
}
