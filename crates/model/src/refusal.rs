//! Why not: the asker's side of a no. Shown to the asker, never logged.

use crate::{BadBody, BadClientKey, BadPassword, BadProfile, BadRoomName, BadUsername, limits::ROOMS_PER_USER_MAX};

/// A closed list of reasons to refuse. Each has one stable code on the wire (`protocol::Code`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody is signed in here.
    #[error("Please log in.")]
    NotSignedIn,
    /// The username or the password is wrong; which of the two is not said.
    #[error("The username or the password is wrong.")]
    WrongCredentials,
    /// There is no such thing, or the asker may not know of it.
    #[error("There is nothing here, or it is not for you.")]
    NotFound,
    /// The asker may not do this.
    #[error("You may not do this.")]
    NotAllowed,
    /// The room can be seen, but only members may do this.
    #[error("Join the room first.")]
    NotAMember,
    /// Sign-up is closed.
    #[error("Sign-up is closed here. Ask the administrator for an account.")]
    SignUpClosed,
    /// Sign-up needs an invitation.
    #[error("Sign-up needs an invitation here. Ask somebody who has an account.")]
    InvitationNeeded,
    /// The invitation was used, is too old, or never was.
    #[error("This invitation was used already or is too old. Ask for a new one.")]
    InvitationInvalid,
    /// Somebody has this name, or one that looks like it.
    #[error("Somebody has this username, or one that looks like it.")]
    UsernameTaken,
    /// The text is not a username.
    #[error(transparent)]
    BadUsername(#[from] BadUsername),
    /// What is to be told of oneself cannot be shown.
    #[error(transparent)]
    BadProfile(#[from] BadProfile),
    /// The text will not do as a password.
    #[error(transparent)]
    BadPassword(#[from] BadPassword),
    /// The text is not a room's name.
    #[error(transparent)]
    BadRoomName(#[from] BadRoomName),
    /// A public room has this name.
    #[error("A room of this name exists. Join it, or choose another name.")]
    RoomNameTaken,
    /// The asker is in too many rooms.
    #[error("You are in {ROOMS_PER_USER_MAX} rooms, which is the most. Leave one first.")]
    TooManyRooms,
    /// Too many people for one direct chat, or for one watch.
    #[error("These are too many people at once.")]
    TooManyPeople,
    /// The text is not a message.
    #[error(transparent)]
    BadBody(#[from] BadBody),
    /// The text is not a client key.
    #[error(transparent)]
    BadClientKey(#[from] BadClientKey),
    /// The key named another write already.
    #[error("This key was used for another message.")]
    KeyReused,
    /// Too much in too little time.
    #[error("That was a lot at once. Wait a moment.")]
    TooFast {
        /// When to try again, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// A bounded queue is full.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
}
