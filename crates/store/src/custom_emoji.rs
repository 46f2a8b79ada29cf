//! Emoji of the server's own. Their bytes are blobs, as those of files are.

use model::{EmojiName, limits::CUSTOM_EMOJI_MAX};

use crate::{
    Fault, Tx,
    blobs::{self, BlobHash},
    engine::Conn,
    sql::{Row, Sql},
};

static ALL: Sql = Sql::new("SELECT name, picture, media_type FROM custom_emoji WHERE shown = 1 ORDER BY name");
static FIND: Sql = Sql::new("SELECT name, picture, media_type FROM custom_emoji WHERE name = ?1 AND shown = ?2");
static CLAIMED: Sql = Sql::new("SELECT name, picture, media_type FROM custom_emoji WHERE shown = 0");
static COUNT: Sql = Sql::new("SELECT COUNT(*) FROM custom_emoji WHERE shown = 1");
static INSERT: Sql = Sql::new("INSERT INTO custom_emoji (name, shown, picture, media_type) VALUES (?1, 0, ?2, ?3)");
static SHOW: Sql = Sql::new("UPDATE custom_emoji SET shown = 1 WHERE name = ?1 AND shown = 0");
static REMOVE: Sql = Sql::new("DELETE FROM custom_emoji WHERE name = ?1 AND shown = 1");
static LET_GO: Sql = Sql::new("DELETE FROM custom_emoji WHERE shown = 0");
// Writing the row holds it on both engines until the commit: one at a time adds an emoji or removes one.
static HOLD: Sql = Sql::new("UPDATE identity SET one = one WHERE one = 1");

pub(crate) static STATEMENTS: [&Sql; 9] = [&ALL, &FIND, &CLAIMED, &COUNT, &INSERT, &SHOW, &REMOVE, &LET_GO, &HOLD];

/// An emoji: its name, and the blob of its picture with its media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomEmoji {
    /// What it is called.
    pub name: EmojiName,
    /// The bytes of its picture.
    pub picture: BlobHash,
    /// What they are.
    pub media_type: String,
}

/// What became of the wish to add an emoji.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Its blob may be written, and then it can be shown.
    Claimed,
    /// It is shown already, with this very picture.
    Shown,
    /// Another is called so.
    Taken,
    /// There are as many as there may be.
    Full,
    /// Its blob is being removed.
    Leaving,
}

/// All that are shown, by name; no more than [`CUSTOM_EMOJI_MAX`].
pub async fn all(conn: &mut Conn) -> Result<Vec<CustomEmoji>, Fault> {
    conn.rows(&ALL, &[]).await?.into_iter().map(emoji).collect()
}

/// The one that is shown under a name.
pub async fn find(conn: &mut Conn, name: &EmojiName) -> Result<Option<CustomEmoji>, Fault> {
    row(conn, name, true).await
}

/// Names the blob of an emoji before it is written. One emoji at a time is being added: an earlier one that is not shown yet is
/// let go.
pub async fn claim(tx: &mut Tx, wish: &CustomEmoji) -> Result<Claim, Fault> {
    tx.run(&HOLD, &[]).await?;
    if let Some(shown) = row(tx, &wish.name, true).await? {
        return Ok(if shown == *wish { Claim::Shown } else { Claim::Taken });
    }
    let shown = tx.row(&COUNT, &[]).await?.ok_or_else(|| Fault::new("nothing was counted"))?.int()?;
    if usize::try_from(shown).is_ok_and(|shown| shown >= CUSTOM_EMOJI_MAX) {
        return Ok(Claim::Full);
    }
    if !blobs::hold(tx, &wish.picture).await? {
        return Ok(Claim::Leaving);
    }
    let earlier = tx.rows(&CLAIMED, &[]).await?.into_iter().map(emoji).collect::<Result<Vec<_>, Fault>>()?;
    tx.run(&LET_GO, &[]).await?;
    tx.run(&INSERT, &[wish.name.as_str().into(), (&wish.picture).into(), wish.media_type.as_str().into()]).await?;
    // After the new row stands: it may name the same blob.
    blobs::doom(tx, earlier.into_iter().map(|emoji| emoji.picture).collect()).await?;
    Ok(Claim::Claimed)
}

/// The blob is kept for good: the emoji is shown from now on. Says whether it was the last that was claimed.
pub async fn show(tx: &mut Tx, wish: &CustomEmoji) -> Result<bool, Fault> {
    tx.run(&HOLD, &[]).await?;
    if row(tx, &wish.name, false).await?.as_ref() != Some(wish) {
        return Ok(false);
    }
    tx.run(&SHOW, &[wish.name.as_str().into()]).await?;
    Ok(true)
}

/// Nothing is called so any more. Says whether something was.
pub async fn remove(tx: &mut Tx, name: &EmojiName) -> Result<bool, Fault> {
    tx.run(&HOLD, &[]).await?;
    let Some(before) = row(tx, name, true).await? else { return Ok(false) };
    tx.run(&REMOVE, &[name.as_str().into()]).await?;
    blobs::doom(tx, vec![before.picture]).await?;
    Ok(true)
}

async fn row(conn: &mut Conn, name: &EmojiName, shown: bool) -> Result<Option<CustomEmoji>, Fault> {
    conn.row(&FIND, &[name.as_str().into(), i64::from(shown).into()]).await?.map(emoji).transpose()
}

fn emoji(mut row: Row) -> Result<CustomEmoji, Fault> {
    let name = EmojiName::parse(&row.text()?).map_err(|e| Fault::caused("a kept emoji's name is bad", e))?;
    Ok(CustomEmoji { name, picture: BlobHash::new(row.text()?), media_type: row.text()? })
}
