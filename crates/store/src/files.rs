//! Files: announced, finished, and then gone with a message. Their bytes are elsewhere.

use std::collections::BTreeMap;

use model::{
    ClientKey, File, FileId, FileKind, FileName, Look, RoomId, Seq, Timestamp, UserId, limits::FILES_PER_MESSAGE_MAX,
};

use crate::{
    Fault, Tx,
    blobs::{self, BlobHash},
    engine::Conn,
    sql::{Row, Sql, Value},
};

static INSERT: Sql = Sql::new(
    "INSERT INTO files (id, owner_id, room_id, client_key, name, sent, claimed_type, at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
);
static USAGE: Sql = Sql::new(
    "SELECT CAST(COALESCE(SUM(sent), 0) AS BIGINT), COUNT(CASE WHEN kind IS NULL THEN 1 END)
     FROM files WHERE owner_id = ?1",
);
static FIND: Sql = Sql::new(
    "SELECT id, owner_id, room_id, name, sent, claimed_type, message_seq, whole, preview, preview_type,
            kind, size, media_type, width, height, thumbhash, animated
     FROM files WHERE id = ?1",
);
static FIND_BY_KEY: Sql = Sql::new(
    "SELECT id, owner_id, room_id, name, sent, claimed_type, message_seq, whole, preview, preview_type,
            kind, size, media_type, width, height, thumbhash, animated
     FROM files WHERE owner_id = ?1 AND client_key = ?2",
);
static TOUCH: Sql = Sql::new("UPDATE files SET at = ?2 WHERE id = ?1 AND at < ?2");
static CLAIM: Sql = Sql::new("UPDATE files SET whole = ?2, preview = ?3 WHERE id = ?1 AND kind IS NULL");
static FINISH: Sql = Sql::new(
    "UPDATE files SET kind = ?4, size = ?5, media_type = ?6, preview_type = ?7, width = ?8, height = ?9, thumbhash = ?10,
            animated = ?11, at = ?12
     WHERE id = ?1 AND kind IS NULL AND whole = ?2 AND COALESCE(preview, '') = ?3",
);
static READY: Sql = Sql::new(
    "SELECT id, owner_id, room_id, name, sent, claimed_type, message_seq, whole, preview, preview_type,
            kind, size, media_type, width, height, thumbhash, animated
     FROM files WHERE id = ?1 AND owner_id = ?2 AND room_id = ?3 AND kind IS NOT NULL AND message_seq IS NULL",
);
static ATTACH: Sql = Sql::new(
    "UPDATE files SET message_seq = ?2, place = ?3 WHERE id = ?1 AND kind IS NOT NULL AND message_seq IS NULL",
);
static BETWEEN: Sql = Sql::new(
    "SELECT id, owner_id, room_id, name, sent, claimed_type, message_seq, whole, preview, preview_type,
            kind, size, media_type, width, height, thumbhash, animated
     FROM files WHERE room_id = ?1 AND message_seq >= ?2 AND message_seq <= ?3 ORDER BY message_seq, place",
);
static REMOVE: Sql = Sql::new("DELETE FROM files WHERE id = ?1 AND message_seq IS NULL RETURNING whole, preview");
static REMOVE_OF_MESSAGE: Sql =
    Sql::new("DELETE FROM files WHERE room_id = ?1 AND message_seq = ?2 RETURNING whole, preview");
static WAITING: Sql = Sql::new("SELECT id FROM files WHERE message_seq IS NULL AND at <= ?1 ORDER BY at LIMIT ?2");
static REMOVE_WAITING: Sql =
    Sql::new("DELETE FROM files WHERE id = ?1 AND message_seq IS NULL AND at <= ?2 RETURNING whole, preview");

pub(crate) static STATEMENTS: [&Sql; 14] = [
    &INSERT,
    &USAGE,
    &FIND,
    &FIND_BY_KEY,
    &TOUCH,
    &CLAIM,
    &FINISH,
    &READY,
    &ATTACH,
    &BETWEEN,
    &REMOVE,
    &REMOVE_OF_MESSAGE,
    &WAITING,
    &REMOVE_WAITING,
];

/// A file as its sender announced it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Its name for programs.
    pub id: FileId,
    /// Whose it is.
    pub owner: UserId,
    /// The room whose message it will go with.
    pub room: RoomId,
    /// Its name for people.
    pub name: FileName,
    /// The bytes that will come; they count against the quota.
    pub sent: u64,
    /// The media type that its sender believes in.
    pub claimed_type: String,
}

/// The blobs of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blobs {
    /// The file, or the picture made anew.
    pub whole: BlobHash,
    /// The picture made smaller, and its media type.
    pub preview: Option<(BlobHash, String)>,
}

/// A file as it is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What was announced.
    pub announced: Announced,
    /// The message that it goes with.
    pub message: Option<Seq>,
    /// The file and its blobs, once it is finished.
    pub finished: Option<(File, Blobs)>,
}

