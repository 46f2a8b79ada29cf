//! Everything that changes the world, one file for each verb. Only [`crate::House::execute`] runs them.

mod add_member;
mod announce_file;
mod cancel_scheduled;
mod close_session;
mod create_admin;
mod create_room;
mod delete_message;
mod drop_file;
mod edit_message;
mod fill_index;
mod finish_file;
mod invite;
mod join_room;
mod keep_emoji;
mod leave_room;
mod make_bot;
mod make_hook;
mod make_token;
mod mark_unread;
mod move_marks;
mod note_hook;
mod note_push;
mod note_seen;
mod offer_set_up;
mod open_direct;
mod open_session;
mod pin_message;
mod post_message;
mod react;
mod renew_session;
mod save_message;
mod schedule_message;
mod set_notice_prefs;
mod set_portrait;
mod set_profile;
mod set_receipts;
mod set_regard;
mod set_room_prefs;
mod set_topic;
mod set_up;
mod settle_scheduled;
mod sign_up;
mod subscribe;
mod sweep;

pub(crate) use fill_index::FillIndex;
pub(crate) use finish_file::{ClaimBlobs, FinishFile};
pub(crate) use join_room::{find_by_name, join_by_name};
pub(crate) use keep_emoji::{ClaimEmoji, RemoveEmoji, ShowEmoji};
pub(crate) use note_hook::{HookFate, NoteHook, TakeHook};
pub(crate) use note_push::{KeepPushKey, NotePush, PushFate};
pub(crate) use set_portrait::{ClaimPortrait, RemovePortrait, ShowPortrait};
pub(crate) use settle_scheduled::SettleScheduled;
pub(crate) use sweep::{DoomBlobs, ForgetBlob, GiveUpFile, LeaseBlobs, SweepFiles, TouchFile};

use std::future::Future;

use model::{Actor, Membership, Person, Room, RoomId, Scopes, Seq, Session, SignUpPolicy, Stream, Timestamp, rules};
use store::{Conn, Fault, Lane, Tx, members, regards, rooms, streams};

use crate::Failure;

/// The circumstances of a command.
pub struct Scene {
    /// Who asks.
    pub(crate) actor: Actor,
    /// When.
    pub(crate) now: Timestamp,
    /// Who may make an account here.
    pub(crate) policy: SignUpPolicy,
}

/// A command, and what to do about it.
pub trait Verb: Send + 'static {
    /// What whoever asks gets, once it is kept.
    type Outcome: Send + 'static;

    /// What the asker's session has to be allowed; what a bot's token is never, if nothing is said here.
    const NEEDS: Scopes = Scopes::ACCOUNT;

    /// The streams it writes to.
    fn lane(&self, actor: &Actor) -> Lane;

    /// Reads, asks the rules and writes, in one transaction. On an error nothing of it stands.
    fn perform(self, tx: &mut Tx, scene: Scene) -> impl Future<Output = Result<Self::Outcome, Failure>> + Send;
}

/// A room and what the asker is to it, as they stand until the end of this transaction.
async fn hold_room(tx: &mut Tx, session: &Session, room: RoomId) -> Result<(Option<Room>, Membership), Fault> {
    streams::lock(tx, Stream::Room(room)).await?;
    look_at_room(tx, session, room).await
}

/// Refuses what would pass between two who are alone in a direct chat, if one of them blocks the other. Whoever is not in it is
/// refused otherwise.
async fn reach(conn: &mut Conn, session: &Session, room: Option<&Room>) -> Result<(), Failure> {
    let me = session.person.id;
    if let Some([one, other]) =
        room.map(|room| room.people.as_slice()).and_then(|people| <&[Person; 2]>::try_from(people).ok())
        && [one.id, other.id].contains(&me)
    {
        rules::may_reach(regards::part(conn, one.id, other.id).await?)?;
    }
    Ok(())
}

/// Where a room's stream stands, in this transaction.
async fn head(tx: &mut Tx, room: RoomId) -> Result<Seq, Fault> {
    Ok(streams::head(tx, Stream::Room(room)).await?.unwrap_or_default())
}

/// Where the asker's own stream stands, in this transaction.
async fn own_head(tx: &mut Tx, session: &Session) -> Result<Seq, Fault> {
    Ok(streams::head(tx, Stream::User(session.person.id)).await?.unwrap_or_default())
}

/// A room and what the asker is to it.
pub(crate) async fn look_at_room(
    conn: &mut Conn,
    session: &Session,
    room: RoomId,
) -> Result<(Option<Room>, Membership), Fault> {
    Ok((rooms::find(conn, room).await?, members::find(conn, room, session.person.id).await?))
}
