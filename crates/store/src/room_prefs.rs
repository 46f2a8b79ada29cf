//! What each member wants of a room.

use model::{Change, Notify, Permit, Read, RoomPrefs, RoomWish, Stream, Timestamp};

use crate::{
    Fault, Tx,
    sql::{Row, Sql},
    streams,
};

static SET: Sql = Sql::new(
    "UPDATE members SET notify = COALESCE(?3, notify), favourite = COALESCE(?4, favourite)
     WHERE room_id = ?1 AND user_id = ?2 AND (notify <> COALESCE(?3, notify) OR favourite <> COALESCE(?4, favourite))
     RETURNING notify, favourite",
);

pub(crate) static STATEMENTS: [&Sql; 1] = [&SET];

/// Changes what a member wants of a room. Their own stream tells of it if it is news.
pub async fn set(tx: &mut Tx, permit: &Permit<Read>, wish: RoomWish, at: Timestamp) -> Result<(), Fault> {
    let (room, user) = (permit.room(), permit.user());
    let wishes = [wish.notify.map(number).into(), wish.favourite.map(i64::from).into()];
    let changed = tx.row(&SET, &[&[room.into(), user.into()][..], &wishes].concat()).await?;
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

/// The next two columns of a row.
pub(crate) fn prefs(row: &mut Row) -> Result<RoomPrefs, Fault> {
    kept(row.int()?, row.int()?)
}

/// The settings that these numbers were kept for.
pub(crate) fn kept(notify: i64, favourite: i64) -> Result<RoomPrefs, Fault> {
    let notify = Notify::CHOICES.into_iter().find(|choice| number(*choice) == notify);
    let notify = notify.ok_or_else(|| Fault::new("a room setting has an unknown number"))?;
    Ok(RoomPrefs { notify, favourite: favourite != 0 })
}
