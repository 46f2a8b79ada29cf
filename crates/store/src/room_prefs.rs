//! What each member wants of a room.

use model::{Change, Notify, Permit, Read, RoomPrefs, RoomWish, Seq, Stream, Timestamp};

use crate::{
    Fault, Tx,
    sql::{Row, Sql, Value},
    streams,
};

static SET: Sql = Sql::new(
    "UPDATE members SET notify = COALESCE(?3, notify), favourite = COALESCE(?4, favourite)
     WHERE room_id = ?1 AND user_id = ?2 AND (notify <> COALESCE(?3, notify) OR favourite <> COALESCE(?4, favourite))
     RETURNING notify, favourite, unread_from",
);
static SET_UNREAD: Sql = Sql::new(
    "UPDATE members SET unread_from = ?3
     WHERE room_id = ?1 AND user_id = ?2 AND COALESCE(unread_from, -1) = COALESCE(?4, COALESCE(unread_from, -1))
       AND COALESCE(unread_from, -1) <> COALESCE(?3, -1)
     RETURNING notify, favourite, unread_from",
);

pub(crate) static STATEMENTS: [&Sql; 2] = [&SET, &SET_UNREAD];

/// Changes what a member wants of a room. Their own stream tells of it if it is news.
pub async fn set(tx: &mut Tx, permit: &Permit<Read>, wish: RoomWish, at: Timestamp) -> Result<(), Fault> {
    let (room, user) = (permit.room(), permit.user());
    let wishes = [wish.notify.map(number).into(), wish.favourite.map(i64::from).into()];
    let changed = tx.row(&SET, &[&[room.into(), user.into()][..], &wishes].concat()).await?;
    tell(tx, permit, changed, at).await
}

/// Has a member see a room as unread from a message on; or no more, if it is from this message on. Their own stream tells of it if
/// it is news.
pub async fn set_unread(
    tx: &mut Tx,
    permit: &Permit<Read>,
    (message, on): (Seq, bool),
    at: Timestamp,
) -> Result<(), Fault> {
    let place = [permit.room().into(), permit.user().into()];
    let places: [Value; 2] = if on { [message.into(), Value::Null] } else { [Value::Null, message.into()] };
    let changed = tx.row(&SET_UNREAD, &[place, places].concat()).await?;
    tell(tx, permit, changed, at).await
}

async fn tell(tx: &mut Tx, permit: &Permit<Read>, changed: Option<Row>, at: Timestamp) -> Result<(), Fault> {
    let (room, user) = (permit.room(), permit.user());
    if let Some(mut row) = changed {
        let prefs = prefs(&mut row)?;
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

/// The next three columns of a row.
pub(crate) fn prefs(row: &mut Row) -> Result<RoomPrefs, Fault> {
    kept(row.int()?, row.int()?, row.optional_seq()?)
}

/// The settings that these numbers were kept for.
pub(crate) fn kept(notify: i64, favourite: i64, unread_from: Option<Seq>) -> Result<RoomPrefs, Fault> {
    let notify = Notify::CHOICES.into_iter().find(|choice| number(*choice) == notify);
    let notify = notify.ok_or_else(|| Fault::new("a room setting has an unknown number"))?;
    Ok(RoomPrefs { notify, favourite: favourite != 0, unread_from })
}
