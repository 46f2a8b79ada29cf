//! The real program, run for a proof: on a free port, with its data in a folder that vanishes afterwards.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use testkit::{
    postgres::{self, Database, Durability},
    process::{Program, Running},
};

use crate::toll::Toll;

/// What to run.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The program.
    pub program: PathBuf,
    /// On a PostgreSQL of its own that writes as in production, and not on an SQLite file.
    pub postgres: bool,
}

/// Where it listens.
#[derive(Clone, Debug)]
pub struct Place {
    /// The address.
    pub address: Ipv4Addr,
    /// The network namespace, if it is not ours.
    pub namespace: Option<String>,
}

/// The running program. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    choice: Choice,
    place: Place,
    running: Running,
    database: String,
    folder: TempDir,
    // Held, not used: it is removed with this value.
    _lent: Option<Database<'static>>,
}

impl Place {
    /// This machine's own network.
    #[must_use]
    pub fn here() -> Self {
        Self { address: Ipv4Addr::LOCALHOST, namespace: None }
    }
}

impl Server {
    /// Starts the program on this machine's own network.
    pub fn start(choice: &Choice) -> anyhow::Result<Self> {
        Self::start_at(choice, Place::here())
    }

    /// Starts the program on an empty database.
    pub fn start_at(choice: &Choice, place: Place) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        // It lives as long as this process; its guard ends it then.
        let lent = choice
            .postgres
            .then(|| Database::create_on(Box::leak(Box::new(postgres::Server::start(Durability::Durable)))));
        let file = || format!("sqlite:{}", folder.path().join("data/stonechat.db").display());
        let database = lent.as_ref().map_or_else(file, Database::url);
        let address = SocketAddr::new(place.address.into(), free_port()?);
        let running = run(choice, &place, (address, &database, folder.path()))?;
        Ok(Self { address, choice: choice.clone(), place, running, database, folder, _lent: lent })
    }

    /// Kills it without a word, or asks it to stop; waits until it is gone.
    pub fn end(&mut self, killed: bool) -> anyhow::Result<()> {
        if killed {
            self.running.signal("KILL")?;
            self.running.wait()?;
        } else {
            self.running.stop()?;
        }
        Ok(())
    }

    /// Starts it again after its end, on the same data and port.
    pub fn begin(&mut self) -> anyhow::Result<()> {
        self.running = run(&self.choice, &self.place, (self.address, &self.database, self.folder.path()))?;
        Ok(())
    }

    /// What it costs, as the kernel says.
    pub fn toll(&self) -> anyhow::Result<Toll> {
        let flag = format!("--listen={}", self.address);
        let is_it = |pid: &u32| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            let mut words = line.split(|byte| *byte == 0);
            // The guard's own command line names all of this too, and begins with `sh`.
            words.next() == Some(self.choice.program.as_os_str().as_encoded_bytes())
                && words.any(|word| word == flag.as_bytes())
        };
        let processes = fs::read_dir("/proc")?.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        Ok(Toll::of(processes.into_iter().find(is_it).context("the program is not among the processes")?))
    }
}

fn run(
    choice: &Choice,
    place: &Place,
    (address, database, folder): (SocketAddr, &str, &Path),
) -> anyhow::Result<Running> {
    let program = match &place.namespace {
        Some(namespace) => Program::new("ip").args(["netns", "exec", namespace]).arg(&choice.program),
        None => Program::new(&choice.program),
    };
    let flags = [format!("--listen={address}"), format!("--database={database}"), "--log-level=warn".to_owned()];
    // A crowd posts faster than people do.
    let speed = ["--posts-burst=1000000", "--posts-per-second=1000000"];
    let program = program.in_folder(folder).without_environment().stdout(Stdio::piped());
    let mut running = program.args(flags).args(speed).start()?;
    let mut lines = BufReader::new(running.stdout().context("its output")?).lines();
    lines.next().context("the program ended at its start")??;
    // The rest is read to its end, so that the program never waits for a reader.
    std::thread::spawn(move || lines.for_each(drop));
    Ok(running)
}

/// The program of a build, beside this one's own folder: `target/release/stonechat`.
pub fn built(profile: &str) -> anyhow::Result<PathBuf> {
    let own = env::current_exe()?;
    let target = own.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "target"));
    let program = target.context("this program is not in a target folder: use --program")?;
    let program = program.join(profile).join("stonechat");
    ensure!(program.is_file(), "{} is not there: build it first, or use --program", program.display());
    Ok(program)
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
