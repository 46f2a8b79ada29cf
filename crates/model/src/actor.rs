//! Who asks.

use crate::{Person, Scopes, SessionId, UserId};

/// A session that was found to be alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub person: Person,
    /// Whether that person administers this server.
    pub admin: bool,
    /// What it may do.
    pub scopes: Scopes,
}

/// Who asks for a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not signed in.
    Stranger,
    /// Somebody who has.
    SignedIn(Session),
    /// The person at the server's own terminal, or the server itself at its first start.
    Operator,
}

impl Actor {
    /// The account that asks, if one does.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::SignedIn(session) => Some(session.person.id),
            Self::Stranger | Self::Operator => None,
        }
    }
}
