//! Hashing passwords (argon2id, OWASP's parameters), a few at a time.
//!
//! Each hash costs 19 MiB and some 50 ms of a core, so a flood of log-ins must not start a flood of hashes: those who come
//! while the queue is full are told that the server is busy.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        Error,
        phc::{self, Output, Salt},
    },
};
use model::{Password, PasswordHash, Refusal};
use tokio::sync::Semaphore;

use crate::Failure;

/// Hashes under way at once.
const AT_ONCE: usize = 2;
/// Hashes that wait for their turn. One more is refused as `busy`.
const WAITING_MAX: usize = 32;

/// The queue for hashing.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// The hash of a password that nobody has: a log-in with an unknown name takes as long as one with a known name.
    decoy: Arc<str>,
}

impl Passwords {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        // Made here and not at the start, which it would delay by its 50 ms: the form of a hash, over no password.
        let decoy = "$argon2id$v=19$m=19456,t=2,p=1$c3RvbmVjaGF0c3RvbmVj$4Pk3tPvMHXKlKYlGBn7Oa0Wcu8cQbSWgVAXJ0bWcWnE";
        let [turns, places] = [AT_ONCE, AT_ONCE + WAITING_MAX].map(|n| Arc::new(Semaphore::new(n)));
        Self { turns, places, decoy: decoy.into() }
    }

    /// Hashes a new password with a salt of its own.
    pub async fn hash(&self, password: Password) -> Result<PasswordHash, Failure> {
        self.in_turn(move || {
            let hashed = phc_of(&Params::DEFAULT, &Salt::generate(), &password);
            hashed
                .map(|hash| PasswordHash::new(hash.to_string()))
                .map_err(|_| Failure::broken("a password was not hashed"))
        })
        .await?
    }

    /// Whether the password is the one that was hashed. Without a hash it takes as long and says no.
    pub async fn verify(&self, password: Password, hash: Option<PasswordHash>) -> Result<bool, Failure> {
        let decoy = Arc::clone(&self.decoy);
        self.in_turn(move || {
            let text = hash.as_ref().map_or(&*decoy, PasswordHash::as_str);
            let right =
                is_right(text, &password).map_err(|_| Failure::broken("a kept password hash cannot be read"))?;
            Ok(right && hash.is_some())
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let _place = self.places.try_acquire().map_err(|_| Refusal::Busy)?;
        let closed = |_| Failure::broken("the password queue is closed");
        // The turn goes with the work: who stops waiting does not let a third hash begin.
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(closed)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.map_err(|_| Failure::broken("hashing was cut short"))
    }
}

/// The hash of a password in PHC string form.
fn phc_of(params: &Params, salt: &Salt, password: &Password) -> Result<phc::PasswordHash, Error> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    // What the allocator sees is one piece of more than 32 MiB, of which only the blocks are touched: glibc maps such a piece by
    // itself and gives it back when it is freed. Smaller ones it keeps: 50 log-ins left 140 MiB behind.
    let mut memory = Vec::with_capacity(params.block_count().max(33 * 1_024));
    memory.resize(params.block_count(), Block::new());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut memory)?;
    Ok(phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: params.try_into()?,
        salt: Some(*salt),
        hash: Some(Output::new(&output)?),
    })
}

fn is_right(kept: &str, password: &Password) -> Result<bool, Error> {
    let kept = phc::PasswordHash::new(kept)?;
    let salt = kept.salt.ok_or(Error::Algorithm)?;
    let tried = phc_of(&Params::try_from(&kept)?, &salt, password)?;
    // The comparison of two outputs takes the same time wherever they differ.
    Ok(kept.hash.is_some() && tried.hash == kept.hash)
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::parse_known(text.to_owned()).unwrap()
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let passwords = Passwords::new();
        let hash = passwords.hash(password("two stones struck")).await.unwrap();
        assert!(hash.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify(password("two stones struck"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(password("two stones struck "), Some(hash)).await.unwrap());
        assert!(!passwords.verify(password("anything at all"), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_flood_is_told_that_the_server_is_busy() {
        let passwords = Passwords::new();
        let all = (0..100).map(|_| passwords.verify(password("guess guess"), None));
        let results = futures_util::future::join_all(all).await;
        let busy = results.iter().filter(|r| matches!(r, Err(Failure::Refused(Refusal::Busy)))).count();
        assert_eq!(busy, 100 - AT_ONCE - WAITING_MAX);
    }
}
