//! The house's own chores: `cargo xtask <chore>`. One file for each.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to whoever called it")]

mod ci;
mod machine;
mod test;
mod tidy;

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

const USAGE: &str = "\
cargo xtask ci      everything that must hold before a change goes in
cargo xtask test    all tests; installs what they need, where it may
cargo xtask tidy    the rules of the house that a machine can keep";

fn main() -> ExitCode {
    let chore = env::args().nth(1);
    let good = match chore.as_deref() {
        Some("ci") => ci::run(),
        Some("test") => test::run(),
        Some("tidy") => tidy::run(),
        Some(_) | None => {
            eprintln!("{USAGE}");
            false
        }
    };
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The top of the working tree.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs us, at the top of the working tree.
fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}
