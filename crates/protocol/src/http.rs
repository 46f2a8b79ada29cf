//! Bodies of the HTTP API. Requests refuse unknown fields; answers may grow.

mod bots;
mod emoji;
mod gathered;
mod line;
mod people;
mod posting;
mod preview;
mod push;

use model::{
    Epoch, File, FileId, MemberMarks, Message, Notify, Person, Room, RoomId, Scheduled, Seq, Timestamp, UserId,
    Visibility,
};
use serde::{Deserialize, Serialize};

pub use self::push::{
    NoticePrefsBody, PushDevice, PushHealth, PushTried, Pushed, Pushes, QuietBody, SubscribeBody, Subscribed,
};
pub use self::{
    bots::{
        Bot, BotBody, BotToken, Bots, Hook, HookBody, HookFailure, HookMade, Hooked, SlackBody, TokenBody, TokenMade,
    },
    emoji::{CustomEmoji, CustomEmojis},
    gathered::{Gathered, Placed},
    line::{LineEnded, LineOpened, Polled},
    people::{People, PersonCard, PersonEntry, ProfileBody, RegardBody, StatusBody},
    posting::{EditBody, Edits, Former, PostBody},
    preview::{Preview, PreviewPicture},
};
use crate::Refused;

/// `POST /api/v1/accounts`: make an account and sign it in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUpBody {
    /// The name wanted.
    pub username: String,
    /// The password.
    pub password: String,
    /// The invitation's code, where one is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
}

/// `POST /api/v1/session`: log in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LogInBody {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// The answer to a sign-up or log-in by the API: the token goes into `Authorization: Bearer …`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Who.
    pub you: Person,
    /// The session's secret.
    pub token: String,
}

/// `GET /api/v1/session`: who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhoAmI {
    /// Who.
    pub you: crate::Me,
}

/// `POST /api/v1/rooms`: make a room.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateRoomBody {
    /// Its name.
    pub name: String,
    /// Who can find it; public unless said.
    #[serde(default)]
    pub visibility: Visibility,
}

/// `POST /api/v1/rooms/join`: enter the public room of this name, or make it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct JoinRoomBody {
    /// Its name.
    pub name: String,
}

/// `GET /api/v1/rooms`: the rooms that the asker can see, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Directory {
    /// The rooms.
    pub rooms: Vec<DirectoryEntry>,
}

/// One room in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DirectoryEntry {
    /// The room.
    #[serde(flatten)]
    pub room: Room,
    /// How many are in it.
    pub members: u64,
    /// Whether the asker is.
    pub joined: bool,
}

/// `POST /api/v1/rooms/{room}/members`: bring somebody in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AddMemberBody {
    /// Whom.
    pub username: String,
}

/// `GET /api/v1/rooms/{room}/members`: who is in a room, by id, a page at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Members {
    /// The life of the database that it was read in.
    pub epoch: Epoch,
    /// The people.
    pub members: Vec<Person>,
    /// Ask again with `after` set to this, if there are more.
    pub next: Option<UserId>,
}

/// `POST /api/v1/directs`: open the direct chat with these people.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenDirectBody {
    /// The others. None: a place for notes to oneself.
    pub people: Vec<UserId>,
}

/// `GET /api/v1/rooms/{room}/marks`: how far the others have come, as it was when the stream's head was `head`. Empty for
/// whoever gives no receipts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RoomMarks {
    /// The room.
    pub room: RoomId,
    /// The life of the database that every seq here belongs to.
    pub epoch: Epoch,
    /// The head of the room's stream at the moment of reading.
    pub head: Seq,
    /// The marks of those others who give receipts.
    pub marks: Vec<MemberMarks>,
}

/// `PUT /api/v1/rooms/{room}/marks`: say how far one has come oneself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MarkBody {
    /// Everything up to here has come.
    #[serde(default)]
    pub delivered: Seq,
    /// Everything up to here was read.
    #[serde(default)]
    pub read: Seq,
}

/// `PUT /api/v1/me/receipts`: whether one gives and gets receipts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReceiptsBody {
    /// Whether one does.
    pub on: bool,
}

/// `PUT /api/v1/rooms/{room}/prefs`: what one wants of a room. What is left out stays as it is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoomPrefsBody {
    /// Of which messages one is told at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify: Option<Notify>,
    /// Whether the room stands above the others in one's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favourite: Option<bool>,
}

/// `PUT /api/v1/rooms/{room}/topic`: what a room is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TopicBody {
    /// What; a blank text: nothing in particular.
    pub topic: String,
}

/// `PUT /api/v1/rooms/{room}/scheduled/{key}`: say something later; the key is the client's name for the message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScheduleBody {
    /// What to say.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Whether one is to be told then, by `reminded`.
    #[serde(default)]
    pub remind: bool,
}

/// `GET /api/v1/me/scheduled`: what one wants to be said later, by its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScheduledMessages {
    /// All of it.
    pub scheduled: Vec<Scheduled>,
}

/// `POST /api/v1/uploads`: announce a file for a room. The same key again finds the same upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UploadBody {
    /// The room whose message it will go with.
    pub room: RoomId,
    /// The client's name for this upload; `model::ClientKey` says what it may be.
    pub key: String,
    /// What the device calls the file.
    pub name: String,
    /// How many bytes will come.
    pub size: u64,
    /// The media type, as the device believes. The server looks for itself.
    #[serde(default, rename = "type", skip_serializing_if = "String::is_empty")]
    pub media_type: String,
}

/// The answer to that, and to `GET /api/v1/uploads/{id}`: how far an upload has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Upload {
    /// The file's name for programs, already now.
    pub id: FileId,
    /// Bytes that the server has. The next `PATCH` begins here.
    pub offset: u64,
    /// The file, once it is finished: then nothing more is to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
}

/// `GET /api/v1/rooms/{room}/messages`: a page of history, oldest first, as it was when the stream's head was `head`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct History {
    /// The room.
    pub room: RoomId,
    /// The life of the database that every seq here belongs to.
    pub epoch: Epoch,
    /// The head of the room's stream at the moment of reading.
    pub head: Seq,
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// Whether there are messages before these.
    pub older: bool,
    /// Whether there are messages after these.
    pub newer: bool,
    /// People who reacted to one of them, each once, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
}

/// `GET /api/v1/rooms/{room}/pins`: the messages pinned to a room, those pinned last first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Pins {
    /// The messages.
    pub messages: Vec<Message>,
}

/// `GET /api/v1/search`: messages that were looked for, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FoundMessages {
    /// The life of the database that every seq here belongs to.
    pub epoch: Epoch,
    /// The rooms that they stand in, each once.
    pub rooms: Vec<Room>,
    /// The messages.
    pub found: Vec<FoundMessage>,
    /// Ask again with `cursor` set to this, if there may be more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Whether everything that was said can be found. After an upgrade it takes a while until it can.
    pub complete: bool,
}

/// One message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FoundMessage {
    /// Its room.
    pub room: RoomId,
    /// The message, as the history has it.
    #[serde(flatten)]
    pub message: Message,
    /// Where its text has what was looked for: from a character up to another that is not part of it, counted in Unicode scalar
    /// values, in order and apart.
    pub places: Vec<(usize, usize)>,
}

/// `POST /api/v1/invitations`: an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// The code; the sign-up page takes it at `/invite/{code}`. Shown this once.
    pub code: String,
}

/// Every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What went wrong.
    pub error: Refused,
    /// The request's name in the server's log.
    pub request_id: String,
}
