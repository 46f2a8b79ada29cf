//! The nouns and rules of Stonechat, and their glossary.
//!
//! One word for one thing, from the database to the screen: a **person** has an account and a *username*; a **room** is a
//! place with *members* and a history; a **message** has a *body*, files or both, and an author; a **stream** is the ordered list of
//! what changed in one room, or for one person, and a **seq** is a place in it; the **head** is the last seq given out;
//! a person's **marks** in a room say how far they have come; an **epoch** names the life of a database, and a **cursor** is epoch and seq; a **command** asks for a change, an
//! **event** says that something has changed, a **signal** says what is not worth keeping, a **refusal** says why not; a **permit** proves that a rule was asked.
//!
//! Nothing here does IO, reads a clock or draws a random number: what comes in is a value, what goes out is a value.

mod actor;
mod body;
mod bot;
mod client_key;
mod command;
mod emoji;
mod event;
mod file;
mod file_name;
mod id;
mod invisible;
pub mod limits;
mod marks;
mod message;
mod notice_prefs;
mod password;
mod permit;
mod person;
mod profile;
mod push;
mod refusal;
mod regard;
mod room;
mod room_name;
mod room_prefs;
pub mod rules;
mod said;
mod scheduled;
mod search;
mod secret;
mod seq;
mod sign_up;
mod signal;
mod stream;
mod term;
mod timestamp;
mod username;

pub use actor::{Actor, Session};
pub use body::{BadBody, Body};
pub use bot::{HookKind, HookWish, Scope, Scopes};
pub use client_key::{BadClientKey, ClientKey};
pub use command::{
    AddMember, AnnounceFile, CancelScheduled, CloseSession, CreateAdmin, CreateRoom, DeleteMessage, DropFile,
    EditMessage, Invite, JoinRoom, LeaveRoom, MakeBot, MakeHook, MakeToken, MarkUnread, MoveMarks, NoteArrival,
    NoteSeen, OfferSetUp, OpenDirect, OpenSession, PinMessage, PostMessage, React, RemoveHook, RenewSession, RetireBot,
    RevokeToken, SaveMessage, ScheduleMessage, SetNoticePrefs, SetProfile, SetReceipts, SetRegard, SetRoomPrefs,
    SetTopic, SetUp, SignUp, Subscribe, Unsubscribe,
};
pub use emoji::{BadEmoji, BadEmojiName, Emoji, EmojiName};
pub use event::{Change, Edited, Event, Posted};
pub use file::{BadFileId, File, FileId, FileKind, Look};
pub use file_name::FileName;
pub use id::{HookId, PushId, RoomId, SessionId, UserId};
pub use invisible::{hides_in_a_name, is_blank};
pub use marks::{Marks, MemberMarks};
pub use message::{Message, Reaction};
pub use notice_prefs::{NoticePrefs, Quiet};
pub use password::{BadPassword, Password, PasswordHash};
pub use permit::{Amend, Permit, Post, Read};
pub use person::Person;
pub use profile::{BadProfile, BadTopic, Line, Profile, Status};
pub use push::Subscription;
pub use refusal::Refusal;
pub use regard::{Regard, Regarded, Sight};
pub use room::{Membership, Room, Visibility};
pub use room_name::{BadRoomName, RoomName};
pub use room_prefs::{Notify, RoomPrefs, RoomWish};
pub use said::{Forwarded, Mention, Quote, Reply, Said, Source};
pub use scheduled::Scheduled;
pub use search::{BadSearch, Has, Phrase, Search, Wish};
pub use secret::{HookKey, TokenHash};
pub use seq::{Cursor, Epoch, Seq};
pub use sign_up::SignUpPolicy;
pub use signal::{Presence, Seen, Signal};
pub use stream::{BadStream, Stream};
pub use term::{Term, terms};
pub use timestamp::Timestamp;
pub use username::{BadUsername, Username};
