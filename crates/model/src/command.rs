//! Everything anyone can ask to change. Imperatives; each is one transaction behind one door, `server`'s `execute`.
//!
//! A field here is already parsed: a command in hand is well-formed, and only the rules can still refuse it.

use crate::{
    Body, ClientKey, Emoji, FileId, FileName, HookId, HookWish, Line, Marks, NoticePrefs, PasswordHash, Profile,
    PushId, Regard, RoomId, RoomName, RoomWish, Scheduled, Scopes, Seq, SessionId, Source, Subscription, TokenHash,
    UserId, Username, Visibility,
};

/// Makes an account and signs it in.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The name wanted.
    pub username: Username,
    /// The password, hashed.
    pub password: PasswordHash,
    /// The invitation that the person holds, if any.
    pub invitation: Option<TokenHash>,
    /// The token of the session to open.
    pub session: TokenHash,
}

/// Makes the first administrator, by the link printed at the very first start, and signs it in.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// The token in the link.
    pub token: TokenHash,
    /// The name wanted.
    pub username: Username,
    /// The password, hashed.
    pub password: PasswordHash,
    /// The token of the session to open.
    pub session: TokenHash,
}

/// Makes the set-up link good; one made before is void.
#[derive(Clone, Debug)]
pub struct OfferSetUp {
    /// The token in the link.
    pub token: TokenHash,
}

/// Makes an administrator, asked at the server's own terminal.
#[derive(Clone, Debug)]
pub struct CreateAdmin {
    /// The name wanted.
    pub username: Username,
    /// The password, hashed.
    pub password: PasswordHash,
}

/// Signs in a person whose password was found right.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The account.
    pub user: UserId,
    /// The token of the session to open.
    pub token: TokenHash,
}

/// Notes that the session that asks is in use.
#[derive(Clone, Copy, Debug)]
pub struct RenewSession;

/// Ends the session that asks; its sockets close.
#[derive(Clone, Copy, Debug)]
pub struct CloseSession;

/// Makes an invitation to this server.
#[derive(Clone, Debug)]
pub struct Invite {
    /// The token of the invitation's link.
    pub token: TokenHash,
}

/// Makes a room; whoever asks is its first member.
#[derive(Clone, Debug)]
pub struct CreateRoom {
    /// Its name.
    pub name: RoomName,
    /// Who can find it.
    pub visibility: Visibility,
}

/// Enters a public room.
#[derive(Clone, Copy, Debug)]
pub struct JoinRoom {
    /// The room.
    pub room: RoomId,
}

/// Brings somebody into a room.
#[derive(Clone, Debug)]
pub struct AddMember {
    /// The room.
    pub room: RoomId,
    /// Whom to bring in.
    pub username: Username,
}

/// Leaves a room.
#[derive(Clone, Copy, Debug)]
pub struct LeaveRoom {
    /// The room.
    pub room: RoomId,
}

/// Says something in a room.
#[derive(Clone, Debug)]
pub struct PostMessage {
    /// The room.
    pub room: RoomId,
    /// The author's name for this write.
    pub key: ClientKey,
    /// What to say; it may be empty if there are files.
    pub body: Body,
    /// The files that go with it, in order, each once.
    pub files: Vec<FileId>,
    /// The message that it answers.
    pub reply: Option<Seq>,
    /// The message whose text it passes on; then it has none of its own, no files, and answers nothing.
    pub forward: Option<Source>,
}

/// Changes the text of a message of one's own. What it said before is kept as its history.
#[derive(Clone, Debug)]
pub struct EditMessage {
    /// The room.
    pub room: RoomId,
    /// The message's place.
    pub message: Seq,
    /// How often it had been changed when its author looked at it: of two changes at once, one is refused.
    pub edits: u32,
    /// What it is to say.
    pub body: Body,
}

/// Reacts to a message, or takes that back. What is so already stays so.
#[derive(Clone, Debug)]
pub struct React {
    /// The room.
    pub room: RoomId,
    /// The message's place.
    pub message: Seq,
    /// With what.
    pub emoji: Emoji,
    /// Whether it is to stand.
    pub on: bool,
}

/// Pins a message to its room, or takes the pin out. What is so already stays so.
#[derive(Clone, Copy, Debug)]
pub struct PinMessage {
    /// The room.
    pub room: RoomId,
    /// The message's place.
    pub message: Seq,
    /// Whether it is to be pinned.
    pub on: bool,
}

/// Saves a message for the person who asks, and for nobody else; or lets go of it. What is so already stays so.
#[derive(Clone, Copy, Debug)]
pub struct SaveMessage {
    /// The room.
    pub room: RoomId,
    /// The message's place.
    pub message: Seq,
    /// Whether it is to be saved.
    pub on: bool,
}

/// Has a room seen as unread from a message on, by the person who asks; or no more, if it is from this message on. Marks, and what
/// others are told, stay as they are.
#[derive(Clone, Copy, Debug)]
pub struct MarkUnread {
    /// The room.
    pub room: RoomId,
    /// The message's place.
    pub message: Seq,
    /// Whether it is to be seen so.
    pub on: bool,
}

