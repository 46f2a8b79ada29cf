//! A PostgreSQL of the test's own: one server per test process, one database per test.
//!
//! [`Database::create`] lends an empty database and its URL. The server starts with the first one, in a temporary
//! folder, on a free port of 127.0.0.1, with a password; it ends with the process, however that ends. It is spoken to by
//! PostgreSQL's own tools, because the driver belongs to the store.

mod installation;

use std::{
    fs::{self, File},
    hash::{BuildHasher, Hasher, RandomState},
    io,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use self::installation::Installation;
use crate::{
    process::{Program, Running},
    wait::wait_until,
};

/// The server's one account.
const USER: &str = "stonechat";
/// How long a first start may take on a busy machine.
const START_DEADLINE: Duration = Duration::from_mins(1);
/// How often a start is tried; somebody else may take the free port first.
const STARTS_MAX: u32 = 3;

/// What a server does before it says that a transaction is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: fast, and right for all tests but those about losing power.
    Careless,
    /// As in production: the log is on the disk.
    Durable,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    installation: Installation,
    port: u16,
    password: String,
    // Held, not used: the server ends with it.
    _running: Running,
}

static SHARED: LazyLock<Server> = LazyLock::new(|| Server::start(Durability::Careless));

impl Server {
    /// Starts a server, to be used instead of the shared one.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start; the message says what to do.
    #[must_use]
    pub fn start(durability: Durability) -> Self {
        let installation = Installation::find().unwrap_or_else(|problem| panic!("{problem}"));
        let mut problem = String::new();
        for _ in 0..STARTS_MAX {
            match Self::try_start(&installation, durability) {
                Ok(server) => return server,
                Err(error) => problem = error.to_string(),
            }
        }
        panic!("PostgreSQL does not start: {problem}");
    }

    fn try_start(installation: &Installation, durability: Durability) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("stonechat-postgres-").tempdir()?;
        let password = random();
        fs::write(folder.path().join("password"), &password)?;
        installation.give_away(folder.path())?;
        let log = folder.path().join("log");
        let output = File::create(&log)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let settings = match durability {
            Durability::Careless => "-c fsync=off -c synchronous_commit=off -c full_page_writes=off",
            Durability::Durable => "-c fsync=on -c synchronous_commit=on",
        };
        let mut running = installation
            .as_its_user(Program::new, Program::arg)
            .args(["sh", "-c", START, "start"])
            .args([installation.tool("initdb"), installation.tool("postgres")])
            .args([&port.to_string(), settings])
            .env("LC_ALL", "C")
            .in_folder(folder.path())
            .leaves_nothing_in(folder.path())
            .stopped_by("INT")
            .stdout(output.try_clone()?)
            .stderr(output)
            .start()?;
        // From here on the folder belongs to the guard.
        let _ = folder.keep();
        let server = |running| Self { installation: installation.clone(), port, password, _running: running };
        match wait_until("PostgreSQL", START_DEADLINE, || readiness(installation, port, &mut running, &log)) {
            Ok(()) => Ok(server(running)),
            Err(last_words) => Err(io::Error::other(last_words)),
        }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    fn tool(&self, name: &str) -> Command {
        let mut tool = Command::new(self.installation.tool(name));
        tool.args(["--host=127.0.0.1", "--port", &self.port.to_string(), "--username", USER, "--no-password"]);
        tool.env("PGPASSWORD", &self.password).stdin(Stdio::null());
        tool
    }
}

/// A database of one test, dropped with this value together with whoever is still connected.
#[derive(Debug)]
pub struct Database<'server> {
    server: &'server Server,
    name: String,
}

impl Database<'static> {
    /// An empty database on the server that the tests of this process share.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start; the message says what to do.
    #[must_use]
    pub fn create() -> Self {
        Self::create_on(&SHARED)
    }
}

impl<'server> Database<'server> {
    /// An empty database on this server.
    ///
    /// # Panics
    /// When the server refuses it.
    #[must_use]
    pub fn create_on(server: &'server Server) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", MADE.fetch_add(1, Ordering::Relaxed));
        // `template0` is connected to by nobody, so that many tests can copy it at once.
        finish(server.tool("createdb").args(["--template=template0", "--encoding=UTF8", "--locale=C", &name]));
        Self { server, name }
    }

    /// Where it is: `postgres://user:password@127.0.0.1:port/name`.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// Runs SQL and returns what `psql` says: one line per row, fields apart by `|`.
    ///
    /// # Panics
    /// When the SQL fails.
    #[must_use]
    pub fn run(&self, sql: &str) -> String {
        let mut psql = self.server.tool("psql");
        psql.args(["--dbname", &self.name, "--no-psqlrc", "--quiet", "--no-align", "--tuples-only"]);
        finish(psql.args(["--set=ON_ERROR_STOP=1", "--command", sql]))
    }
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // When it fails, the server's end removes the database all the same.
        let _ = self.server.tool("dropdb").args(["--force", "--if-exists", &self.name]).output();
    }
}

const START: &str = r#"
initdb=$1 postgres=$2 port=$3 settings=$4
"$initdb" --pgdata=data --username=stonechat --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync || exit
exec "$postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \
    -c shared_buffers=32MB $settings
"#;

/// None: ask again. Some error: it has ended, and these were its last words.
fn readiness(installation: &Installation, port: u16, running: &mut Running, log: &Path) -> Option<Result<(), String>> {
    // Read first: the folder goes with the program.
    let words = fs::read_to_string(log).unwrap_or_default();
    if !matches!(running.ended(), Ok(None)) {
        return Some(Err(words));
    }
    let mut ask = Command::new(installation.tool("pg_isready"));
    ask.args(["--quiet", "--host=127.0.0.1", "--port", &port.to_string()]).stdin(Stdio::null());
    ask.status().is_ok_and(|status| status.success()).then_some(Ok(()))
}

fn finish(command: &mut Command) -> String {
    match command.output() {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim_end().to_owned(),
        Ok(output) => panic!("{}: {}", command.get_program().display(), String::from_utf8_lossy(&output.stderr)),
        Err(error) => panic!("{}: {error}", command.get_program().display()),
    }
}

/// A password for a server that lives for seconds: the standard library seeds its hash tables from the system.
fn random() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}
