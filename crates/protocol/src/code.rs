//! Stable codes: what a program may rely on. A code never changes its meaning; the sentence beside it may.

use model::{BadBody, Refusal};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// Whether asking again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same request will always be refused.
    Never,
    /// The same request may succeed later, also unchanged.
    Later,
    /// The same request may succeed after logging in.
    AfterLogIn,
}

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Not signed in, or no longer.
    NotSignedIn,
    /// Username or password is wrong.
    WrongCredentials,
    /// No such thing, or not to be known.
    NotFound,
    /// Known, but not allowed.
    NotAllowed,
    /// Only members of the room may.
    NotAMember,
    /// Nobody can sign up by themselves.
    SignUpClosed,
    /// Signing up needs an invitation.
    InvitationNeeded,
    /// The invitation is void.
    InvitationInvalid,
    /// The username, or one like it, is taken.
    UsernameTaken,
    /// Not a username.
    UsernameInvalid,
    /// Not what a profile takes.
    ProfileInvalid,
    /// Not a password that will do.
    PasswordInvalid,
    /// Not a room's name.
    RoomNameInvalid,
    /// Not a topic.
    TopicInvalid,
    /// A public room has this name.
    RoomNameTaken,
    /// In too many rooms.
    TooManyRooms,
    /// Too many people for one direct chat, or one watch.
    TooManyPeople,
    /// Nothing to read in the message.
    BodyBlank,
    /// The message is too long.
    BodyTooLong,
    /// The message has control characters.
    BodyInvalid,
    /// Not a client key.
    KeyInvalid,
    /// The key names another write.
    KeyReused,
    /// The message was changed meanwhile.
    EditedMeanwhile,
    /// The message was changed too often.
    TooManyEdits,
    /// Not an emoji.
    EmojiInvalid,
    /// Not a custom emoji's name.
    EmojiNameInvalid,
    /// An emoji has this name.
    EmojiExists,
    /// The server has too many custom emoji.
    TooManyEmoji,
    /// Too many reactions to one message.
    TooManyReactions,
    /// Too many messages are pinned to the room.
    TooManyPins,
    /// One of two people blocks the other.
    Blocked,
    /// A moment that is past, or too far ahead.
    MomentInvalid,
    /// This person wants too much to be said later.
    TooManyScheduled,
    /// The token lacks the scope.
    OutOfScope,
    /// Too many bots, tokens or hooks.
    TooManyBots,
    /// Messages cannot be brought there.
    HookInvalid,
    /// Bots have answered each other too often.
    BotsOnly,
    /// This person ignores or blocks too many.
    TooManyRegarded,
    /// Too many messages are saved.
    TooManySaved,
    /// Too much in too little time.
    TooFast,
    /// A queue is full.
    Busy,
    /// Not JSON, or not of the documented shape.
    Malformed,
    /// Larger than is taken.
    TooLarge,
    /// The request comes from another site's page.
    ForeignOrigin,
    /// The method does not fit the address.
    MethodNotAllowed,
    /// The body is not `application/json`.
    UnsupportedMediaType,
    /// Instant rooms are closed here, because the machine may write memory to its disk.
    InstantClosed,
    /// The server takes no files.
    FilesClosed,
    /// The file is larger than this server takes.
    FileTooLarge,
    /// All files of this person together would be more than they may have.
    QuotaFull,
    /// Too many files for one message.
    TooManyFiles,
    /// Too many uploads of this person are not finished.
    TooManyUploads,
    /// The upload stands at another place, which the answer tells.
    OffsetWrong,
    /// More bytes came than were announced.
    SizeWrong,
    /// A picture that would take too much memory or time.
    PictureRefused,
    /// A file that cannot go with this message.
    FileNotReady,
    /// No space is left for files.
    StorageFull,
    /// Where files are kept cannot be reached.
    StorageAway,
    /// The search is too long, or has too many words.
    SearchTooLong,
    /// The search would have to look at too much.
    SearchTooBroad,
    /// Not a device that can be pushed to.
    PushInvalid,
    /// The server took too long.
    TimedOut,
    /// The server's own mistake; it is in its log under the request's id.
    Fault,
}

