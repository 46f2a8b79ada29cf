//! Bots: accounts of programs, what their tokens may do, and the doors of their rooms to other programs.

use serde::{Deserialize, Serialize};

use crate::HookKey;

/// One thing that a bot's token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Look at whatever the bot may see, and listen.
    Read,
    /// Say something, change it, react, send files.
    Post,
    /// Enter public rooms, and leave rooms.
    Join,
}

/// What a session may do. One of a person may do everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(i64);

impl Scopes {
    /// Nothing that would have to be allowed.
    pub const NONE: Self = Self(0);
    /// [`Scope::Read`].
    pub const READ: Self = Self(1);
    /// [`Scope::Post`].
    pub const POST: Self = Self(2);
    /// [`Scope::Join`].
    pub const JOIN: Self = Self(4);
    /// What belongs to the account itself: no bot's token may do it.
    pub const ACCOUNT: Self = Self(8);
    /// Everything.
    pub const ALL: Self = Self(15);

    /// These, of a bot's token.
    #[must_use]
    pub fn of(scopes: &[Scope]) -> Self {
        let bits = scopes.iter().map(|scope| match scope {
            Scope::Read => Self::READ.0,
            Scope::Post => Self::POST.0,
            Scope::Join => Self::JOIN.0,
        });
        Self(bits.fold(0, |all, bit| all | bit))
    }

    /// Those that a bot's token has.
    #[must_use]
    pub fn list(self) -> Vec<Scope> {
        let all = [Scope::Read, Scope::Post, Scope::Join];
        all.into_iter().filter(|scope| self.has(Self::of(&[*scope]))).collect()
    }

    /// Whether all of `needed` are among these.
    #[must_use]
    pub const fn has(self, needed: Self) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// As kept by the store. A person's sessions are kept without.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }

    /// From the store: of a bot's token, which never has [`Self::ACCOUNT`].
    #[must_use]
    pub const fn kept(number: i64) -> Self {
        Self(number & 7)
    }
}

/// What a hook is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookWish {
    /// Let whoever knows its address say something in a room, as the bot.
    Incoming,
    /// Tell another server of each message in a room.
    Outgoing {
        /// Where.
        url: String,
        /// What it is signed with.
        key: HookKey,
    },
}

/// Which way a hook leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum HookKind {
    /// Others say something here.
    Incoming,
    /// Others are told what is said here.
    Outgoing,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_what_it_was_given_and_never_the_account() {
        let some = Scopes::of(&[Scope::Post, Scope::Post, Scope::Join]);
        assert_eq!(some.list(), [Scope::Post, Scope::Join]);
        assert!(some.has(Scopes::POST) && some.has(Scopes::NONE) && !some.has(Scopes::READ));
        assert_eq!(Scopes::kept(some.number()), some);
        assert!(!Scopes::kept(Scopes::ALL.number()).has(Scopes::ACCOUNT));
        assert!(Scopes::ALL.has(Scopes::ACCOUNT) && Scopes::ALL.has(Scopes::READ));
    }
}
