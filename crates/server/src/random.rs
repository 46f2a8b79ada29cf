//! Secrets from the operating system's random numbers.

use model::{Epoch, FileId, HookKey, TokenHash};
use sha2::{Digest, Sha256};

/// 256 random bits as 64 hexadecimal digits: a session's token, an invitation's code, the set-up link's key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Draws a new one.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex(&bytes)))
    }

    /// Draws a new one for a bot. By its beginning whoever looks through published files for secrets knows what it has found.
    pub fn draw_token() -> Result<Self, getrandom::Error> {
        Self::draw().map(|secret| Self(format!("stc_{}", secret.0)))
    }

    /// Wraps one that somebody shows. Whether it opens anything is for the store to say.
    #[must_use]
    pub fn shown(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, for its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::new(Sha256::digest(self.0.as_bytes()).into())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What an outgoing hook signs with: 256 random bits.
pub(crate) fn hook_key() -> Result<HookKey, getrandom::Error> {
    let mut bytes = vec![0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(HookKey::new(bytes))
}

/// The name of a new database's life.
pub fn fresh_epoch() -> Result<Epoch, getrandom::Error> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes)?;
    Ok(Epoch::new(hex(&bytes)))
}

/// A new file's name for programs.
pub(crate) fn file_id() -> Result<FileId, getrandom::Error> {
    number().map(FileId::new)
}

/// 128 random bits.
pub(crate) fn number() -> Result<u128, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(u128::from_be_bytes(bytes))
}

/// A request's name in the log: 64 random bits. Without random numbers every request is called the same.
pub(crate) fn request_id() -> String {
    let mut bytes = [0; 8];
    let _ = getrandom::fill(&mut bytes);
    hex(&bytes)
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_long_and_never_the_same_and_not_shown_by_accident() {
        let (a, b) = (Secret::draw().unwrap(), Secret::draw().unwrap());
        assert_eq!(a.reveal().len(), 64);
        assert_ne!(a, b);
        assert_eq!(Secret::shown(a.reveal()).hash(), a.hash());
        assert!(!format!("{a:?}").contains(a.reveal()));
    }
}
