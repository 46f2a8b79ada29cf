//! One layer over the other: flags, environment, file, defaults.
//!
//! What the file and the environment say becomes the default of the flag of the same name. So there is one way to check a
//! value, and clap's own rule that a flag beats a default does the rest.

use std::{
    error::Error as _,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail};
use clap::{ArgMatches, Args, Command};

use super::{
    Environment, Settings, file,
    given::{Given, known},
};

/// The file that is read when `--config` names no other.
const FILE: &str = "stonechat.toml";

/// Parses `arguments` by `command`, in which the settings are flags. `folder` is the working directory.
pub(crate) fn settled(
    command: &Command,
    arguments: &[OsString],
    environment: &Environment,
    folder: &Path,
) -> anyhow::Result<ArgMatches> {
    // Once to find `--config`, and to answer `--help` or a wrong flag before anything is read.
    let flags = command.clone().try_get_matches_from(arguments)?;
    let mut given: Vec<Given> = environment.port().into_iter().collect();
    given.extend(from_file(flags.get_one::<PathBuf>("config").map(AsRef::as_ref), folder)?);
    given.extend(environment.given()?);
    let mut command = command.clone();
    for one in given {
        check(&one)?;
        command = command.mut_arg(one.key, |flag| flag.default_value(one.text));
    }
    Ok(command.try_get_matches_from(arguments)?)
}

fn from_file(named: Option<&Path>, folder: &Path) -> anyhow::Result<Vec<Given>> {
    let path = folder.join(named.unwrap_or(Path::new(FILE)));
    let file = named.unwrap_or(Path::new(FILE)).display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => file::given(&file, &text),
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("The file {file} cannot be read. Is its path right?")),
    }
}

/// Checks a value where it stands, even when another layer covers it: the error names the line or the variable.
fn check(given: &Given) -> anyhow::Result<()> {
    let Given { key, text, place } = given;
    let flag = known().into_iter().find(|setting| setting.get_id() == key.as_str());
    let flag = flag.and_then(|flag| flag.get_long().map(|long| format!("--{long}={text}")));
    let flag = flag.ok_or_else(|| anyhow!("{place}: there is no setting `{key}`."))?;
    if text.is_empty() {
        bail!("{place}: `{key}` is empty. Leave it out to have the default.");
    }
    let command = Settings::augment_args(Command::new("settings").no_binary_name(true));
    let Err(error) = command.try_get_matches_from([flag]) else { return Ok(()) };
    let why = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    // An address may hold a password, and errors end up in logs.
    let text = if text.contains('@') { "…" } else { text };
    bail!("{place}: `{key}` cannot be `{text}`: {why}.")
}
