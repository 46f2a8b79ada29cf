//! The program that is looked at: in a folder of its own, under `strace`.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, anyhow, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::calls::TRACED;

/// How long the program may take to open its door, slowed down as it is.
const START_WITHIN: Duration = Duration::from_mins(1);
/// How long the program may take to end.
const END_WITHIN: Duration = Duration::from_secs(30);

/// The running program. Dropping it ends it, and removes all that it has written.
pub(crate) struct Subject {
    strace: Child,
    pid: Pid,
    address: SocketAddr,
    /// What the program may write to.
    folder: TempDir,
    /// Where `strace` writes; not searched, since all that was sent is in there.
    notes: TempDir,
}

impl Subject {
    /// Starts the program on a new database, with a log that is as talkative as it can be.
    pub(crate) fn start(program: &Path) -> anyhow::Result<Self> {
        let [folder, notes] = [tempfile::tempdir()?, tempfile::tempdir()?];
        for name in ["data", "tmp"] {
            fs::create_dir(folder.path().join(name))?;
        }
        let out = folder.path().join("out.log");
        let trace = notes.path().join("trace");
        let mut strace = Command::new("strace")
            .args(["-f", "-yy", "-xx", "-s", "1000000", "-e", TRACED, "-o"])
            .arg(&trace)
            .arg(program)
            .args(["--listen", "127.0.0.1:0", "--database", "sqlite:data/stonechat.db", "--log-level", "trace"])
            // What this machine does with its memory is another question.
            .args(["--instant-allow-swap", "true"])
            .current_dir(folder.path())
            .env_clear()
            .env("TMPDIR", folder.path().join("tmp"))
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(File::create(&out)?)
            .stderr(File::create(folder.path().join("err.log"))?)
            .spawn()
            .context("strace cannot be started. Install it: apt-get install strace")?;
        match until(START_WITHIN, || Ok(opened(&out)?.zip(started(&trace)?)), &mut strace) {
            Ok((address, pid)) => Ok(Self { strace, pid, address, folder, notes }),
            Err(error) => {
                let words = fs::read_to_string(folder.path().join("err.log")).unwrap_or_default();
                let _ = strace.kill();
                let _ = strace.wait();
                Err(error.context(format!("the program does not start under strace, and says: {words}")))
            }
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn trace(&self) -> PathBuf {
        self.notes.path().join("trace")
    }

    /// The database, byte for byte: the file, and what waits to go into it.
    pub(crate) fn database(&self) -> anyhow::Result<Vec<(&'static str, Vec<u8>)>> {
        let read = |name| fs::read(self.data().join(name)).map(|bytes| (name, bytes));
        ["stonechat.db", "stonechat.db-wal"].into_iter().map(read).collect::<Result<_, _>>().context("no database")
    }

    /// Sends the program a signal, and waits for its end.
    pub(crate) fn end(&mut self, signal: Signal) -> anyhow::Result<()> {
        kill_process(self.pid, signal)?;
        let began = Instant::now();
        while self.strace.try_wait()?.is_none() {
            ensure!(began.elapsed() < END_WITHIN, "the program does not end");
            std::thread::yield_now();
        }
        Ok(())
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        if matches!(self.strace.try_wait(), Ok(None)) {
            let _ = kill_process(self.pid, Signal::KILL);
            let _ = self.strace.wait();
        }
    }
}

/// Asks until there is an answer, as long as `strace` runs.
fn until<T>(
    deadline: Duration,
    mut ask: impl FnMut() -> anyhow::Result<Option<T>>,
    strace: &mut Child,
) -> anyhow::Result<T> {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if let Some(status) = strace.try_wait()? {
            bail!("it ended with {status}");
        }
        ensure!(began.elapsed() < deadline, "it took too long");
        std::thread::yield_now();
    }
}

/// Where the program says that it is.
fn opened(out: &Path) -> anyhow::Result<Option<SocketAddr>> {
    let Some(line) = first_line(out)? else { return Ok(None) };
    let address = line.rsplit("http://").next().and_then(|address| address.trim().parse().ok());
    address.map(Some).ok_or_else(|| anyhow!("it says {line}, and not where it is"))
}

/// The program's number, from the first call of all: `123 execve(…`.
fn started(trace: &Path) -> anyhow::Result<Option<Pid>> {
    let Some(line) = first_line(trace)? else { return Ok(None) };
    let number = line.split(' ').next().and_then(|number| number.parse().ok()).and_then(Pid::from_raw);
    number.map(Some).ok_or_else(|| anyhow!("strace wrote what is not understood here: {line}"))
}

/// The first line of a file, once it is there and whole.
fn first_line(path: &Path) -> anyhow::Result<Option<String>> {
    let mut line = String::new();
    match File::open(path) {
        Ok(file) => BufReader::new(file).read_line(&mut line)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(line.ends_with('\n').then_some(line))
}
