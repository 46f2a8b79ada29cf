//! The devices that messages are pushed to, what became of the pushes, and the server's key for push services.

use model::{
    NoticePrefs, Notify, PushId, RoomId, Seq, Session, SessionId, Subscription, Timestamp, UserId,
    limits::PUSH_DEVICES_MAX,
};

use crate::{
    Fault, Tx,
    engine::Conn,
    notice_prefs, room_prefs, sessions,
    sql::{Row, Sql, Value},
};

static FIND_KEY: Sql = Sql::new("SELECT push_key FROM identity WHERE one = 1 AND push_key IS NOT NULL");
static KEEP_KEY: Sql = Sql::new("UPDATE identity SET push_key = ?1 WHERE one = 1 AND push_key IS NULL");
static RENEW: Sql = Sql::new(
    "UPDATE push_subscriptions SET public_key = ?3, auth = ?4 WHERE session_id = ?1 AND endpoint = ?2 RETURNING id",
);
static MAKE_ROOM: Sql = Sql::new("DELETE FROM push_subscriptions WHERE session_id = ?1 OR endpoint = ?2");
static INSERT: Sql = Sql::new(
    "INSERT INTO push_subscriptions (session_id, user_id, endpoint, public_key, auth, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id",
);
static DROP_OLDEST: Sql = Sql::new(
    "DELETE FROM push_subscriptions WHERE user_id = ?1 AND id NOT IN (
         SELECT id FROM push_subscriptions WHERE user_id = ?1
         ORDER BY COALESCE(arrived_at, created_at) DESC, id DESC LIMIT ?2
     )",
);
static OF_USER: Sql = Sql::new(
    "SELECT p.id, p.session_id, p.user_id, p.endpoint, p.public_key, p.auth, p.created_at, p.sent_at, p.arrived_at,
            p.failed_at, p.failure
     FROM push_subscriptions p JOIN sessions s ON s.id = p.session_id
     WHERE p.user_id = ?1 AND s.used_at > ?2 AND s.created_at > ?3 ORDER BY p.id",
);
static DELETE: Sql = Sql::new("DELETE FROM push_subscriptions WHERE id = ?1 AND user_id = ?2");
static DELETE_GONE: Sql = Sql::new("DELETE FROM push_subscriptions WHERE id = ?1 AND endpoint = ?2");
static NOTE_SENT: Sql = Sql::new("UPDATE push_subscriptions SET sent_at = ?2, failed_at = NULL WHERE id = ?1");
static NOTE_FAILED: Sql = Sql::new("UPDATE push_subscriptions SET failed_at = ?2, failure = ?3 WHERE id = ?1");
static NOTE_ARRIVED: Sql = Sql::new("UPDATE push_subscriptions SET arrived_at = ?3 WHERE id = ?1 AND session_id = ?2");
static AUDIENCE: Sql = Sql::new(
    "SELECT p.id, p.session_id, p.user_id, p.endpoint, p.public_key, p.auth, m.read, m.notify,
            u.notices_hidden, u.quiet_from, u.quiet_to, u.quiet_zone
     FROM push_subscriptions p
     JOIN members m ON m.room_id = ?1 AND m.user_id = p.user_id
     JOIN sessions s ON s.id = p.session_id
     JOIN users u ON u.id = p.user_id
     WHERE m.read < ?2 AND m.notify < 2 AND s.used_at > ?3 AND s.created_at > ?4 ORDER BY p.id",
);
static IS_WANTED: Sql = Sql::new(
    "SELECT 1 FROM push_subscriptions p
     JOIN members m ON m.room_id = ?2 AND m.user_id = p.user_id
     WHERE p.id = ?1 AND m.read < ?3",
);
static HEALTH: Sql = Sql::new(
    "SELECT COUNT(*), COUNT(CASE WHEN p.arrived_at >= ?3 THEN 1 END), COUNT(CASE WHEN p.failed_at >= ?3 THEN 1 END),
            COUNT(CASE WHEN p.sent_at >= ?3 AND (p.arrived_at IS NULL OR p.arrived_at < ?3) THEN 1 END)
     FROM push_subscriptions p JOIN sessions s ON s.id = p.session_id
     WHERE s.used_at > ?1 AND s.created_at > ?2",
);

