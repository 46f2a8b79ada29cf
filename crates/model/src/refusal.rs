//! Why not: the asker's side of a no. Shown to the asker, never logged.

use std::fmt;

use crate::{
    BadBody, BadClientKey, BadEmoji, BadEmojiName, BadPassword, BadProfile, BadRoomName, BadSearch, BadTopic,
    BadUsername,
    limits::{
        BOT_HOOKS_MAX, BOT_HOPS_MAX, BOT_TOKENS_MAX, BOTS_MAX, CUSTOM_EMOJI_MAX, EDITS_MAX, FILES_PER_MESSAGE_MAX,
        PICTURE_PIXELS_MAX, PICTURE_SIDE_MAX, PINS_MAX, REACTIONS_MAX, REGARDED_MAX, ROOMS_PER_USER_MAX, SAVED_MAX,
        SCHEDULED_MAX, UPLOADS_UNFINISHED_MAX,
    },
};

/// Bytes, in the unit that people know from their devices: 1 MB is 1,024 × 1,024 bytes.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 3] = [(1 << 30, "GB"), (1 << 20, "MB"), (1 << 10, "KB")];
        let unit = UNITS.into_iter().find(|(bytes, _)| self.0 >= *bytes);
        let Some((bytes, name)) = unit else { return write!(f, "{} bytes", self.0) };
        // One digit after the point, cut and not rounded: what is promised is taken.
        match self.0 % bytes * 10 / bytes {
            0 => write!(f, "{} {name}", self.0 / bytes),
            tenths => write!(f, "{}.{tenths} {name}", self.0 / bytes),
        }
    }
}

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
    /// The text is not a topic.
    #[error(transparent)]
    BadTopic(#[from] BadTopic),
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
    /// The message says something else by now than its author saw.
    #[error("This message was changed on another device meanwhile. Look at it again.")]
    EditedMeanwhile,
    /// A message's text was changed too often.
    #[error("A message can be changed {EDITS_MAX} times. Write a new one.")]
    TooManyEdits,
    /// The text is not an emoji.
    #[error(transparent)]
    BadEmoji(#[from] BadEmoji),
    /// The text is not a custom emoji's name.
    #[error(transparent)]
    BadEmojiName(#[from] BadEmojiName),
    /// An emoji has this name.
    #[error("An emoji has this name. Choose another one.")]
    EmojiExists,
    /// The server has too many custom emoji.
    #[error("There are {CUSTOM_EMOJI_MAX} custom emoji, which is the most. Remove one first.")]
    TooManyEmoji,
    /// Too many reactions to one message.
    #[error("This message has {REACTIONS_MAX} reactions, which is the most.")]
    TooManyReactions,
    /// Too many messages are pinned to the room.
    #[error("{PINS_MAX} messages are pinned here, which is the most. Take a pin out first.")]
    TooManyPins,
    /// Of two people one blocks the other; which, is not said.
    #[error("Nothing can be said between the two of you: one has blocked the other.")]
    Blocked,
    /// A moment that is past, or more than a year ahead.
    #[error("Choose a moment that is still to come, within a year.")]
    BadMoment,
    /// The asker wants too much to be said later.
    #[error("{SCHEDULED_MAX} messages of yours are kept for later, which is the most.")]
    TooManyScheduled,
    /// The asker ignores or blocks too many people.
    #[error("You ignore or block {REGARDED_MAX} people, which is the most.")]
    TooManyRegarded,
    /// The asker has saved too many messages.
    #[error("You have saved {SAVED_MAX} messages, which is the most. Let go of one first.")]
    TooManySaved,
    /// A bot's token is for other things.
    #[error("This token is for other things: it lacks the scope.")]
    OutOfScope,
    /// Too many bots of one person, or tokens or hooks of one bot.
    #[error(
        "That is one too many: {BOTS_MAX} bots, and for each of them {BOT_TOKENS_MAX} tokens and {BOT_HOOKS_MAX} hooks."
    )]
    TooManyBots,
    /// Messages cannot be brought to this address.
    #[error("Messages cannot be brought to this address: it is not one of HTTPS in the open internet.")]
    HookInvalid,
    /// Bots have answered each other too often.
    #[error("Only bots have spoken here for {BOT_HOPS_MAX} messages. A person has to say something first.")]
    OnlyBots,
    /// Too much in too little time.
    #[error("That was a lot at once. Wait a moment.")]
    TooFast {
        /// When to try again, in milliseconds from now.
        retry_after_ms: u64,
    },
    /// The operator wants no files here.
    #[error("This server takes no files.")]
    FilesClosed,
    /// One file is larger than is taken.
    #[error("A file has at most {}. Make it smaller, or share it in another way.", Size(*max_bytes))]
    FileTooLarge {
        /// The most, in bytes.
        max_bytes: u64,
    },
    /// All files of one person together are more than they may have.
    #[error("All your files together have at most {}. Delete a message with a large one first.", Size(*quota_bytes))]
    QuotaFull {
        /// The most, in bytes.
        quota_bytes: u64,
    },
    /// Too many files for one message.
    #[error("A message has at most {FILES_PER_MESSAGE_MAX} files. Send the others with the next one.")]
    TooManyFiles,
    /// Too many uploads of one person are not finished.
    #[error(
        "{UPLOADS_UNFINISHED_MAX} of your uploads are not finished, which is the most. Finish or cancel some first."
    )]
    TooManyUploads,
    /// The bytes do not begin where the others end.
    #[error("The upload stands at another place.")]
    OffsetWrong {
        /// Where it stands, in bytes.
        offset: u64,
    },
    /// More came than was announced.
    #[error("More came than was announced. Upload the file again.")]
    SizeWrong,
    /// A picture that would take too much memory or time to show.
    #[error(
        "This picture cannot be shown safely: at most {PICTURE_SIDE_MAX} pixels a side and {} million in all.",
        PICTURE_PIXELS_MAX / 1_000_000
    )]
    PictureRefused,
    /// A file that cannot go with this message: unknown, not finished, of somebody else, for another room, or in another
    /// message already.
    #[error("One of the files cannot go with this message. Upload it again.")]
    FileNotReady,
    /// There is no space left for files.
    #[error("The server has no space left for files. Tell its administrator.")]
    StorageFull,
    /// Where files are kept cannot be reached.
    #[error("Files cannot be reached at the moment. Try again in a while.")]
    StorageAway,
    /// The text is not a search.
    #[error(transparent)]
    BadSearch(#[from] BadSearch),
    /// The search would have to look at too much.
    #[error("This search takes too long. Add a word, a room (in:), a person (from:) or a day (after:).")]
    SearchTooBroad,
    /// A device cannot be pushed to.
    #[error("Pushes cannot go to this device: its push service is none that this server sends to.")]
    PushInvalid,
    /// A bounded queue is full.
    #[error("The server is busy. Try again in a moment.")]
    Busy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_told_in_a_unit_that_people_know() {
        for (bytes, told) in [(900, "900 bytes"), (25 << 20, "25 MB"), (1_610_612_736, "1.5 GB"), (10 << 10, "10 KB")] {
            let sentence = Refusal::FileTooLarge { max_bytes: bytes }.to_string();
            assert!(sentence.starts_with(&format!("A file has at most {told}.")), "{sentence}");
        }
    }
}
