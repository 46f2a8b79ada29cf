//! What each member wants of a room.

use model::{Change, Notify, Permit, Read, RoomPrefs, Stream, Timestamp};

use crate::{Fault, Tx, sql::Sql, streams};

static SET: Sql = Sql::new("UPDATE members SET notify = ?3 WHERE room_id = ?1 AND user_id = ?2 AND notify <> ?3");

pub(crate) static STATEMENTS: [&Sql; 1] = [&SET];

/// Sets what a member wants of a room. Their own stream tells of it if it is news.
pub async fn set(tx: &mut Tx, permit: &Permit<Read>, prefs: RoomPrefs, at: Timestamp) -> Result<(), Fault> {
    let (room, user) = (permit.room(), permit.user());
    if tx.run(&SET, &[room.into(), user.into(), number(prefs.notify).into()]).await? > 0 {
        streams::record(tx, Stream::User(user), Change::RoomPrefsSet { room, prefs }, at).await?;
    }
    Ok(())
}

/// The number that is kept for a choice.
pub(crate) fn number(notify: Notify) -> i64 {
    match notify {
        Notify::All => 0,
        Notify::Mentions => 1,
        Notify::Nothing => 2,
    }
}

/// The settings that a number was kept for.
pub(crate) fn prefs(kept: i64) -> Result<RoomPrefs, Fault> {
    let notify = Notify::CHOICES.into_iter().find(|notify| number(*notify) == kept);
    Ok(RoomPrefs { notify: notify.ok_or_else(|| Fault::new("a room setting has an unknown number"))? })
}