pub(crate) static STATEMENTS: [&Sql; 15] = [
    &FIND_KEY,
    &KEEP_KEY,
    &RENEW,
    &MAKE_ROOM,
    &INSERT,
    &DROP_OLDEST,
    &OF_USER,
    &DELETE,
    &DELETE_GONE,
    &NOTE_SENT,
    &NOTE_FAILED,
    &NOTE_ARRIVED,
    &AUDIENCE,
    &IS_WANTED,
    &HEALTH,
];

/// A device that messages are pushed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its name for programs.
    pub id: PushId,
    /// The session that it belongs to.
    pub session: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Where to push, and how.
    pub subscription: Subscription,
}

/// A device, and what became of what was pushed to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The device.
    pub device: Device,
    /// Since when.
    pub created_at: Timestamp,
    /// When its push service last took a push.
    pub sent_at: Option<Timestamp>,
    /// When it last said that a push had come.
    pub arrived_at: Option<Timestamp>,
    /// When a push failed for good, if none was taken since, and with which status; 0: the push service could not be reached.
    pub failed: Option<(Timestamp, u16)>,
}

/// A device of somebody who has not read a room to the end, and what they want.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The device.
    pub device: Device,
    /// How far they have read.
    pub read: Seq,
    /// What they want of the room.
    pub notify: Notify,
    /// What they want of notices.
    pub notices: NoticePrefs,
}

/// How pushes fare, of all people's devices together, since some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Devices that messages are pushed to.
    pub devices: u32,
    /// Those that said that a push had come.
    pub arrived: u32,
    /// Those whose push failed for good, and none was taken since.
    pub failed: u32,
    /// Those whose push service took a push, and that said nothing.
    pub silent: u32,
}

/// The server's key for push services.
pub async fn find_key(conn: &mut Conn) -> Result<Option<Vec<u8>>, Fault> {
    conn.row(&FIND_KEY, &[]).await?.map(|mut row| row.bytes()).transpose()
}

/// Keeps a key, if there is none yet, and gives the one that stands.
pub async fn keep_key(tx: &mut Tx, key: Vec<u8>) -> Result<Vec<u8>, Fault> {
    tx.run(&KEEP_KEY, &[Value::Bytes(key)]).await?;
    find_key(tx).await?.ok_or_else(|| Fault::new("the key for push services was not kept"))
}

/// Has messages pushed to the device of a session, and to no other for the same session or at the same address.
pub async fn subscribe(tx: &mut Tx, session: &Session, wish: Subscription, at: Timestamp) -> Result<PushId, Fault> {
    let Subscription { endpoint, public_key, auth } = wish;
    let place = [session.id.into(), endpoint.into()];
    let keys = [Value::Bytes(public_key), Value::Bytes(auth)];
    if let Some(mut row) = tx.row(&RENEW, &[&place[..], &keys].concat()).await? {
        return row.int().map(PushId::new);
    }
    tx.run(&MAKE_ROOM, &place).await?;
    let (user, [session, endpoint], [public_key, auth]) = (session.person.id, place, keys);
    let row = tx.row(&INSERT, &[session, user.into(), endpoint, public_key, auth, at.into()]).await?;
    let most = i64::try_from(PUSH_DEVICES_MAX).unwrap_or(i64::MAX);
    tx.run(&DROP_OLDEST, &[user.into(), most.into()]).await?;
    row.ok_or_else(|| Fault::new("a device was not kept"))?.int().map(PushId::new)
}

/// Has nothing more pushed to a device of this person. Says whether it was theirs.
pub async fn unsubscribe(tx: &mut Tx, user: UserId, id: PushId) -> Result<bool, Fault> {
    Ok(tx.run(&DELETE, &[id.into(), user.into()]).await? > 0)
}

