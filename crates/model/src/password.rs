//! Passwords, before and after hashing.

use crate::limits::{PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};

/// A password as typed, exactly: nothing is trimmed, folded or cut off. It can be neither shown nor serialised.
pub struct Password(String);

/// Why a text will not do as a new password (OWASP ASVS 5.0, 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    #[error("A password has at least {PASSWORD_CHARS_MIN} characters. A few words in a row are easy to remember.")]
    TooShort,
    /// More than [`PASSWORD_BYTES_MAX`] bytes.
    #[error("A password has at most {PASSWORD_BYTES_MAX} bytes.")]
    TooLong,
    /// One of the first that anybody would try, or the username itself.
    #[error("This password would be guessed at once. A few words in a row are easy to remember.")]
    TooObvious,
}

impl Password {
    /// Reads a text as a password for a new account named `username`.
    pub fn parse_new(text: String, username: &str) -> Result<Self, BadPassword> {
        if text.len() > PASSWORD_BYTES_MAX {
            return Err(BadPassword::TooLong);
        }
        if text.chars().nth(PASSWORD_CHARS_MIN - 1).is_none() {
            return Err(BadPassword::TooShort);
        }
        if is_obvious(&text, username) {
            return Err(BadPassword::TooObvious);
        }
        Ok(Self(text))
    }

    /// Reads a text as a password to log in with: any that is not too long to be hashed.
    pub fn parse_known(text: String) -> Result<Self, BadPassword> {
        if text.len() > PASSWORD_BYTES_MAX { Err(BadPassword::TooLong) } else { Ok(Self(text)) }
    }

    /// The bytes to hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A password is obvious when it is one character over and over, a run of the keyboard or the alphabet, or a guess from
/// the top of every list, the username and the product's name among them, with digits and marks at its ends or without.
fn is_obvious(text: &str, username: &str) -> bool {
    const RUNS: [&str; 5] = [
        "01234567890123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "1qaz2wsx3edc4rfv",
    ];
    const GUESSES: [&str; 22] = [
        "password",
        "passw0rd",
        "p@ssword",
        "p@ssw0rd",
        "passwort",
        "motdepasse",
        "contraseña",
        "letmein",
        "welcome",
        "iloveyou",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "starwars",
        "trustno",
        "changeme",
        "administrator",
        "admin",
        "qwerty",
        "stonechat",
    ];
    let lower = text.to_lowercase();
    let first = lower.chars().next();
    if lower.chars().all(|c| Some(c) == first) {
        return true;
    }
    let backwards: String = lower.chars().rev().collect();
    if RUNS.iter().any(|run| run.contains(&lower) || run.contains(&backwards)) {
        return true;
    }
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let doubled = |word: &str| core == word || core == word.repeat(2);
    core.is_empty() && lower.len() < 2 * PASSWORD_CHARS_MIN && lower.chars().all(|c| c.is_ascii_digit())
        || GUESSES.iter().any(|guess| doubled(guess))
        || doubled(&username.to_lowercase())
        || lower == username.to_lowercase()
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password's hash in PHC string form, as `argon2id` writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a PHC string.
    #[must_use]
    pub fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<BadPassword>) {
        assert_eq!(Password::parse_new(text.to_owned(), "alice.b").err(), expected, "{text:?}");
    }

    #[test]
    fn a_new_password_is_long_enough_and_not_a_first_guess() {
        check("correct horse battery", None);
        check("  spaces count  ", None);
        check("🐦🐦🪨🪨🐦🐦🪨🪨", None);
        check("tr0ub4dor&3", None);
        check("short", Some(BadPassword::TooShort));
        check(&"x y".repeat(342), Some(BadPassword::TooLong));
        for guess in [
            "aaaaaaaa",
            "12345678",
            "87654321",
            "qwertyuiop",
            "Password1!",
            "password2026",
            "ALICE.B1",
            "alice.b123",
            "stonechat",
            "19990101",
        ] {
            check(guess, Some(BadPassword::TooObvious));
        }
    }

    #[test]
    fn a_password_does_not_show_itself() {
        let password = Password::parse_known("hunter2 hunter2".into());
        assert!(!format!("{password:?}").contains("hunter"));
    }
}
