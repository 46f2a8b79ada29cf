//! Where PostgreSQL's programs are, and as whom the server can run: it refuses to run as root.

use std::{
    env, fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

/// Where Debian and its kin keep each version, out of `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";
/// What a test needs of it.
const TOOLS: [&str; 6] = ["initdb", "postgres", "pg_isready", "createdb", "dropdb", "psql"];
/// The account that Debian and its kin make for the server.
const ACCOUNT: &str = "postgres";

/// PostgreSQL's programs on this machine, and the account that runs the server.
#[derive(Clone, Debug)]
pub(super) struct Installation {
    folder: PathBuf,
    account: Account,
}

#[derive(Clone, Copy, Debug)]
enum Account {
    /// Whoever runs the tests.
    Own,
    /// We are root, and the server runs as this user and group.
    Other { user: u32, group: u32 },
}

impl Installation {
    pub(super) fn find() -> Result<Self, String> {
        let folder = folder().ok_or(
            "PostgreSQL is not installed. Install it (on Debian: `apt-get install postgresql`), or put its programs into PATH.",
        )?;
        Ok(Self { folder, account: account()? })
    }

    pub(super) fn tool(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Begins a command that runs as the server's account; the program to run is its next argument.
    pub(super) fn as_its_user<C>(&self, new: impl Fn(&'static str) -> C, arg: impl Fn(C, String) -> C) -> C {
        match self.account {
            Account::Own => new("env"),
            Account::Other { user, group } => {
                let command = arg(new("setpriv"), format!("--reuid={user}"));
                arg(arg(command, format!("--regid={group}")), "--clear-groups".to_owned())
            }
        }
    }

    /// Makes the server's account the owner of a folder and of the files in it.
    pub(super) fn give_away(&self, folder: &Path) -> io::Result<()> {
        let Account::Other { user, group } = self.account else { return Ok(()) };
        for entry in fs::read_dir(folder)? {
            chown(entry?.path(), Some(user), Some(group))?;
        }
        chown(folder, Some(user), Some(group))
    }
}

fn folder() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| TOOLS.iter().all(|tool| folder.join(tool).is_file());
    let in_path = env::split_paths(&env::var_os("PATH")?).find(complete);
    in_path.or_else(|| {
        let versions = fs::read_dir(DEBIAN).ok()?.filter_map(Result::ok).map(|entry| entry.path());
        let number = |version: &Path| version.file_name()?.to_str()?.parse::<u32>().ok();
        let newest = versions.filter(|version| complete(&version.join("bin"))).max_by_key(|version| number(version));
        newest.map(|version| version.join("bin"))
    })
}

fn account() -> Result<Account, String> {
    // A file that we make is ours: the one way to know who we are without asking the C library.
    let ours = tempfile::tempfile().and_then(|file| file.metadata()).map_err(|error| error.to_string())?;
    if ours.uid() != 0 {
        return Ok(Account::Own);
    }
    let id = |what| {
        let output = Command::new("id").args([what, ACCOUNT]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    match (id("-u"), id("-g")) {
        (Some(user), Some(group)) => Ok(Account::Other { user, group }),
        _ => Err(format!(
            "PostgreSQL refuses to run as root, and there is no account `{ACCOUNT}` to run it as. Make one."
        )),
    }
}