/// The push service says that there is no device any more at this address.
pub async fn forget(tx: &mut Tx, id: PushId, endpoint: &str) -> Result<(), Fault> {
    tx.run(&DELETE_GONE, &[id.into(), endpoint.into()]).await.map(drop)
}

/// The push service took a push.
pub async fn note_sent(tx: &mut Tx, id: PushId, at: Timestamp) -> Result<(), Fault> {
    tx.run(&NOTE_SENT, &[id.into(), at.into()]).await.map(drop)
}

/// A push was given up. `status`: what the push service answered; 0: nothing.
pub async fn note_failed(tx: &mut Tx, id: PushId, status: u16, at: Timestamp) -> Result<(), Fault> {
    tx.run(&NOTE_FAILED, &[id.into(), at.into(), i64::from(status).into()]).await.map(drop)
}

/// The device of this session says that a push has come. Says whether it is its own.
pub async fn note_arrived(tx: &mut Tx, session: SessionId, id: PushId, at: Timestamp) -> Result<bool, Fault> {
    Ok(tx.run(&NOTE_ARRIVED, &[id.into(), session.into(), at.into()]).await? > 0)
}

/// The devices of a person whose sessions live.
pub async fn of_user(conn: &mut Conn, user: UserId, now: Timestamp) -> Result<Vec<Told>, Fault> {
    let [idle, aged] = sessions::cut_off(now);
    let rows = conn.rows(&OF_USER, &[user.into(), idle.into(), aged.into()]).await?;
    rows.into_iter().map(|mut row| told(&mut row)).collect()
}

/// The devices of members of a room who want to be told of something there, and have not read as far as `head`.
pub async fn audience(conn: &mut Conn, room: RoomId, head: Seq, now: Timestamp) -> Result<Vec<Addressee>, Fault> {
    let [idle, aged] = sessions::cut_off(now);
    let rows = conn.rows(&AUDIENCE, &[room.into(), head.into(), idle.into(), aged.into()]).await?;
    let addressees = rows.into_iter().map(|mut row| {
        let device = device(&mut row)?;
        let (read, notify) = (row.seq()?, room_prefs::kept(row.int()?, 0, None)?.notify);
        Ok(Addressee { device, read, notify, notices: notice_prefs::read(&mut row)? })
    });
    addressees.collect()
}

/// Whether a device is still there, and its person has still not read this message.
pub async fn is_wanted(conn: &mut Conn, id: PushId, room: RoomId, seq: Seq) -> Result<bool, Fault> {
    Ok(conn.row(&IS_WANTED, &[id.into(), room.into(), seq.into()]).await?.is_some())
}

/// How pushes fared since some moment.
pub async fn health(conn: &mut Conn, since: Timestamp, now: Timestamp) -> Result<Health, Fault> {
    let [idle, aged] = sessions::cut_off(now);
    let row = conn.row(&HEALTH, &[idle.into(), aged.into(), since.into()]).await?;
    let mut row = row.ok_or_else(|| Fault::new("nothing was counted"))?;
    Ok(Health { devices: row.count()?, arrived: row.count()?, failed: row.count()?, silent: row.count()? })
}

fn device(row: &mut Row) -> Result<Device, Fault> {
    Ok(Device {
        id: PushId::new(row.int()?),
        session: SessionId::new(row.int()?),
        user: UserId::new(row.int()?),
        subscription: Subscription { endpoint: row.text()?, public_key: row.bytes()?, auth: row.bytes()? },
    })
}

fn told(row: &mut Row) -> Result<Told, Fault> {
    let (device, created_at) = (device(row)?, row.time()?);
    let mut time = || row.optional_int().map(|ms| ms.map(Timestamp::from_ms));
    let (sent_at, arrived_at, failed_at) = (time()?, time()?, time()?);
    let status = row.optional_int()?.unwrap_or_default();
    let status = u16::try_from(status).map_err(|e| Fault::caused("a status is out of range", e))?;
    Ok(Told { device, created_at, sent_at, arrived_at, failed: failed_at.map(|at| (at, status)) })
}
