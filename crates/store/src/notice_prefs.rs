//! What people want of being told at once.

use model::{Change, Line, NoticePrefs, Quiet, Stream, Timestamp, UserId};

use crate::{
    Fault, Tx,
    engine::Conn,
    sql::{Row, Sql, Value},
    streams,
};

static FIND: Sql = Sql::new("SELECT notices_hidden, quiet_from, quiet_to, quiet_zone FROM users WHERE id = ?1");
static SET: Sql =
    Sql::new("UPDATE users SET notices_hidden = ?2, quiet_from = ?3, quiet_to = ?4, quiet_zone = ?5 WHERE id = ?1");

pub(crate) static STATEMENTS: [&Sql; 2] = [&FIND, &SET];

/// What a person wants.
pub async fn find(conn: &mut Conn, user: UserId) -> Result<NoticePrefs, Fault> {
    let row = conn.row(&FIND, &[user.into()]).await?;
    read(&mut row.ok_or_else(|| Fault::new("a person has no account"))?)
}

/// Sets what a person wants. Their stream tells of it if it is news.
pub async fn set(tx: &mut Tx, user: UserId, prefs: NoticePrefs, at: Timestamp) -> Result<(), Fault> {
    if find(tx, user).await? == prefs {
        return Ok(());
    }
    let [hidden, from, to, zone] = columns(&prefs);
    tx.run(&SET, &[user.into(), hidden, from, to, zone]).await?;
    streams::record(tx, Stream::User(user), Change::NoticePrefsSet(prefs), at).await.map(drop)
}

/// Whether notices are hidden, and the beginning, the end and the time zone of the quiet hours.
pub(crate) fn columns(prefs: &NoticePrefs) -> [Value; 4] {
    let quiet = prefs.quiet.as_ref();
    [
        i64::from(prefs.hidden).into(),
        quiet.map(|quiet| i64::from(quiet.from_min)).into(),
        quiet.map(|quiet| i64::from(quiet.to_min)).into(),
        quiet.map(|quiet| quiet.time_zone.as_str()).into(),
    ]
}

/// The same, of a row.
pub(crate) fn read(row: &mut Row) -> Result<NoticePrefs, Fault> {
    prefs(row.int()?, [row.optional_int()?, row.optional_int()?], row.optional_text()?)
}

/// What was kept as these columns.
pub(crate) fn prefs(hidden: i64, hours: [Option<i64>; 2], zone: Option<String>) -> Result<NoticePrefs, Fault> {
    let minute = |kept: i64| u16::try_from(kept).map_err(|e| Fault::caused("a time of day is out of range", e));
    let quiet = match (hours, zone) {
        ([Some(from), Some(to)], Some(zone)) => {
            Some(Quiet { from_min: minute(from)?, to_min: minute(to)?, time_zone: Line::kept(zone) })
        }
        ([Some(_) | None, _], Some(_) | None) => None,
    };
    Ok(NoticePrefs { hidden: hidden != 0, quiet })
}
