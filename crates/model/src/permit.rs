//! Proof that a rule was asked.

use std::marker::PhantomData;

use crate::{RoomId, UserId};

/// Saying something.
#[derive(Debug)]
pub enum Post {}

/// Changing a message of one's own, or taking it back.
#[derive(Debug)]
pub enum Amend {}

/// Reading and listening.
#[derive(Debug)]
pub enum Read {}

/// A witness that `user` may do `A` in `room`. Only [`crate::rules`] makes one; whatever needs it cannot be called without.
#[derive(Debug)]
pub struct Permit<A> {
    user: UserId,
    room: RoomId,
    action: PhantomData<A>,
}

impl<A> Permit<A> {
    pub(crate) fn grant(user: UserId, room: RoomId) -> Self {
        Self { user, room, action: PhantomData }
    }

    /// Who may.
    #[must_use]
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Where.
    #[must_use]
    pub fn room(&self) -> RoomId {
        self.room
    }
}