/// Keeps what was announced. The person's stream is held, and nobody has this key: so the quota that was looked at still stands.
pub async fn announce(tx: &mut Tx, file: &Announced, key: &ClientKey, at: Timestamp) -> Result<(), Fault> {
    let who = [file.id.into(), file.owner.into(), file.room.into(), key.as_str().into()];
    let what = [file.name.as_str().into(), number(file.sent), file.claimed_type.as_str().into(), at.into()];
    tx.run(&INSERT, &[who, what].concat()).await.map(drop)
}

/// The bytes of all files of a person, and how many of them are not finished.
pub async fn usage(conn: &mut Conn, owner: UserId) -> Result<(u64, usize), Fault> {
    let row = conn.row(&USAGE, &[owner.into()]).await?;
    let mut row = row.ok_or_else(|| Fault::new("a sum has no row"))?;
    Ok((count(row.int()?)?, usize::try_from(row.int()?).map_err(|e| Fault::caused("a count is negative", e))?))
}

/// The file of this id.
pub async fn find(conn: &mut Conn, id: FileId) -> Result<Option<Kept>, Fault> {
    conn.row(&FIND, &[id.into()]).await?.map(kept).transpose()
}

/// The file that a person's key names.
pub async fn find_by_key(conn: &mut Conn, owner: UserId, key: &ClientKey) -> Result<Option<Kept>, Fault> {
    conn.row(&FIND_BY_KEY, &[owner.into(), key.as_str().into()]).await?.map(kept).transpose()
}

/// Notes that something came of it.
pub async fn touch(tx: &mut Tx, id: FileId, at: Timestamp) -> Result<(), Fault> {
    tx.run(&TOUCH, &[id.into(), at.into()]).await.map(drop)
}

/// Names the blobs of a file before they are written. Says whether they may be: not while one of them is being removed, and not
/// if the file is gone or finished.
pub async fn claim(tx: &mut Tx, id: FileId, blobs: &Blobs) -> Result<bool, Fault> {
    let preview = blobs.preview.as_ref().map(|(hash, _)| hash);
    let mut hashes: Vec<_> = [Some(&blobs.whole), preview].into_iter().flatten().collect();
    hashes.sort_unstable();
    for hash in hashes {
        if !blobs::hold(tx, hash).await? {
            return Ok(false);
        }
    }
    Ok(tx.run(&CLAIM, &[id.into(), (&blobs.whole).into(), preview.into()]).await? == 1)
}

/// The blobs are kept for good: the file is finished. Says whether it was there and had claimed these blobs.
pub async fn finish(tx: &mut Tx, file: &File, blobs: &Blobs, at: Timestamp) -> Result<bool, Fault> {
    let (preview, preview_type) = match &blobs.preview {
        Some((hash, media_type)) => (hash.into(), media_type.as_str().into()),
        None => (Value::from(""), Value::Null),
    };
    let look = file.look.as_ref();
    let args = [
        file.id.into(),
        (&blobs.whole).into(),
        preview,
        kind_number(file.kind).into(),
        number(file.size),
        file.media_type.as_str().into(),
        preview_type,
        look.map(|look| i64::from(look.width)).into(),
        look.map(|look| i64::from(look.height)).into(),
        look.map(|look| look.thumbhash.as_str()).into(),
        look.map(|look| i64::from(look.animated)).into(),
        at.into(),
    ];
    Ok(tx.run(&FINISH, &args).await? == 1)
}

/// These files, if each is this person's, finished, uploaded for this room and in no message yet.
pub async fn ready(conn: &mut Conn, owner: UserId, room: RoomId, ids: &[FileId]) -> Result<Option<Vec<File>>, Fault> {
    let mut files = Vec::with_capacity(ids.len());
    for id in ids.iter().take(FILES_PER_MESSAGE_MAX) {
        let Some(row) = conn.row(&READY, &[(*id).into(), owner.into(), room.into()]).await? else { return Ok(None) };
        let Some((file, _)) = kept(row)?.finished else { return Ok(None) };
        files.push(file);
    }
    Ok(Some(files))
}

/// Gives files to the message at this place.
pub(crate) async fn attach(tx: &mut Tx, files: &[File], seq: Seq) -> Result<(), Fault> {
    for (file, place) in files.iter().zip(0_i64..) {
        if tx.run(&ATTACH, &[file.id.into(), seq.into(), place.into()]).await? != 1 {
            // Somebody took it away since it was looked at. Nothing of this transaction stands then.
            return Err(Fault::full());
        }
    }
    Ok(())
}

/// The files of one message, in order.
pub async fn of_message(conn: &mut Conn, room: RoomId, seq: Seq) -> Result<Vec<File>, Fault> {
    Ok(between(conn, room, seq, seq).await?.remove(&seq).unwrap_or_default())
}

