//! Invitations to this server: a random code each, good for one sign-up.

use model::{Timestamp, TokenHash, UserId, limits::INVITATION_AGE_MS};

use crate::{Fault, Tx, engine::Conn, sql::Sql};

static INSERT: Sql = Sql::new("INSERT INTO invitations (token, inviter_id, created_at) VALUES (?1, ?2, ?3)");
static FIND: Sql =
    Sql::new("SELECT inviter_id FROM invitations WHERE token = ?1 AND used_by IS NULL AND created_at > ?2");
static TAKE: Sql = Sql::new(
    "UPDATE invitations SET used_by = ?3 WHERE token = ?1 AND used_by IS NULL AND created_at > ?2 RETURNING inviter_id",
);

pub(crate) static STATEMENTS: [&Sql; 3] = [&INSERT, &FIND, &TAKE];

/// Makes an invitation.
pub async fn insert(tx: &mut Tx, token: TokenHash, inviter: UserId, at: Timestamp) -> Result<(), Fault> {
    tx.run(&INSERT, &[token.into(), inviter.into(), at.into()]).await.map(drop)
}

/// Whether this invitation can be used.
pub async fn is_good(conn: &mut Conn, token: TokenHash, now: Timestamp) -> Result<bool, Fault> {
    let oldest = now.plus_ms(-INVITATION_AGE_MS);
    Ok(conn.row(&FIND, &[token.into(), oldest.into()]).await?.is_some())
}

/// Uses an invitation up. Of several who try at once, one is told `true`.
pub async fn take(tx: &mut Tx, token: TokenHash, by: UserId, now: Timestamp) -> Result<bool, Fault> {
    let oldest = now.plus_ms(-INVITATION_AGE_MS);
    Ok(tx.row(&TAKE, &[token.into(), oldest.into(), by.into()]).await?.is_some())
}
