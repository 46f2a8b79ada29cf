//! Settings from environment variables. They come in as a map, so that a test need not set its process's own.

use std::{collections::BTreeMap, ffi::OsString};

use anyhow::bail;

use super::given::{Given, Place, keys, nearest};

/// Variables that other programs' conventions set for us.
const CONVENTIONS: [(&str, &str); 2] = [("DATABASE_URL", "database"), ("REDIS_URL", "redis")];
/// Set by hosts that run a program behind a proxy of their own.
const PORT: &str = "PORT";
/// All that is ours begins so.
const OURS: &str = "STONECHAT_";
/// Ours, but for the build, for tests and for talking.
const NOT_SETTINGS: [&str; 3] = ["STONECHAT_BUILD_", "STONECHAT_TEST_", TOKEN];
/// What proves who talks by `stonechat chat`.
const TOKEN: &str = "STONECHAT_TOKEN";
/// Where a test wants the program to die. A release build does not look.
#[cfg(debug_assertions)]
const FAILPOINT: &str = "STONECHAT_TEST_FAILPOINT";

/// The environment of the process. An empty variable counts as absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        let text = |text: OsString| text.to_string_lossy().into_owned();
        let present = variables.into_iter().filter(|(_, value)| !value.is_empty());
        Self(present.map(|(name, value)| (text(name), text(value))).collect())
    }
}

impl Environment {
    /// Says which settings the environment gives; of two variables for one setting, ours comes last and wins.
    pub(super) fn given(&self) -> anyhow::Result<Vec<Given>> {
        let variables: Vec<_> = keys().into_iter().map(|key| (variable(&key), key)).collect();
        for name in self.0.keys().filter(|name| is_ours(name)) {
            if !variables.iter().any(|(known, _)| known == name) {
                let nearest = nearest(name, variables.iter().map(|(known, _)| known.as_str()));
                bail!("There is no setting for the variable {name}. {nearest}");
            }
        }
        let conventions = CONVENTIONS.iter().map(|(name, key)| (*name, *key));
        let ours = variables.iter().map(|(name, key)| (name.as_str(), key.as_str()));
        Ok(conventions.chain(ours).filter_map(|(name, key)| self.one(name, key)).collect())
    }

    /// Where to listen as a host's `PORT` says: the weakest of all, since it may be meant for another program.
    pub(super) fn port(&self) -> Option<Given> {
        let port = self.one(PORT, "listen")?;
        Some(Given { text: format!("0.0.0.0:{}", port.text), ..port })
    }

    /// The token of a session, for talking from a terminal.
    pub(crate) fn token(&self) -> Option<String> {
        self.0.get(TOKEN).cloned()
    }

    /// Where a test wants the program to die.
    #[cfg(debug_assertions)]
    pub(crate) fn failpoint(&self) -> anyhow::Result<Option<store::failpoint::Death>> {
        Ok(self.0.get(FAILPOINT).map(|text| text.parse()).transpose()?)
    }

    fn one(&self, name: &str, key: &str) -> Option<Given> {
        let text = self.0.get(name)?.clone();
        Some(Given { key: key.to_owned(), text, place: Place::Variable(name.to_owned()) })
    }
}

/// The variable of a setting: `STONECHAT_LOG_FORMAT` for `log.format`.
pub(super) fn variable(key: &str) -> String {
    format!("{OURS}{}", key.replace('.', "_").to_ascii_uppercase())
}

fn is_ours(name: &str) -> bool {
    name.starts_with(OURS) && !NOT_SETTINGS.iter().any(|other| name.starts_with(other))
}
