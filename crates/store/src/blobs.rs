//! Blobs: which there are, and which are doomed. Their bytes are elsewhere.
//!
//! A blob is named after its content, so that the same content is kept once. A file names its blobs before they are written, and
//! whoever removes the last file that names one dooms it in the same transaction: both hold the blob's row. So no blob is removed
//! that somebody needs, whichever server does it. A doomed one is removed by one server at a time, then forgotten; only
//! after that the same content may come again.

use model::Timestamp;

use crate::{
    Fault, Tx,
    sql::{Sql, Value},
};

// Writing the row holds it on both engines until the commit, also when it was there.
static HOLD: Sql = Sql::new(
    "INSERT INTO blobs (hash) VALUES (?1) ON CONFLICT (hash) DO UPDATE SET doomed = blobs.doomed RETURNING doomed",
);
static DOOM: Sql = Sql::new(
    "UPDATE blobs SET doomed = 1 WHERE hash = ?1 AND doomed = 0
       AND NOT EXISTS (SELECT 1 FROM files WHERE whole = ?1) AND NOT EXISTS (SELECT 1 FROM files WHERE preview = ?1)
       AND NOT EXISTS (SELECT 1 FROM portraits WHERE large = ?1) AND NOT EXISTS (SELECT 1 FROM portraits WHERE small = ?1)
       AND NOT EXISTS (SELECT 1 FROM custom_emoji WHERE picture = ?1)",
);
static DOOMED: Sql = Sql::new("SELECT hash FROM blobs WHERE doomed > 0 AND doomed <= ?1 ORDER BY hash LIMIT ?2");
static LEASE: Sql = Sql::new("UPDATE blobs SET doomed = ?3 WHERE hash = ?1 AND doomed > 0 AND doomed <= ?2");
static FORGET: Sql = Sql::new("DELETE FROM blobs WHERE hash = ?1 AND doomed > 0");

pub(crate) static STATEMENTS: [&Sql; 5] = [&HOLD, &DOOM, &DOOMED, &LEASE, &FORGET];

/// A blob's name: the SHA-256 of its content, as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobHash(String);

impl BlobHash {
    /// Wraps the digits.
    #[must_use]
    pub fn new(digits: String) -> Self {
        Self(digits)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&BlobHash> for Value {
    fn from(hash: &BlobHash) -> Self {
        Self::Text(hash.0.clone())
    }
}

/// Takes the blob's row for this transaction, and makes it if it is not there. Says whether the blob may be used: not while it is
/// being removed.
pub(crate) async fn hold(tx: &mut Tx, hash: &BlobHash) -> Result<bool, Fault> {
    let row = tx.row(&HOLD, &[hash.into()]).await?;
    Ok(row.ok_or_else(|| Fault::new("a blob was not held"))?.int()? == 0)
}

/// Dooms those of these blobs that no file names. In the order of their names, so that two who do so never wait for each other.
pub async fn doom(tx: &mut Tx, mut hashes: Vec<BlobHash>) -> Result<(), Fault> {
    hashes.sort_unstable();
    hashes.dedup();
    for hash in hashes {
        hold(tx, &hash).await?;
        // A statement of its own: on PostgreSQL it sees what was committed while the row was waited for.
        tx.run(&DOOM, &[(&hash).into()]).await?;
    }
    Ok(())
}

/// Doomed blobs that nobody is removing, at most `limit`. They are the caller's to remove, and until then nobody else's.
pub async fn lease(tx: &mut Tx, now: Timestamp, until: Timestamp, limit: usize) -> Result<Vec<BlobHash>, Fault> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut leased = Vec::new();
    for mut row in tx.rows(&DOOMED, &[now.into(), limit.into()]).await? {
        let hash = BlobHash(row.text()?);
        if tx.run(&LEASE, &[(&hash).into(), now.into(), until.into()]).await? == 1 {
            leased.push(hash);
        }
    }
    Ok(leased)
}

/// The blob is gone.
pub async fn forget(tx: &mut Tx, hash: &BlobHash) -> Result<(), Fault> {
    tx.run(&FORGET, &[hash.into()]).await.map(drop)
}
