//! The example file, made from the doc comments of the settings.

use clap::{Arg, builder::Str};

use super::{environment::variable, given::known};

/// The widest line of a comment.
const WIDTH: usize = 100;

const HEAD: &str = "\
# The settings of Stonechat. All have good defaults: a server starts without this file.
#
# Copy it to stonechat.toml in the folder where the server runs, or name it by --config. Flags go over environment
# variables, and those over this file. `stonechat config show` prints what is in force.
";

/// The text of `stonechat.example.toml`.
pub(crate) fn example() -> String {
    let settings = known().iter().flat_map(described).collect::<String>();
    format!("{HEAD}{settings}")
}

/// An empty line, what a setting is about, its variable, and itself with its default or a sample.
fn described(setting: &Arg) -> Vec<String> {
    let key = setting.get_id().as_str();
    let about = setting.get_long_help().or(setting.get_help()).map(ToString::to_string).unwrap_or_default();
    // clap takes the full stop from a single sentence.
    let about = format!("{}.", about.trim_end_matches('.'));
    let about = about.split('\n').filter(|line| !line.is_empty()).flat_map(wrapped);
    let default =
        setting.get_default_values().first().and_then(|value| value.to_str()).filter(|value| !value.is_empty());
    let sample = setting.get_value_names().and_then(|names| names.first()).map(Str::as_str);
    let mut lines = vec!["\n".to_owned()];
    lines.extend(about.map(|line| format!("# {line}\n")));
    lines.push(format!("# Variable: {}\n", variable(key)));
    lines.push(format!("#{key} = {}\n", quoted(default.or(sample).unwrap_or_default())));
    lines
}

/// A value as TOML writes it: a number or a truth bare, all else in quotes.
pub(super) fn quoted(text: &str) -> String {
    if text.parse::<u32>().is_ok() || text.parse::<bool>().is_ok() {
        text.to_owned()
    } else {
        toml::Value::String(text.to_owned()).to_string()
    }
}

fn wrapped(paragraph: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in paragraph.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
