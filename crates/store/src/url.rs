//! Which engine: the address of the database says.

use std::{path::PathBuf, str::FromStr};

/// Where the data lives.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:<path>`: a file of this program's own.
    Sqlite(PathBuf),
    /// `postgres://…` or `postgresql://…`: a server.
    Postgres(String),
}

/// The text names no engine that we have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a database's address begins with sqlite: (and a file's path) or postgres:// (and a server)")]
pub struct BadDatabaseUrl;

impl FromStr for DatabaseUrl {
    type Err = BadDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, BadDatabaseUrl> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").ok_or(BadDatabaseUrl)?;
        // `sqlite:///srv/chat.db` is how many hosts write an absolute path.
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() { Err(BadDatabaseUrl) } else { Ok(Self::Sqlite(path.into())) }
    }
}

/// Without the password.
impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
                    Some((scheme, (_, place))) => write!(f, "{scheme}://…@{place}"),
                    None => f.write_str(url),
                }
            }
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_the_engine() {
        let parsed = |text: &str| text.parse::<DatabaseUrl>();
        assert_eq!(parsed("sqlite:data/chat.db"), Ok(DatabaseUrl::Sqlite("data/chat.db".into())));
        assert_eq!(parsed("sqlite:///srv/chat.db"), Ok(DatabaseUrl::Sqlite("/srv/chat.db".into())));
        assert!(matches!(parsed("postgresql://h/db"), Ok(DatabaseUrl::Postgres(_))));
        for wrong in ["", "sqlite:", "mysql://h/db", "data/chat.db"] {
            assert_eq!(parsed(wrong), Err(BadDatabaseUrl), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let url: DatabaseUrl = "postgres://stone:s3cret@db/chat".parse().unwrap();
        assert_eq!(format!("{url:?}"), "postgres://…@db/chat");
    }
}
