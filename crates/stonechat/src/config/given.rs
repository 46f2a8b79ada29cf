//! What was written somewhere, before it is checked, and the names that may be written.

use std::fmt;

use clap::{Arg, Args, Command};

use super::Settings;

/// The text for one setting, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) place: Place,
}

/// Where something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// An environment variable.
    Variable(String),
    /// A line of a file, counted from one.
    Line { file: String, line: usize },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Line { file, line } => write!(f, "{file}, line {line}"),
        }
    }
}

/// Every setting, in the order of the example file.
pub(super) fn known() -> Vec<Arg> {
    Settings::augment_args(Command::new("settings")).get_arguments().cloned().collect()
}

/// Whether a setting is on or off.
pub(super) fn is_switch(setting: &Arg) -> bool {
    setting.get_default_values().first().is_some_and(|value| value == "true" || value == "false")
}

/// The keys of all settings.
pub(super) fn keys() -> Vec<String> {
    known().iter().map(|setting| setting.get_id().to_string()).collect()
}

/// `, did you mean …`, when one of these names is near.
pub(super) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    const NEAR: f64 = 0.7;
    let scored = names.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    match scored.max_by(|(a, _), (b, _)| a.total_cmp(b)) {
        Some((score, known)) if score >= NEAR => format!("Did you mean `{known}`?"),
        _ => "`stonechat config example` lists them all.".to_owned(),
    }
}