/// The files of the messages from one place to another, both included, each message's in order.
pub(crate) async fn between(
    conn: &mut Conn,
    room: RoomId,
    first: Seq,
    last: Seq,
) -> Result<BTreeMap<Seq, Vec<File>>, Fault> {
    let mut files: BTreeMap<Seq, Vec<File>> = BTreeMap::new();
    for row in conn.rows(&BETWEEN, &[room.into(), first.into(), last.into()]).await? {
        if let Kept { message: Some(seq), finished: Some((file, _)), .. } = kept(row)? {
            files.entry(seq).or_default().push(file);
        }
    }
    Ok(files)
}

/// Removes a file, unless a message has it. Says whether it was there.
pub async fn remove(tx: &mut Tx, id: FileId) -> Result<bool, Fault> {
    let rows = tx.rows(&REMOVE, &[id.into()]).await?;
    let found = !rows.is_empty();
    doom(tx, rows).await?;
    Ok(found)
}

/// Removes the files of a message.
pub(crate) async fn remove_of_message(tx: &mut Tx, room: RoomId, seq: Seq) -> Result<(), Fault> {
    let rows = tx.rows(&REMOVE_OF_MESSAGE, &[room.into(), seq.into()]).await?;
    doom(tx, rows).await
}

/// Files that wait for their bytes, or for their message, since this moment or longer; at most `limit`.
pub async fn waiting(conn: &mut Conn, since: Timestamp, limit: usize) -> Result<Vec<FileId>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = conn.rows(&WAITING, &[since.into(), limit.into()]).await?;
    rows.into_iter().map(|mut row| id(&row.text()?)).collect()
}

/// Removes a file if it waits still. Says whether it did.
pub async fn remove_waiting(tx: &mut Tx, id: FileId, since: Timestamp) -> Result<bool, Fault> {
    let rows = tx.rows(&REMOVE_WAITING, &[id.into(), since.into()]).await?;
    let found = !rows.is_empty();
    doom(tx, rows).await?;
    Ok(found)
}

async fn doom(tx: &mut Tx, rows: Vec<Row>) -> Result<(), Fault> {
    let mut hashes = Vec::new();
    for mut row in rows {
        hashes.extend(row.optional_text()?);
        hashes.extend(row.optional_text()?);
    }
    blobs::doom(tx, hashes.into_iter().map(BlobHash::new).collect()).await
}

fn kept(mut row: Row) -> Result<Kept, Fault> {
    let announced = Announced {
        id: id(&row.text()?)?,
        owner: UserId::new(row.int()?),
        room: RoomId::new(row.int()?),
        name: FileName::kept(row.text()?),
        sent: count(row.int()?)?,
        claimed_type: row.text()?,
    };
    let message = row.optional_int()?.map(count).transpose()?.map(Seq::new);
    let (whole, preview, preview_type) = (row.optional_text()?, row.optional_text()?, row.optional_text()?);
    let (kind, size, media_type) = (row.optional_int()?, row.optional_int()?, row.optional_text()?);
    let (width, height) = (row.optional_int()?, row.optional_int()?);
    let (thumbhash, animated) = (row.optional_text()?, row.optional_int()?);
    let (Some(kind), Some(size), Some(media_type), Some(whole)) = (kind, size, media_type, whole) else {
        return Ok(Kept { announced, message, finished: None });
    };
    let look = match (width, height, thumbhash) {
        (Some(width), Some(height), Some(thumbhash)) => {
            Some(Look { width: side(width)?, height: side(height)?, thumbhash, animated: animated == Some(1) })
        }
        (_, _, _) => None,
    };
    let (id, name) = (announced.id, announced.name.clone());
    let file = File { id, name, size: count(size)?, kind: kind_of(kind)?, media_type, look };
    let preview = preview.zip(preview_type).map(|(hash, media_type)| (BlobHash::new(hash), media_type));
    Ok(Kept { announced, message, finished: Some((file, Blobs { whole: BlobHash::new(whole), preview })) })
}

fn kind_number(kind: FileKind) -> i64 {
    match kind {
        FileKind::Picture => 1,
        FileKind::Audio => 2,
        FileKind::Video => 3,
        FileKind::Other => 4,
    }
}

fn kind_of(number: i64) -> Result<FileKind, Fault> {
    match number {
        1 => Ok(FileKind::Picture),
        2 => Ok(FileKind::Audio),
        3 => Ok(FileKind::Video),
        4 => Ok(FileKind::Other),
        _ => Err(Fault::new("a kept kind of file is bad")),
    }
}

fn id(text: &str) -> Result<FileId, Fault> {
    text.parse().map_err(|e| Fault::caused("a kept file's id is bad", e))
}

fn number(count: u64) -> Value {
    i64::try_from(count).unwrap_or(i64::MAX).into()
}

fn count(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|e| Fault::caused("a count is negative", e))
}

fn side(number: i64) -> Result<u32, Fault> {
    u32::try_from(number).map_err(|e| Fault::caused("a measure is out of range", e))
}
