//! People's pictures. Their bytes are blobs, as those of files are.

use model::{Timestamp, UserId};

use crate::{
    Fault, Tx,
    blobs::{self, BlobHash},
    engine::Conn,
    profiles,
    sql::{Row, Sql},
};

static FIND: Sql =
    Sql::new("SELECT large, large_type, small, small_type FROM portraits WHERE user_id = ?1 AND shown = ?2");
static REMOVE: Sql = Sql::new("DELETE FROM portraits WHERE user_id = ?1 AND shown = ?2");
static INSERT: Sql = Sql::new(
    "INSERT INTO portraits (user_id, shown, large, large_type, small, small_type) VALUES (?1, 0, ?2, ?3, ?4, ?5)",
);
static SHOW: Sql = Sql::new("UPDATE portraits SET shown = 1 WHERE user_id = ?1 AND shown = 0");

pub(crate) static STATEMENTS: [&Sql; 4] = [&FIND, &REMOVE, &INSERT, &SHOW];

/// A person's picture: two squares, each a blob and its media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portrait {
    /// To be looked at.
    pub large: (BlobHash, String),
    /// To stand beside a line.
    pub small: (BlobHash, String),
}

/// The picture that is shown of a person.
pub async fn find(conn: &mut Conn, user: UserId) -> Result<Option<Portrait>, Fault> {
    row(conn, user, true).await
}

/// Names the blobs of a picture before they are written. Says whether they may be: not while one of them is being removed.
pub async fn claim(tx: &mut Tx, user: UserId, portrait: &Portrait) -> Result<bool, Fault> {
    let (large, large_type) = &portrait.large;
    let (small, small_type) = &portrait.small;
    let mut hashes = [large, small];
    hashes.sort_unstable();
    for hash in hashes {
        if !blobs::hold(tx, hash).await? {
            return Ok(false);
        }
    }
    let before = take(tx, user, false).await?;
    let args = [user.into(), large.into(), large_type.as_str().into(), small.into(), small_type.as_str().into()];
    tx.run(&INSERT, &args).await?;
    // After the new row stands: it may name the same blobs.
    blobs::doom(tx, before).await?;
    Ok(true)
}

/// The blobs are kept for good: the picture is shown from now on, in the place of the one before. Says whether it was the last
/// that was claimed.
pub async fn set(tx: &mut Tx, user: UserId, portrait: &Portrait, at: Timestamp) -> Result<bool, Fault> {
    if row(tx, user, false).await?.as_ref() != Some(portrait) {
        return Ok(false);
    }
    let before = take(tx, user, true).await?;
    tx.run(&SHOW, &[user.into()]).await?;
    blobs::doom(tx, before).await?;
    profiles::set_picture(tx, user, true, at).await?;
    Ok(true)
}

/// Nothing is shown from now on.
pub async fn remove(tx: &mut Tx, user: UserId, at: Timestamp) -> Result<(), Fault> {
    if row(tx, user, true).await?.is_some() {
        remove_row(tx, user, true).await?;
        profiles::set_picture(tx, user, false, at).await?;
    }
    Ok(())
}

async fn remove_row(tx: &mut Tx, user: UserId, shown: bool) -> Result<(), Fault> {
    let before = take(tx, user, shown).await?;
    blobs::doom(tx, before).await
}

/// Takes a row away, and gives the blobs that it named.
async fn take(tx: &mut Tx, user: UserId, shown: bool) -> Result<Vec<BlobHash>, Fault> {
    let before = row(tx, user, shown).await?;
    tx.run(&REMOVE, &[user.into(), i64::from(shown).into()]).await?;
    Ok(before.map(|portrait| vec![portrait.large.0, portrait.small.0]).unwrap_or_default())
}

async fn row(conn: &mut Conn, user: UserId, shown: bool) -> Result<Option<Portrait>, Fault> {
    conn.row(&FIND, &[user.into(), i64::from(shown).into()]).await?.map(portrait).transpose()
}

fn portrait(mut row: Row) -> Result<Portrait, Fault> {
    let mut square = || Ok::<_, Fault>((BlobHash::new(row.text()?), row.text()?));
    Ok(Portrait { large: square()?, small: square()? })
}
