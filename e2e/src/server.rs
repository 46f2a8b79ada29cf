//! The program, on a free port, with its data in a folder that vanishes after the test.

use std::{
    env,
    fs::File,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use testkit::{
    process::{Program, Running},
    wait::wait_until,
};

/// The variable that names the program to test.
const PROGRAM: &str = "STONECHAT_TEST_PROGRAM";

/// The variable that says where the program dies.
const FAILPOINT: &str = "STONECHAT_TEST_FAILPOINT";
/// How long a program that has to end may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is done to a program from its start.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The place where it dies, such as `before_commit:17`; only a debug build does.
    pub failpoint: Option<String>,
    /// A program that runs it, with its own arguments, such as `strace -D`. Its words, and those of the server's log, go to the
    /// file `log` in the folder.
    pub under: Vec<String>,
}

/// A running program. Dropping it stops it.
pub struct Server {
    /// Where it listens: `http://127.0.0.1:<port>`.
    pub base: String,
    /// The first line that it printed; nothing, if it died before, at a place that the terms name.
    pub greeting: Option<String>,
    /// The time from its start to the first line that it printed.
    pub opened_in: Duration,
    running: Running,
    settings: Settings,
    port: u16,
    folder: TempDir,
}

/// What the program is told at each of its starts.
struct Settings {
    database: String,
    flags: Vec<String>,
}

impl Server {
    /// Starts the program on a new SQLite file.
    #[must_use]
    pub fn start() -> Self {
        Self::start_on(None)
    }

    /// Starts the program on the database at this address, or on a new SQLite file.
    #[must_use]
    pub fn start_on(database: Option<&str>) -> Self {
        Self::start_with(database, Vec::new())
    }

    /// The same, with these flags, at each start.
    #[must_use]
    pub fn start_with(database: Option<&str>, flags: Vec<String>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = format!("sqlite:{}", folder.path().join("data/stonechat.db").display());
        let settings = Settings { database: database.map_or(file, str::to_owned), flags };
        Self::run((free_port(), folder), settings, &Terms::default())
    }

    /// Stops the program politely, if it was not killed, and starts it again on the same data and port.
    #[must_use]
    pub fn restarted(self) -> Self {
        self.restarted_on(&Terms::default())
    }

    /// The same, and this is done to it from its start.
    #[must_use]
    pub fn restarted_on(mut self, terms: &Terms) -> Self {
        self.running.stop().expect("the program stops");
        Self::run((self.port, self.folder), self.settings, terms)
    }

    /// Stops the program politely.
    #[must_use]
    pub fn stopped(mut self) -> Self {
        self.running.stop().expect("the program stops");
        self
    }

    /// Kills the program at once, without a word.
    pub fn kill(&mut self) {
        self.running.signal("KILL").expect("the guard lives");
        self.running.wait().expect("the program ends");
    }

    /// Waits until the program has ended without being asked to.
    pub fn dies(&mut self) -> ExitStatus {
        wait_until("the program's end", PATIENCE, || self.running.ended().expect("the guard answers"))
    }

    /// Makes an administrator at the server's terminal.
    pub fn makes_administrator(&self, name: &str, password: &str) {
        let file = self.folder().join("password");
        std::fs::write(&file, format!("{password}\n")).expect("the folder takes a file");
        let command = ["admin", "create", name, "--password-stdin", "--database", &self.settings.database];
        let input = File::open(&file).expect("it was written");
        let made = Command::new(program()).args(command).current_dir(self.folder()).stdin(input).output();
        let made = made.expect("the program starts");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Whether the program still runs.
    pub fn lives(&mut self) -> bool {
        self.running.ended().expect("the guard answers").is_none()
    }

    /// Asks the program itself whether the database file is sound, while it runs.
    ///
    /// # Panics
    /// When it is not; the message says what is wrong.
    pub fn checks_its_file(&self) {
        let check = ["check", "--database", &self.settings.database];
        let output = Command::new(program()).args(check).current_dir(self.folder.path()).output().expect("it runs");
        let words = [output.stdout, output.stderr].concat();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&words));
    }

    /// The folder of its data.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    fn run((port, folder): (u16, TempDir), settings: Settings, terms: &Terms) -> Self {
        let began = Instant::now();
        let mut under = terms.under.iter();
        let mut program = match under.next() {
            Some(tracer) => {
                let log = File::create(folder.path().join("log")).expect("a file for its words");
                Program::new(tracer).args(under).arg(program()).stderr(log)
            }
            None => Program::new(program()),
        };
        program = program.in_folder(folder.path()).without_environment().stdout(Stdio::piped());
        if let Some(failpoint) = &terms.failpoint {
            program = program.env(FAILPOINT, failpoint);
        }
        let flags = ["--listen", &format!("127.0.0.1:{port}"), "--database", &settings.database].map(str::to_owned);
        // Tests post faster than people do.
        let pace = ["--posts-burst", "1000000", "--posts-per-second", "1000000"].map(str::to_owned);
        // A machine that tests are run on may have swap.
        let swap = ["--instant-allow-swap", "true"].map(str::to_owned);
        let mut running =
            program.args(flags).args(pace).args(swap).args(&settings.flags).start().expect("the program starts");
        let mut lines = BufReader::new(running.stdout().expect("its output")).lines();
        let greeting = lines.next().map(|line| line.expect("a line of text"));
        assert!(greeting.is_some() || terms.failpoint.is_some(), "no greeting: {:?}", running.wait());
        let opened_in = began.elapsed();
        // The rest is read to its end, so that the program never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { base: format!("http://127.0.0.1:{port}"), greeting, opened_in, running, settings, port, folder }
    }
}

/// The program that was built for the tests: named by the environment, or beside this test's own folder.
#[must_use]
pub fn program() -> PathBuf {
    let beside = || Some(env::current_exe().ok()?.parent()?.parent()?.join("stonechat"));
    let program = env::var_os(PROGRAM).map(PathBuf::from).or_else(beside).expect("a place for the program");
    assert!(program.is_file(), "{} is not there: run `cargo build -p stonechat` first", program.display());
    program
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
