//! What the tests need on this machine. What is missing is installed where we may, else named.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The target of the web client.
const TARGET: &str = "wasm32-unknown-unknown";

/// A Debian package, and how to see that it, or its like from elsewhere, is there.
struct Need {
    package: &'static str,
    is_there: fn() -> bool,
}

const NEEDS: [Need; 7] = [
    Need { package: "postgresql", is_there: || in_path("initdb") || has_folder("/usr/lib/postgresql") },
    Need { package: "chromium", is_there: || in_path("chromium") },
    Need { package: "chromium-driver", is_there: || in_path("chromedriver") },
    Need { package: "lynx", is_there: || in_path("lynx") },
    Need { package: "strace", is_there: || in_path("strace") },
    Need { package: "python3-venv", is_there: || succeeds(python("import ensurepip, venv").stderr(Stdio::null())) },
    Need { package: "fonts-noto-color-emoji", is_there: || has_font("NotoColorEmoji.ttf") },
];

/// What asks the API (<https://pypi.org/project/schemathesis/>), in the one version that the tests are written for.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Where Schemathesis is. It is installed under the target folder, if it is not there; none: a line has said why it cannot be.
pub(crate) fn schemathesis(target: &Path) -> Option<PathBuf> {
    let home = target.join(SCHEMATHESIS.replace("==", "-"));
    let program = home.join("bin/schemathesis");
    // The last thing that is written: a broken try is begun anew.
    let done = home.join("done");
    let environment = [OsStr::new("-m"), OsStr::new("venv"), OsStr::new("--clear"), home.as_os_str()];
    let installed = done.is_file()
        || succeeds(Command::new("python3").args(environment))
            && succeeds(Command::new(home.join("bin/pip")).args(["install", "--quiet", "--retries=10", SCHEMATHESIS]))
            && fs::write(done, "").is_ok();
    if !installed {
        println!("{SCHEMATHESIS} could not be installed. What pip said is above.");
    }
    installed.then_some(program)
}

/// What the page about bots talks to a socket with (<https://crates.io/crates/websocat>), in the one version that is tried.
const WEBSOCAT: &str = "websocat@1.14.1";

/// Where websocat is. It is built under the target folder, if it is not there; none: cargo has said why it cannot be.
pub(crate) fn websocat(target: &Path) -> Option<PathBuf> {
    let home = target.join(WEBSOCAT.replace('@', "-"));
    let program = home.join("bin/websocat");
    let mut install = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    install.args(["install", "--locked", "--no-default-features", "--quiet", WEBSOCAT, "--root"]).arg(&home);
    // Not in this workspace's own folder, whose settings are not for others.
    install.env("CARGO_TARGET_DIR", home.join("build")).current_dir(target).stdin(Stdio::null());
    let installed = program.is_file() || succeeds(&mut install);
    if !installed {
        println!("{WEBSOCAT} could not be installed. What cargo said is above.");
    }
    let _ = fs::remove_dir_all(home.join("build"));
    installed.then_some(program)
}

/// Sees to it that all is there. False: it is not, and a line has said what to do.
pub(crate) fn prepare() -> bool {
    packages() && target()
}

fn packages() -> bool {
    let missing: Vec<_> = NEEDS.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect();
    if missing.is_empty() {
        return true;
    }
    if !(is_root() && in_path("apt-get")) {
        println!("The tests need what Debian has in these packages; please install them: {}", missing.join(" "));
        return false;
    }
    println!("installing {}", missing.join(" "));
    let apt = |arguments: &[&str]| {
        let mut apt = Command::new("apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        succeeds(&mut apt)
    };
    let installed = apt(&["update", "--quiet"])
        && apt(&[&["install", "--quiet", "--yes", "--no-install-recommends"], missing.as_slice()].concat());
    if !installed {
        println!("apt-get could not install {}. What it said is above.", missing.join(" "));
    }
    installed
}

fn target() -> bool {
    let rustup = |arguments: &[&str]| {
        let mut rustup = Command::new("rustup");
        rustup.args(arguments).current_dir(crate::root()).stdin(Stdio::null());
        rustup
    };
    let installed = rustup(&["target", "list", "--installed"]).output();
    if installed.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).lines().any(|line| line == TARGET)) {
        return true;
    }
    let added = succeeds(&mut rustup(&["target", "add", TARGET]));
    if !added {
        println!("The web client needs Rust's target {TARGET}; please add it: rustup target add {TARGET}");
    }
    added
}

fn python(code: &str) -> Command {
    let mut python = Command::new("python3");
    python.args(["-c", code]);
    python
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn in_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn has_folder(path: &str) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some())
}

fn has_font(name: &str) -> bool {
    fn find(folder: &Path, name: &str) -> bool {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        entries.into_iter().any(|path| if path.is_dir() { find(&path, name) } else { path.ends_with(name) })
    }
    ["/usr/share/fonts", "/usr/local/share/fonts"].iter().any(|folder| find(Path::new(folder), name))
}