impl Code {
    /// Every code, in the order of the list in PROTOCOL.md.
    pub const ALL: [Self; 63] = [
        Self::NotSignedIn,
        Self::WrongCredentials,
        Self::NotFound,
        Self::NotAllowed,
        Self::NotAMember,
        Self::SignUpClosed,
        Self::InvitationNeeded,
        Self::InvitationInvalid,
        Self::UsernameTaken,
        Self::UsernameInvalid,
        Self::ProfileInvalid,
        Self::PasswordInvalid,
        Self::RoomNameInvalid,
        Self::TopicInvalid,
        Self::RoomNameTaken,
        Self::TooManyRooms,
        Self::TooManyPeople,
        Self::BodyBlank,
        Self::BodyTooLong,
        Self::BodyInvalid,
        Self::KeyInvalid,
        Self::KeyReused,
        Self::EditedMeanwhile,
        Self::TooManyEdits,
        Self::EmojiInvalid,
        Self::EmojiNameInvalid,
        Self::EmojiExists,
        Self::TooManyEmoji,
        Self::TooManyReactions,
        Self::TooManyPins,
        Self::Blocked,
        Self::MomentInvalid,
        Self::TooManyScheduled,
        Self::OutOfScope,
        Self::TooManyBots,
        Self::HookInvalid,
        Self::BotsOnly,
        Self::TooManyRegarded,
        Self::TooManySaved,
        Self::TooFast,
        Self::Busy,
        Self::Malformed,
        Self::TooLarge,
        Self::ForeignOrigin,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::InstantClosed,
        Self::FilesClosed,
        Self::FileTooLarge,
        Self::QuotaFull,
        Self::TooManyFiles,
        Self::TooManyUploads,
        Self::OffsetWrong,
        Self::SizeWrong,
        Self::PictureRefused,
        Self::FileNotReady,
        Self::StorageFull,
        Self::StorageAway,
        Self::SearchTooLong,
        Self::SearchTooBroad,
        Self::PushInvalid,
        Self::TimedOut,
        Self::Fault,
    ];

    /// Whether asking again can help.
    #[must_use]
    pub const fn retry(self) -> Retry {
        match self {
            Self::NotSignedIn => Retry::AfterLogIn,
            Self::TooFast
            | Self::BotsOnly
            | Self::Busy
            | Self::OffsetWrong
            | Self::StorageFull
            | Self::StorageAway
            | Self::SearchTooBroad
            | Self::TimedOut
            | Self::Fault => Retry::Later,
            Self::WrongCredentials
            | Self::NotFound
            | Self::PushInvalid
            | Self::NotAllowed
            | Self::NotAMember
            | Self::SignUpClosed
            | Self::InvitationNeeded
            | Self::InvitationInvalid
            | Self::UsernameTaken
            | Self::UsernameInvalid
            | Self::ProfileInvalid
            | Self::PasswordInvalid
            | Self::RoomNameInvalid
            | Self::TopicInvalid
            | Self::RoomNameTaken
            | Self::TooManyRooms
            | Self::TooManyPeople
            | Self::BodyBlank
            | Self::BodyTooLong
            | Self::BodyInvalid
            | Self::KeyInvalid
            | Self::KeyReused
            | Self::EditedMeanwhile
            | Self::TooManyEdits
            | Self::EmojiInvalid
            | Self::EmojiNameInvalid
            | Self::EmojiExists
            | Self::TooManyEmoji
            | Self::TooManyReactions
            | Self::TooManyPins
            | Self::Blocked
            | Self::MomentInvalid
            | Self::TooManyScheduled
            | Self::OutOfScope
            | Self::TooManyBots
            | Self::HookInvalid
            | Self::TooManyRegarded
            | Self::TooManySaved
            | Self::Malformed
            | Self::TooLarge
            | Self::ForeignOrigin
            | Self::MethodNotAllowed
            | Self::UnsupportedMediaType
            | Self::InstantClosed
            | Self::FilesClosed
            | Self::FileTooLarge
            | Self::QuotaFull
            | Self::TooManyFiles
            | Self::TooManyUploads
            | Self::SizeWrong
            | Self::PictureRefused
            | Self::FileNotReady
            | Self::SearchTooLong => Retry::Never,
        }
    }
}

