//! Runs cargo inside cargo: the client is of another target and another profile than what embeds it.
//!
//! It has a target folder of its own, because the outer cargo holds the lock of its own; and it does not inherit what the
//! outer cargo, or clippy, set for the host's build.

use std::{
    env,
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

const TARGET: &str = "wasm32-unknown-unknown";

/// Has Leptos make one type of all elements of one tag, instead of one for each place: a tenth less to download (`docs/measurements.md`);
/// and has the linker say what refers to what, without which nothing can be split off.
const FLAGS: &str = "--cfg erase_components -Clink-args=--emit-relocs";

/// Settings of the person who builds, rather than of the outer cargo's present job.
const KEPT: [&str; 7] =
    ["CARGO_HOME", "CARGO_HTTP_", "CARGO_MAKEFLAGS", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_TERM_"];
/// What else would leak in.
const LEAKS: [&str; 8] =
    ["CLIPPY_ARGS", "DEBUG", "OPT_LEVEL", "PROFILE", "RUSTC_WORKSPACE_WRAPPER", "RUSTDOCFLAGS", "RUSTFLAGS", "TARGET"];

/// Makes sure that the compiler can make WebAssembly, or says why not and what to do.
pub(crate) fn target() -> Result<(), String> {
    if has_target() {
        return Ok(());
    }
    tell("Fetching the WebAssembly target");
    let added = Command::new("rustup").args(["target", "add", TARGET]).output();
    if added.is_ok_and(|output| output.status.success()) && has_target() {
        return Ok(());
    }
    Err(format!(
        "the compiler's target {TARGET} is missing and could not be fetched when this program was built. Run `rustup target \
         add {TARGET}` and build again."
    ))
}

fn has_target() -> bool {
    target_folder().is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()))
}

/// Where the compiler looks for the target's standard library, which may be missing.
pub(crate) fn target_folder() -> Option<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output().ok()?;
    Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// Compiles the client and the page of instant rooms, and returns the folder where they are.
pub(crate) fn compile(root: &Path, out: &Path) -> Result<PathBuf> {
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let profile = if release { "web" } else { "web-dev" };
    // OUT_DIR is <target>/<profile>/build/<package>/out.
    let folder = out.ancestors().nth(4).unwrap_or(out).join("web");
    if !folder.join(TARGET).join(profile).exists() {
        tell("Building the web client (the first time takes a few minutes)");
    }
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root)
        .args(["build", "--package", "stonechat-web", "--target", TARGET, "--profile", profile, "--target-dir"])
        .arg(&folder);
    for (name, _) in env::vars_os() {
        if leaks(&name) {
            cargo.env_remove(name);
        }
    }
    cargo.env("RUSTFLAGS", FLAGS);
    let output = cargo.output().context("cargo could not be started")?;
    ensure!(
        output.status.success(),
        "the web client does not compile:\n{}\nSTONECHAT_BUILD_WEB=off builds without it.",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(folder.join(TARGET).join(profile))
}

fn leaks(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let of_cargo = name.starts_with("CARGO_") && !KEPT.iter().any(|kept| name.starts_with(kept));
    of_cargo || LEAKS.contains(&&*name)
}

/// Tells the person at the terminal. Cargo shows nothing of a build script before its end, which is minutes away.
fn tell(words: &str) {
    if let Ok(mut terminal) = fs::OpenOptions::new().write(true).open("/dev/tty") {
        let _ = writeln!(terminal, "\r\x1b[K{words} …");
    }
}
