//! A line: what stands in for a socket.

use serde::{Deserialize, Serialize};

use crate::FromServer;

/// `POST /api/v1/events`: a line was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LineOpened {
    /// Its name: 32 hexadecimal digits.
    pub line: String,
}

/// `GET /api/v1/events/{line}`: what came down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Polled {
    /// The frames, as a socket would have them.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Object>))]
    pub frames: Vec<FromServer>,
    /// The number of the last of them: ask again with `after` set to this.
    pub last: u64,
    /// Nothing more comes. Where a socket would have been closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<LineEnded>,
}

/// Why a line ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LineEnded {
    /// The number of a socket's close frame.
    pub code: u16,
    /// In words.
    pub reason: String,
}

impl LineEnded {
    /// What a socket's close frame would say; 1000 after a good-bye of the client.
    #[must_use]
    pub fn of(why: Option<crate::Close>) -> Self {
        let (code, reason) = why.map_or((1000, "good-bye"), |close| (close.number(), close.reason()));
        Self { code, reason: reason.to_owned() }
    }
}
