//! Who this database is: its product, its epoch, and the link that makes its first administrator.

use model::{Epoch, Timestamp, TokenHash};

use crate::{Fault, OpenError, Tx, engine::Conn, sql::Sql};

const PRODUCT: &str = "stonechat";

static FIND: Sql = Sql::new("SELECT product, epoch FROM identity WHERE one = 1");
static INSERT: Sql =
    Sql::new("INSERT INTO identity (one, product, epoch, created_at) VALUES (1, ?1, ?2, ?3) ON CONFLICT DO NOTHING");
static KEEP_SETUP: Sql = Sql::new("UPDATE identity SET setup_token = ?1, setup_until = ?2 WHERE one = 1");
static TAKE_SETUP: Sql = Sql::new(
    "UPDATE identity SET setup_token = NULL, setup_until = NULL
     WHERE one = 1 AND setup_token = ?1 AND setup_until > ?2 RETURNING one",
);
static FIND_SETUP: Sql = Sql::new("SELECT one FROM identity WHERE one = 1 AND setup_token = ?1 AND setup_until > ?2");

pub(crate) static STATEMENTS: [&Sql; 5] = [&FIND, &INSERT, &KEEP_SETUP, &TAKE_SETUP, &FIND_SETUP];

/// Stamps a new database. Gives the epoch, and whether the database was new.
pub(crate) async fn claim(conn: &mut Conn, fresh: &Epoch, at: Timestamp) -> Result<(Epoch, bool), OpenError> {
    let is_new = conn.run(&INSERT, &[PRODUCT.into(), fresh.as_str().into(), at.into()]).await? == 1;
    let mut row = conn.row(&FIND, &[]).await?.ok_or_else(|| Fault::new("the database has no identity"))?;
    if row.text()? != PRODUCT {
        return Err(OpenError::AnotherProduct);
    }
    Ok((Epoch::new(row.text()?), is_new))
}

/// Keeps the token of a new set-up link; an older link is void.
pub async fn keep_setup(tx: &mut Tx, token: TokenHash, until: Timestamp) -> Result<(), Fault> {
    tx.run(&KEEP_SETUP, &[token.into(), until.into()]).await.map(drop)
}

/// Whether this is the token of the set-up link, not used and not too old.
pub async fn is_setup(conn: &mut Conn, token: TokenHash, now: Timestamp) -> Result<bool, Fault> {
    Ok(conn.row(&FIND_SETUP, &[token.into(), now.into()]).await?.is_some())
}

/// Uses up the set-up link. Of several who try at once, one is told `true`.
pub async fn take_setup(tx: &mut Tx, token: TokenHash, now: Timestamp) -> Result<bool, Fault> {
    Ok(tx.row(&TAKE_SETUP, &[token.into(), now.into()]).await?.is_some())
}
