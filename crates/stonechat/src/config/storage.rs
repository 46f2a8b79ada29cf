//! Where the data lives.

use std::fmt;

use store::DatabaseUrl;

/// Where the data lives.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Storage {
    /// The database: `sqlite:` and a file's path, or the `postgres://` address of a PostgreSQL server.
    ///
    /// The folder of a file is made when it is missing. The variable `DATABASE_URL` is understood too.
    #[arg(id = "database", long, value_name = "URL", default_value = "sqlite:data/stonechat.db", value_parser = database)]
    pub(crate) database: DatabaseUrl,

    /// The Redis or Valkey server through which several nodes tell each other what happened. One node needs none.
    ///
    /// The variable `REDIS_URL` is understood too.
    #[arg(id = "redis", long, value_name = "redis://127.0.0.1:6379", value_parser = redis)]
    pub(crate) redis: Option<RedisUrl>,
}

/// The address of a Redis or Valkey server. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RedisUrl(String);

impl fmt::Display for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("redis", &self.0));
        match rest.rsplit_once('@') {
            Some((_, place)) => write!(f, "{scheme}://…@{place}"),
            None => write!(f, "{scheme}://{rest}"),
        }
    }
}

impl fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn database(text: &str) -> Result<DatabaseUrl, String> {
    text.parse().map_err(|_| "write sqlite: and a file's path, or postgres:// and a server".to_owned())
}

/// `redis://` or `rediss://`, then perhaps a name and a password before an `@`, a host, a port, and the number of a database.
fn redis(text: &str) -> Result<RedisUrl, String> {
    let wrong = || "write redis://host:port, or rediss:// for TLS".to_owned();
    let rest = text.strip_prefix("redis://").or_else(|| text.strip_prefix("rediss://")).ok_or_else(wrong)?;
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "6379"),
    };
    let sound = !host.is_empty()
        && !host.contains(char::is_whitespace)
        && port.parse::<u16>().is_ok_and(|port| port > 0)
        && (database.is_empty() || database.parse::<u16>().is_ok());
    if sound { Ok(RedisUrl(text.to_owned())) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redis_address_is_checked_and_shown_without_its_password() {
        let cases = [
            ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379"),
            ("redis://cache", "redis://cache"),
            ("rediss://stone:p@ss@cache:6380/2", "rediss://…@cache:6380/2"),
            ("redis://[::1]:6379/0", "redis://[::1]:6379/0"),
        ];
        for (text, shown) in cases {
            assert_eq!(redis(text).unwrap().to_string(), shown);
            assert_eq!(format!("{:?}", redis(text).unwrap()), shown);
        }
        for wrong in
            ["", "cache:6379", "http://cache", "redis://", "redis://:6379", "redis://cache:x", "redis://cache/one"]
        {
            assert!(redis(wrong).is_err(), "{wrong}");
        }
    }
}