/// Announces a file that will be uploaded for a message in a room.
#[derive(Clone, Debug)]
pub struct AnnounceFile {
    /// Its name for programs, drawn just now. A repeat gets the one drawn first.
    pub id: FileId,
    /// The room.
    pub room: RoomId,
    /// The sender's name for this upload.
    pub key: ClientKey,
    /// Its name for people.
    pub name: FileName,
    /// The bytes that will come.
    pub size: u64,
    /// The media type that its sender believes in; it may be empty.
    pub claimed_type: String,
    /// The most bytes that all files of one person may have together.
    pub quota_bytes: u64,
}

/// Gives a file of one's own up that goes with no message.
#[derive(Clone, Copy, Debug)]
pub struct DropFile {
    /// Which.
    pub id: FileId,
}

/// Takes a message of one's own back: its text and its files are gone, and a trace of it stays.
#[derive(Clone, Copy, Debug)]
pub struct DeleteMessage {
    /// The room.
    pub room: RoomId,
    /// The message's place.
    pub message: Seq,
}

/// Opens the direct chat with these people; it is made the first time. Whoever asks is in it too.
#[derive(Clone, Debug)]
pub struct OpenDirect {
    /// The others. None: a place for notes to oneself.
    pub people: Vec<UserId>,
}

/// Says how far a person has come in a room.
#[derive(Clone, Copy, Debug)]
pub struct MoveMarks {
    /// The room.
    pub room: RoomId,
    /// How far. What is less than was known changes nothing.
    pub marks: Marks,
}

/// Says whether a person tells others what was delivered to them and read by them, and is told the same of others.
#[derive(Clone, Copy, Debug)]
pub struct SetReceipts {
    /// Whether they do.
    pub on: bool,
}

/// Says what a person wants of a room. What they say nothing of stays as it is.
#[derive(Clone, Copy, Debug)]
pub struct SetRoomPrefs {
    /// The room.
    pub room: RoomId,
    /// What is to be otherwise.
    pub wish: RoomWish,
}

/// Keeps a message that is to be said later.
#[derive(Clone, Debug)]
pub struct ScheduleMessage {
    /// What, where and when.
    pub what: Scheduled,
}

/// Takes away a message that was to be said later.
#[derive(Clone, Debug)]
pub struct CancelScheduled {
    /// Its key.
    pub key: ClientKey,
}

/// Says what a room is about.
#[derive(Clone, Debug)]
pub struct SetTopic {
    /// The room.
    pub room: RoomId,
    /// What it is about; none: nothing in particular.
    pub topic: Option<Line>,
}

/// Says how a person regards another.
#[derive(Clone, Copy, Debug)]
pub struct SetRegard {
    /// Whom.
    pub person: UserId,
    /// How.
    pub regard: Regard,
}

/// Says what a person tells of themselves, in the place of all that they told before.
#[derive(Clone, Debug)]
pub struct SetProfile {
    /// Another name to log in with and to be known by; none: the one they have.
    pub username: Option<Username>,
    /// What they want to be called.
    pub display: Option<Line>,
    /// The rest.
    pub profile: Profile,
}

/// Notes that a person was there until now.
#[derive(Clone, Copy, Debug)]
pub struct NoteSeen {
    /// Who.
    pub person: UserId,
}

/// Says what a person wants of being told at once, in the place of what they wanted before.
#[derive(Clone, Debug)]
pub struct SetNoticePrefs {
    /// What they want.
    pub prefs: NoticePrefs,
}

/// Has messages pushed to the device of the session that asks, in the place of what was told of it before.
#[derive(Clone, Debug)]
pub struct Subscribe {
    /// Where to, and how.
    pub subscription: Subscription,
}

/// Has nothing more pushed to a device of one's own.
#[derive(Clone, Copy, Debug)]
pub struct Unsubscribe {
    /// Which.
    pub id: PushId,
}

/// Says that a push has come to the device of the session that asks.
#[derive(Clone, Copy, Debug)]
pub struct NoteArrival {
    /// What the push was sent to.
    pub id: PushId,
}

/// Makes a bot; whoever asks is its owner.
#[derive(Clone, Debug)]
pub struct MakeBot {
    /// Its name.
    pub username: Username,
}

/// Retires a bot of one's own: its tokens and hooks are void, and it leaves its rooms. What it said stays.
#[derive(Clone, Copy, Debug)]
pub struct RetireBot {
    /// Which.
    pub bot: UserId,
}

/// Makes a token for a bot of one's own.
#[derive(Clone, Debug)]
pub struct MakeToken {
    /// Whose.
    pub bot: UserId,
    /// What it is called.
    pub label: Line,
    /// What it may do.
    pub scopes: Scopes,
    /// The token.
    pub token: TokenHash,
}

/// Makes a token of a bot of one's own void; its sockets close.
#[derive(Clone, Copy, Debug)]
pub struct RevokeToken {
    /// Whose.
    pub bot: UserId,
    /// Which.
    pub id: SessionId,
}

/// Makes a hook between a room and another program, for a bot of one's own.
#[derive(Clone, Debug)]
pub struct MakeHook {
    /// For which bot.
    pub bot: UserId,
    /// In which room.
    pub room: RoomId,
    /// What it is to do.
    pub wish: HookWish,
    /// What the address of an incoming one ends with.
    pub token: TokenHash,
}

/// Removes a hook of a bot of one's own.
#[derive(Clone, Copy, Debug)]
pub struct RemoveHook {
    /// Of which bot.
    pub bot: UserId,
    /// Which.
    pub id: HookId,
}