impl From<Refusal> for Code {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotSignedIn => Self::NotSignedIn,
            Refusal::WrongCredentials => Self::WrongCredentials,
            Refusal::NotFound => Self::NotFound,
            Refusal::NotAllowed => Self::NotAllowed,
            Refusal::NotAMember => Self::NotAMember,
            Refusal::SignUpClosed => Self::SignUpClosed,
            Refusal::InvitationNeeded => Self::InvitationNeeded,
            Refusal::InvitationInvalid => Self::InvitationInvalid,
            Refusal::UsernameTaken => Self::UsernameTaken,
            Refusal::BadUsername(_) => Self::UsernameInvalid,
            Refusal::BadProfile(_) => Self::ProfileInvalid,
            Refusal::BadPassword(_) => Self::PasswordInvalid,
            Refusal::BadRoomName(_) => Self::RoomNameInvalid,
            Refusal::BadTopic(_) => Self::TopicInvalid,
            Refusal::RoomNameTaken => Self::RoomNameTaken,
            Refusal::TooManyRooms => Self::TooManyRooms,
            Refusal::TooManyPeople => Self::TooManyPeople,
            Refusal::BadBody(BadBody::Blank) => Self::BodyBlank,
            Refusal::BadBody(BadBody::TooLong) => Self::BodyTooLong,
            Refusal::BadBody(BadBody::ControlCharacter) => Self::BodyInvalid,
            Refusal::BadClientKey(_) => Self::KeyInvalid,
            Refusal::KeyReused => Self::KeyReused,
            Refusal::EditedMeanwhile => Self::EditedMeanwhile,
            Refusal::TooManyEdits => Self::TooManyEdits,
            Refusal::BadEmoji(_) => Self::EmojiInvalid,
            Refusal::BadEmojiName(_) => Self::EmojiNameInvalid,
            Refusal::EmojiExists => Self::EmojiExists,
            Refusal::TooManyEmoji => Self::TooManyEmoji,
            Refusal::TooManyReactions => Self::TooManyReactions,
            Refusal::TooManyPins => Self::TooManyPins,
            Refusal::Blocked => Self::Blocked,
            Refusal::BadMoment => Self::MomentInvalid,
            Refusal::TooManyScheduled => Self::TooManyScheduled,
            Refusal::OutOfScope => Self::OutOfScope,
            Refusal::TooManyBots => Self::TooManyBots,
            Refusal::HookInvalid => Self::HookInvalid,
            Refusal::OnlyBots => Self::BotsOnly,
            Refusal::TooManyRegarded => Self::TooManyRegarded,
            Refusal::TooManySaved => Self::TooManySaved,
            Refusal::TooFast { .. } => Self::TooFast,
            Refusal::FilesClosed => Self::FilesClosed,
            Refusal::FileTooLarge { .. } => Self::FileTooLarge,
            Refusal::QuotaFull { .. } => Self::QuotaFull,
            Refusal::TooManyFiles => Self::TooManyFiles,
            Refusal::TooManyUploads => Self::TooManyUploads,
            Refusal::OffsetWrong { .. } => Self::OffsetWrong,
            Refusal::SizeWrong => Self::SizeWrong,
            Refusal::PictureRefused => Self::PictureRefused,
            Refusal::FileNotReady => Self::FileNotReady,
            Refusal::StorageFull => Self::StorageFull,
            Refusal::StorageAway => Self::StorageAway,
            Refusal::BadSearch(_) => Self::SearchTooLong,
            Refusal::SearchTooBroad => Self::SearchTooBroad,
            Refusal::PushInvalid => Self::PushInvalid,
            Refusal::Busy => Self::Busy,
        }
    }
}

/// By its name. Looked for among all of them: rarely wanted, so it need not be quick, and what is made for a match over so many names
/// weighs too much where it is fetched.
impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::ALL.into_iter().find(|code| code.to_string() == name).ok_or_else(|| D::Error::custom("not a code"))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}
